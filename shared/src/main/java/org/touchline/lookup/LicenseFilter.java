package org.touchline.lookup;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseStatus;

/**
 * Which licenses of a person are wanted. The filters mean what they mean in the Connect API (wire contract §5); a filter that
 * is null lets everything through.
 *
 * @param highestOnly of what the other filters leave, only the highest of each discipline and type: those of the lowest rank
 *     number, ties included, and what has no known rank
 * @param discipline such as {@code referee}, in any case
 * @param type such as {@code referee_pathway}, in any case
 * @param includeInactive expired and removed ones too
 */
public record LicenseFilter(
        boolean highestOnly,
        @Nullable String discipline,
        @Nullable String type,
        @Nullable LicenseId licenseId,
        boolean includeInactive) {
    /** All that are active. */
    public static final LicenseFilter ACTIVE = new LicenseFilter(false, null, null, null, false);

    /** What is wanted of these, by rank. */
    public List<HeldLicense> apply(List<HeldLicense> licenses) {
        var wanted = licenses.stream().filter(this::isWanted).toList();
        return wanted.stream()
                .filter(highestOnly ? isHighestAmong(wanted) : every -> true)
                .sorted(Comparator.comparing(HeldLicense::entry, CatalogEntry.BY_RANK))
                .toList();
    }

    private boolean isWanted(HeldLicense held) {
        return (includeInactive || held.status() == LicenseStatus.ACTIVE)
                && (discipline == null
                        || discipline.equalsIgnoreCase(held.entry().discipline()))
                && (type == null || type.equalsIgnoreCase(held.entry().type()))
                && (licenseId == null || licenseId.equals(held.license().licenseId()));
    }

    private static Predicate<HeldLicense> isHighestAmong(List<HeldLicense> licenses) {
        var highest = new HashMap<Pathway, Integer>();
        for (var held : licenses) {
            var rank = held.entry().rank();
            if (rank != null) {
                highest.merge(Pathway.of(held.entry()), rank, Math::min);
            }
        }
        return held -> held.entry().rank() == null || held.entry().rank().equals(highest.get(Pathway.of(held.entry())));
    }

    private record Pathway(
            @Nullable String discipline, @Nullable String type) {
        static Pathway of(CatalogEntry entry) {
            return new Pathway(entry.discipline(), entry.type());
        }
    }
}
