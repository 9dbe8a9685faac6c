package org.touchline.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.LicenseList;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseId;

/**
 * All certifications that U.S. Soccer tracks, those it tracked once included.
 *
 * @param version how often the stored catalog was replaced; 0 for one that never was
 * @param receivedAt when the list it stands on was received; null for one that never was
 * @param entries by their ids
 */
public record Catalog(long version, @Nullable Instant receivedAt, Map<LicenseId, CatalogEntry> entries) {
    /** No list has been received. */
    public static final Catalog EMPTY = new Catalog(0, null, Map.of());

    public Catalog {
        entries = Map.copyOf(entries);
    }

    /** The entry of a license; a stand-in with its id as its name if there is none. */
    public CatalogEntry entry(LicenseId licenseId) {
        var entry = entries.get(licenseId);
        return entry == null ? CatalogEntry.unknown(licenseId) : entry;
    }

    /** All entries, {@linkplain CatalogEntry#BY_RANK by rank}. */
    public List<CatalogEntry> ranked() {
        return entries.values().stream().sorted(CatalogEntry.BY_RANK).toList();
    }

    /** How many entries are not retired. */
    public long activeCount() {
        return entries.values().stream().filter(entry -> !entry.retired()).count();
    }

    /** Whether it stands on a list that was received after that instant. */
    boolean isLaterThan(Instant receivedAt) {
        return this.receivedAt != null && this.receivedAt.isAfter(receivedAt);
    }

    /** How many entries, active now, a list would retire. */
    public long retiredBy(LicenseList list) {
        var after = with(list);
        return entries.values().stream()
                .filter(entry -> !entry.retired())
                .filter(entry -> requireNonNull(after.get(entry.licenseId())).retired())
                .count();
    }

    /**
     * The entries once a list is taken over: what is missing in a complete one is retired, never deleted (design rule 9); what
     * is missing in another stays as it is.
     */
    Map<LicenseId, CatalogEntry> with(LicenseList list) {
        var after = new HashMap<>(entries);
        if (list.complete()) {
            after.replaceAll((_, entry) -> entry.retire());
        }
        list.entries().forEach(entry -> after.put(entry.licenseId(), entry));
        return after;
    }
}
