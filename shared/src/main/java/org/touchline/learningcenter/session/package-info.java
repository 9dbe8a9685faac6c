/** The one session with the Learning Center that all functions share (design rules 15 and 16). */
@NullMarked
package org.touchline.learningcenter.session;

import org.jspecify.annotations.NullMarked;
