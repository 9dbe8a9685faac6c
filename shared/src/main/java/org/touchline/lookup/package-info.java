/** What the organization's systems read: the licenses of a member or a person. */
@NullMarked
package org.touchline.lookup;

import org.jspecify.annotations.NullMarked;
