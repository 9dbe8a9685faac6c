/** Secrets: read late, cached briefly, compared in constant time. */
@NullMarked
package org.touchline.secret;

import org.jspecify.annotations.NullMarked;
