/** The Learning Center's webhooks: received durably, and noted when they were last heard. */
@NullMarked
package org.touchline.webhook;

import org.jspecify.annotations.NullMarked;
