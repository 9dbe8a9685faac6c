/** What runs by itself, and when it last did. */
@NullMarked
package org.touchline.schedule;

import org.jspecify.annotations.NullMarked;
