/** What changed, kept in order (wire contract §9): the entries, the table that keeps them, the feed and the histories that read it. */
@NullMarked
package org.touchline.change;

import org.jspecify.annotations.NullMarked;
