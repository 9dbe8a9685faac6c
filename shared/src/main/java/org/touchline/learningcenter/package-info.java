/** What the Learning Center knows and answers, in its own words, and the errors it can answer with. */
@NullMarked
package org.touchline.learningcenter;

import org.jspecify.annotations.NullMarked;
