/** The complete list of licenses that U.S. Soccer tracks, and its daily sync. */
@NullMarked
package org.touchline.catalog;

import org.jspecify.annotations.NullMarked;
