/** Work that is owed to someone, kept until it is done (design rules 8 and 10). */
@NullMarked
package org.touchline.followup;

import org.jspecify.annotations.NullMarked;
