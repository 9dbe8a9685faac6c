/** How U.S. Soccer's Learning Center spells things: the only place that knows. */
@NullMarked
package org.touchline.learningcenter;

import org.jspecify.annotations.NullMarked;
