package org.touchline.license;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One certification of U.S. Soccer's catalog.
 *
 * @param name the official name, to be shown; null if the Learning Center gave none
 * @param discipline such as {@code referee}
 * @param type such as {@code referee_pathway}
 * @param rank 1 is the highest within discipline and type
 * @param retired whether the latest complete list no longer has it
 */
public record CatalogEntry(
        LicenseId licenseId,
        @Nullable String name,
        @Nullable String discipline,
        @Nullable String type,
        @Nullable Integer rank,
        boolean retired) {
    /** By discipline, type and rank, what is unknown last; then by id. */
    public static final Comparator<CatalogEntry> BY_RANK = Comparator.comparing(
                    CatalogEntry::discipline, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(CatalogEntry::type, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(CatalogEntry::rank, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(CatalogEntry::licenseId);

    /** What stands in for a license that is not in the catalog: its id is its name (wire contract §5). */
    public static CatalogEntry unknown(LicenseId licenseId) {
        return new CatalogEntry(licenseId, null, null, null, null, false);
    }

    /** The name to show: the id where there is no other. */
    public String displayName() {
        return name == null ? licenseId.value() : name;
    }

    /** The same, once no complete list has it any more. */
    public CatalogEntry retire() {
        return new CatalogEntry(licenseId, name, discipline, type, rank, true);
    }
}
