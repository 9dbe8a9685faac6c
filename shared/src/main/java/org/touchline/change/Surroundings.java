package org.touchline.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.catalog.Catalog;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.License;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;

/** What an entry tells beside what a stream's record says; each thing is looked up once for a batch. Not safe for use by several threads. */
final class Surroundings {
    /** How far back it is looked whether something was told: more would be said twice, at worst. */
    private static final int LOOKED_AT = 200;

    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final CatalogStore catalog;
    private final Histories histories;
    private final Map<UssfId, Collection<UssfId>> formerIds = new HashMap<>();
    private final Map<UssfId, List<MemberIdentifier>> holders = new HashMap<>();
    private @Nullable Catalog known;

    Surroundings(
            LicenseStore licenses,
            ProfileStore profiles,
            MemberDirectory members,
            CatalogStore catalog,
            Histories histories) {
        this.licenses = licenses;
        this.profiles = profiles;
        this.members = members;
        this.catalog = catalog;
        this.histories = histories;
    }

    /** Who holds a USSF-ID, or one of its former ones, as the indexes show it. */
    SortedSet<MemberIdentifier> membersOf(UssfId ussfId, UssfId... alsoFormer) {
        var ids = new LinkedHashSet<>(List.of(alsoFormer));
        ids.add(ussfId);
        ids.addAll(formerIds.computeIfAbsent(ussfId, profiles::formerIdsOf));
        var found = new TreeSet<MemberIdentifier>();
        ids.forEach(id -> found.addAll(holders.computeIfAbsent(id, members::holdersOf)));
        return found;
    }

    /**
     * Where a license is now that was seen under an id.
     *
     * @param ids that id, and all that the person has had since: the present one last
     * @param state of its rows under them, the one that counts; empty if there is none
     */
    record Whereabouts(List<UssfId> ids, Optional<License> state) {
        /** The id that the person has now. */
        UssfId present() {
            return ids.getLast();
        }
    }

    /**
     * Follows a license along the moves of its person. A move marks an id before it copies what is under it, and copies before it deletes:
     * in between, a row is under none but one that has moved on already.
     */
    Whereabouts whereabouts(UssfId ussfId, LicenseId licenseId) {
        var ids = new ArrayList<UssfId>();
        var state = Optional.<License>empty();
        for (var more = profiles.chain(ussfId); !more.isEmpty(); ) {
            state = Stream.concat(state.stream(), more.stream().flatMap(id -> licenses.license(id, licenseId).stream()))
                    .max(Comparator.comparing(License::stateRevision));
            ids.addAll(more);
            // What was taken further while it was looked for; a row that never moved was not.
            var isSettled = ids.size() == 1 && state.isPresent();
            more = isSettled
                    ? List.of()
                    : profiles.chain(ids.getLast()).stream().skip(1).toList();
        }
        return new Whereabouts(List.copyOf(ids), state);
    }

    /** Writes what the license is called, as the contract spells it: one that is not in the catalog has its id as its name. */
    void describe(LicenseId licenseId, JsonObject data) {
        if (known == null) {
            known = catalog.read();
        }
        var entry = known.entry(licenseId);
        data.put("licenseId", licenseId.value())
                .put("name", entry.displayName())
                .put("discipline", entry.discipline())
                .put("type", entry.type())
                .put("rank", entry.rank());
    }

    /**
     * Whether this very state of a license was told, under one of these ids.
     *
     * @param pending entries that are to be kept first
     */
    boolean isTold(Collection<UssfId> ids, License license, List<Entry> pending) {
        var people = ids.stream().map(UssfId::value).collect(Collectors.toSet());
        Predicate<Entry> tells = entry -> entry.subject() != null
                && people.contains(entry.subject())
                && entry.data()
                        .path("licenseId")
                        .asText()
                        .equals(license.licenseId().value())
                && entry.data().path("after").path("revision").asText().equals(license.stateRevision());
        return pending.stream().anyMatch(tells)
                || histories.of(ids, List.of(), null, LOOKED_AT).entries().stream()
                        .anyMatch(tells);
    }
}
