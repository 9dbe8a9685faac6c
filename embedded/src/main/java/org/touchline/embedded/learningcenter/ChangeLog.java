package org.touchline.embedded.learningcenter;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The latest changes of some people's licenses in the order of time, person and license, as they are at one moment. */
record ChangeLog(List<UserLicense> changes) {
    private static final Comparator<UserLicense> ORDER =
            comparing(UserLicense::updatedAt).thenComparing(UserLicense::ussfId).thenComparing(UserLicense::licenseId);

    static ChangeLog of(Stream<UserLicense> changes) {
        return new ChangeLog(changes.sorted(ORDER).toList());
    }

    /** What changed from {@code start} to {@code end}, both included. */
    List<UserLicense> between(Instant start, Instant end) {
        int from = first(change -> !change.updatedAt().isBefore(start));
        int to = first(change -> change.updatedAt().isAfter(end));
        return changes.subList(from, Math.max(from, to));
    }

    /** Index of the first change of which that is true, by bisection: of those after it, it is true as well. */
    private int first(Predicate<UserLicense> reached) {
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (reached.test(changes.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
