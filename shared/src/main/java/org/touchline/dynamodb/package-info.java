/** What the stores share: how values are written as DynamoDB attributes, and read. */
@NullMarked
package org.touchline.dynamodb;

import org.jspecify.annotations.NullMarked;
