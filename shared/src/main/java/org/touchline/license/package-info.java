/** Licenses of people, the catalog of all licenses, and the one table that holds both. */
@NullMarked
package org.touchline.license;

import org.jspecify.annotations.NullMarked;
