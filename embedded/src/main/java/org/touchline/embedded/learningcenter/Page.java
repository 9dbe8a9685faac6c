package org.touchline.embedded.learningcenter;

import java.util.List;

/** One page of a list, as the wire contract spells it; an empty list is one empty page. */
record Page<T>(List<T> data, Pagination pagination) {

    record Pagination(int currentPage, int perPage, int lastPage, int total) {}

    /** Page {@code number}, from 1, of {@code all}; beyond the last page there is nothing. */
    static <T> Page<T> of(List<T> all, int number, int perPage) {
        int lastPage = Math.max(1, Math.ceilDiv(all.size(), perPage));
        int from = (int) Math.min((number - 1L) * perPage, all.size());
        int to = Math.min(from + perPage, all.size());
        return new Page<>(List.copyOf(all.subList(from, to)), new Pagination(number, perPage, lastPage, all.size()));
    }
}
