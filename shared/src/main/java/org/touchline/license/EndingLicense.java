package org.touchline.license;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.stream.Stream;
import org.touchline.InvalidValueException;

/**
 * An active license that ends, as the index {@code by-end} of the license store knows it.
 *
 * @param expirationDate the last day on which it is good
 */
public record EndingLicense(LocalDate expirationDate, UssfId ussfId, LicenseId licenseId)
        implements Comparable<EndingLicense> {
    /** Most licenses end with the year, and are written on the same days: one key would throttle them. */
    static final int SHARDS = 4;

    private static final String SEPARATOR = "#";
    private static final int DATE_END = 10;
    private static final int USSF_ID_END = DATE_END + 17;

    private static final Comparator<EndingLicense> IN_ORDER = Comparator.comparing(EndingLicense::position);

    /** Where it stands in the order of the index, by date, then by USSF-ID: {@code <date>#<ussf id>#<license id>}. */
    public String position() {
        return expirationDate + SEPARATOR + ussfId + SEPARATOR + licenseId;
    }

    @Override
    public int compareTo(EndingLicense other) {
        return IN_ORDER.compare(this, other);
    }

    /** The one of that position, among many (design rule 24). */
    static Stream<EndingLicense> ifReadable(String position, Runnable unreadable) {
        try {
            return Stream.of(new EndingLicense(
                    LocalDate.parse(position.substring(0, DATE_END)),
                    new UssfId(position.substring(DATE_END + 1, USSF_ID_END)),
                    new LicenseId(position.substring(USSF_ID_END + 1))));
        } catch (DateTimeException | InvalidValueException | IndexOutOfBoundsException odd) {
            unreadable.run();
            return Stream.empty();
        }
    }

    static int shard(UssfId ussfId) {
        return Character.digit(ussfId.value().charAt(ussfId.value().length() - 1), 10) % SHARDS;
    }

    static String partition(LocalDate expirationDate, int shard) {
        return expirationDate.getYear() + SEPARATOR + shard;
    }
}
