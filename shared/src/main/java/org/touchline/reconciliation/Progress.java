package org.touchline.reconciliation;

/**
 * How far a window has been walked, from its last page to its first (design rule 12).
 *
 * @param nextPage the page to read next; 0 at the end; -1 if nobody has looked yet how many there are
 * @param total how many rows there were when a page was read last
 * @param unreadPage the highest page that could not be read; 0 if all could
 * @param first whether no window was complete before this one: what it repairs, no webhook could have brought
 */
record Progress(Window window, int nextPage, int total, int unreadPage, boolean first) {
    static Progress begin(Window window, boolean first) {
        return new Progress(window, -1, 0, 0, first);
    }

    boolean isCounted() {
        return nextPage >= 0;
    }

    boolean isWalked() {
        return nextPage == 0;
    }

    /** At the last page, after a first look. */
    Progress counted(int lastPage, int total) {
        return new Progress(window, lastPage, total, unreadPage, first);
    }

    /**
     * After a page. Rows that entered since the page before pushed others up, by so many pages as they fill: there it goes on.
     */
    Progress read(int totalNow, int perPage, int lastPage) {
        var entered = totalNow - total;
        var back = entered > 0 ? Math.ceilDiv(entered, Math.max(1, perPage)) : -1;
        var next = back > 0 ? Math.max(nextPage - 1, Math.min(nextPage + back, lastPage)) : nextPage - 1;
        return new Progress(window, next, totalNow, unreadPage, first);
    }

    /** After a page that could not be read: the lower ones are still worth reading. */
    Progress unreadable() {
        return new Progress(window, nextPage - 1, total, Math.max(unreadPage, nextPage), first);
    }

    /** From the highest page that could not be read: rows of it may have moved down since. */
    Progress again() {
        return new Progress(window, unreadPage, total, 0, first);
    }
}
