/** The organization's members: the directory, and what verification says of them. */
@NullMarked
package org.touchline.member;

import org.jspecify.annotations.NullMarked;
