/** Licenses of people, what the catalog says of a license, and the table that holds both. */
@NullMarked
package org.touchline.license;

import org.jspecify.annotations.NullMarked;
