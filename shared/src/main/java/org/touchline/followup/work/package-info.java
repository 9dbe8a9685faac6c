/** What is done about each kind of follow-up: the one place that knows of all who can owe something. */
@NullMarked
package org.touchline.followup.work;

import org.jspecify.annotations.NullMarked;
