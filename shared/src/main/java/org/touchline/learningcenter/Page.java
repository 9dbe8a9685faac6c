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
}
