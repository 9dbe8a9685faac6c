/** The Connect API as the rest of the code calls it, one method a call. */
@NullMarked
package org.touchline.learningcenter.client;

import org.jspecify.annotations.NullMarked;
