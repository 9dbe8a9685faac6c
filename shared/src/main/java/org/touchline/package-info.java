/**
 * The domain of the connector and its stores. Nothing here knows of API Gateway or Lambda, but for the one adapter package
 * {@link org.touchline.lambda}.
 */
@NullMarked
package org.touchline;

import org.jspecify.annotations.NullMarked;
