/** How long things may take, how fast they may come, and which day it is. */
@NullMarked
package org.touchline.time;

import org.jspecify.annotations.NullMarked;
