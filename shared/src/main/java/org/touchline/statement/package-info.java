/** What the Learning Center states, by webhook, in a list or in an answer, and what is done about it; now, or on replay from quarantine. */
@NullMarked
package org.touchline.statement;

import org.jspecify.annotations.NullMarked;
