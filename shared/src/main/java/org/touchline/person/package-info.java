/** What is done about a person as a whole: moved to another USSF-ID, refreshed, subscribed to. */
@NullMarked
package org.touchline.person;

import org.jspecify.annotations.NullMarked;
