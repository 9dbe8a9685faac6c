/** Whom the Learning Center tells us of, compared with whom it should. */
@NullMarked
package org.touchline.subscription;

import org.jspecify.annotations.NullMarked;
