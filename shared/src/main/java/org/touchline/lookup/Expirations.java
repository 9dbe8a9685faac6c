package org.touchline.lookup;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.EndingLicense;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;

/** Whose licenses end when (wire contract §5). Safe for use by several threads. */
public final class Expirations {
    private final LicenseStore licenses;
    private final CatalogStore catalog;
    private final MemberDirectory members;

    public Expirations(LicenseStore licenses, CatalogStore catalog, MemberDirectory members) {
        this.licenses = licenses;
        this.catalog = catalog;
        this.members = members;
    }

    /**
     * An active license of somebody whom a member holds.
     *
     * @param name what the catalog calls it
     */
    public record Row(EndingLicense license, List<MemberIdentifier> holders, String name) {}

    /**
     * A part of the list.
     *
     * @param next the {@linkplain EndingLicense#position position} to go on after; null at the end
     */
    public record Page(List<Row> rows, @Nullable String next) {}

    /**
     * Licenses that end on one of these days, by date, then by USSF-ID. At most 9 requests where the days are of two years, and one
     * for each person (design §6).
     *
     * @param licenseId null for all
     * @param limit how many are looked at, at most: those of people whom nobody holds any more, and of other licenses, are left out
     * @param after the position to go on after; null for the beginning
     */
    public Page page(LocalDate from, LocalDate to, @Nullable LicenseId licenseId, int limit, @Nullable String after) {
        var ending = licenses.ending(from, to, after, limit + 1, () -> {});
        var next = ending.size() > limit ? ending.get(limit - 1).position() : null;
        var wanted = ending.stream()
                .limit(limit)
                .filter(license -> licenseId == null || licenseId.equals(license.licenseId()))
                .toList();
        if (wanted.isEmpty()) {
            return new Page(List.of(), next);
        }
        var entries = catalog.read();
        var holders = new HashMap<UssfId, List<MemberIdentifier>>();
        var rows = new ArrayList<Row>();
        for (var license : wanted) {
            var of = holders.computeIfAbsent(license.ussfId(), members::holdersOf);
            if (!of.isEmpty()) {
                rows.add(new Row(license, of, entries.entry(license.licenseId()).displayName()));
            }
        }
        return new Page(rows, next);
    }
}
