/** The daily question to the Learning Center: what changed, and what did a webhook miss (design rules 11 to 14). */
@NullMarked
package org.touchline.reconciliation;

import org.jspecify.annotations.NullMarked;
