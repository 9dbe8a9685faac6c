/** What the Learning Center's webhooks say, and what is done about it. */
@NullMarked
package org.touchline.webhook;

import org.jspecify.annotations.NullMarked;
