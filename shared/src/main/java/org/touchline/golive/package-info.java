/** What an organization runs when its credentials arrive. */
@NullMarked
package org.touchline.golive;

import org.jspecify.annotations.NullMarked;
