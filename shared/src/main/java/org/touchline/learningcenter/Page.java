package org.touchline.learningcenter;

import java.util.List;

/**
 * A part of a long list.
 *
 * @param currentPage from 1
 * @param perPage how many rows a full page has
 * @param lastPage the number of pages; 1 for a list that has no pages
 * @param total how many rows all pages have
 */
public record Page<T>(List<T> rows, int currentPage, int perPage, int lastPage, int total) {
    public Page {
        rows = List.copyOf(rows);
    }

    /** A page that is not there any more: empty (wire contract §2). */
    public static <T> Page<T> gone(int page) {
        return new Page<>(List.of(), page, 0, page, 0);
    }

    /** Whether it is empty, and says nothing of how long the list is. */
    public boolean isGone() {
        return rows.isEmpty() && perPage == 0;
    }
}
