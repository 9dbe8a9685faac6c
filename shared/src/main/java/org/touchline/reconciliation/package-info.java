/**
 * What the Learning Center is asked every day: what changed, and what did a webhook miss (design rules 11 to 14); and the
 * complete list of licenses (design rule 9).
 */
@NullMarked
package org.touchline.reconciliation;

import org.jspecify.annotations.NullMarked;
