/** How the organization's copy is: what an operator looks at first. */
@NullMarked
package org.touchline.status;

import org.jspecify.annotations.NullMarked;
