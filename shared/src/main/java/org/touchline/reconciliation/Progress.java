package org.touchline.reconciliation;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a window has been walked, from its last page to its first (design rule 12).
 *
 * @param nextPage the page to read next; 0 at the end; -1 if nobody has looked yet how many there are
 * @param total how many rows there were when a page was read last
 * @param failures pages that are not applied, though the walk went on below them, by their number
 * @param first whether no window was complete before this one: what it repairs, no webhook could have brought
 */
record Progress(Window window, int nextPage, int total, Map<Integer, Failure> failures, boolean first) {
    /** A page that has failed in so many runs is passed over (wire contract §2). */
    static final int MOST_RUNS = 3;

    /** More are not remembered: a list of which so much fails is given up, and asked for again by the next window. */
    private static final int MOST_FAILURES = 1_000;

    Progress {
        failures = Map.copyOf(failures);
    }

    /**
     * A page that could not be read, or not be stored whole, while others could.
     *
     * @param runs in how many runs
     * @param why it failed last
     */
    record Failure(int runs, String why) {
        boolean isFinal() {
            return runs >= MOST_RUNS;
        }
    }

    static Progress begin(Window window, boolean first) {
        return new Progress(window, -1, 0, Map.of(), first);
    }

    boolean isCounted() {
        return nextPage >= 0;
    }

    boolean isWalked() {
        return nextPage == 0;
    }

    /** Whether every page is applied. */
    boolean isComplete() {
        return isWalked() && failures.isEmpty();
    }

    /** Whether the walk is over, pages that were passed over included: nothing of it is read again. */
    boolean isOver() {
        return isWalked() && failures.values().stream().allMatch(Failure::isFinal);
    }

    boolean isPassedOver(int page) {
        var failure = failures.get(page);
        return failure != null && failure.isFinal();
    }

    /** Whether a page has failed so often that this is the last run that reads it. */
    boolean isLastTry(int page) {
        var failure = failures.get(page);
        return failure != null && failure.runs() == MOST_RUNS - 1;
    }

    /** At the last page, after a first look. */
    Progress counted(int lastPage, int total) {
        return new Progress(window, lastPage, total, failures, first);
    }

    /**
     * After a page. Rows that entered since the page before pushed others up, by so many pages as they fill: there it goes on.
     */
    Progress read(int totalNow, int perPage, int lastPage) {
        var entered = totalNow - total;
        var back = entered > 0 ? Math.ceilDiv(entered, Math.max(1, perPage)) : -1;
        var next = back > 0 ? Math.max(nextPage - 1, Math.min(nextPage + back, lastPage)) : nextPage - 1;
        return new Progress(window, next, totalNow, failures, first);
    }

    /** Every row of a page is stored. */
    Progress applied(int page) {
        var others = new TreeMap<>(failures);
        others.remove(page);
        return new Progress(window, nextPage, total, others, first);
    }

    /** Below a page that is not there any more, that failed, or that need not be asked for. */
    Progress below() {
        return new Progress(window, Math.max(0, nextPage - 1), total, failures, first);
    }

    /** How many pages are passed over for good. */
    int passedOver() {
        return (int) failures.values().stream().filter(Failure::isFinal).count();
    }

    /** A page failed, in one run more. */
    Progress failed(int page, String why) {
        var known = failures.get(page);
        if (known == null && failures.size() == MOST_FAILURES) {
            return givenUp();
        }
        var all = new TreeMap<>(failures);
        all.put(page, new Failure(known == null ? 1 : known.runs() + 1, why));
        return new Progress(window, nextPage, total, all, first);
    }

    /** From the highest page that failed and is not passed over: rows of it may have moved down since. */
    Progress again() {
        var highest = failures.entrySet().stream()
                .filter(page -> !page.getValue().isFinal())
                .mapToInt(Map.Entry::getKey)
                .max();
        return new Progress(window, highest.orElse(0), total, failures, first);
    }

    /** What is not applied, in one line; of many pages the lowest is named. */
    String describeFailures() {
        var lowest = new TreeMap<>(failures).firstEntry();
        var failure = lowest.getValue();
        var what = failure.isFinal()
                ? String.format(Locale.ROOT, "is passed over after %d runs", failure.runs())
                : "is read again";
        var others =
                failures.size() == 1 ? "" : String.format(Locale.ROOT, "; so do %,d pages more", failures.size() - 1);
        return String.format(Locale.ROOT, "page %d fails and %s: %s%s", lowest.getKey(), what, failure.why(), others);
    }

    private Progress givenUp() {
        var all = failures.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        page -> new Failure(MOST_RUNS, page.getValue().why())));
        return new Progress(window, 0, total, all, first);
    }
}
