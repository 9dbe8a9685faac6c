package org.touchline.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.JsonValue;
import org.touchline.catalog.CatalogStore.ImplausibleCatalogException;
import org.touchline.learningcenter.LicenseList;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.CatalogEntry;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.time.Deadline;

/**
 * Asks the Learning Center for the complete list of licenses and takes it over, as its webhook does (design rule 9; Connect
 * API, "Licenses"). A webhook that comes in while it asks is never undone. What was refused is in quarantine whole, and
 * replayed or accepted through the code that webhooks go through.
 *
 * <p>Where some rows cannot be read, those that can are taken over, and nothing is retired: what seems to be missing may be in
 * the others. The list goes to quarantine whole as well, not row by row: once it can be read, its replay knows what is
 * missing.
 */
public final class LicenseCatalogSync {
    /** A list that was overtaken is asked for again, once: after that, what overtook it is news enough. */
    private static final int MOST_LOOKS = 2;

    private final LearningCenterClient learningCenter;
    private final CatalogStore catalog;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /** @param clock tells when the Learning Center was asked */
    public LicenseCatalogSync(
            LearningCenterClient learningCenter, CatalogStore catalog, Quarantine quarantine, InstantSource clock) {
        this.learningCenter = learningCenter;
        this.catalog = catalog;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /** The list was refused, and waits in quarantine; the catalog is as it was. The message says why. */
    public static final class QuarantinedListException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        QuarantinedListException(String reason) {
            super("the list of licenses is in quarantine, and the catalog as it was: " + reason);
        }
    }

    /**
     * What a list brought; of one that was overtaken twice, nothing: then all licenses of the catalog count as unchanged.
     *
     * @param total licenses on the list, as far as it could be read: those added, changed and unchanged
     * @param added those that the catalog did not have
     * @param changed those that it had otherwise, or as retired
     * @param retired those that it had, and that are not on the list
     * @param unchanged those that it had just so
     * @param quarantined why the list is in quarantine as well; null if all of it could be read
     */
    public record Result(
            long total,
            long added,
            long changed,
            long retired,
            long unchanged,
            @Nullable String quarantined) {}

    /**
     * Syncs the catalog.
     *
     * @throws QuarantinedListException if the list cannot be read, is empty, or would retire more than half of the catalog
     */
    public Result sync(Deadline deadline) {
        for (var look = 1; ; look++) {
            var before = catalog.read();
            var askedAt = clock.instant();
            var answer = learningCenter.catalogAnswer(deadline);
            try {
                var reading = Reading.of(answer);
                if (catalog.takeOver(before, reading.list(), askedAt)) {
                    if (reading.problem() != null) {
                        keep(answer, reading.problem(), askedAt);
                    }
                    return reading.result(before);
                }
            } catch (UnintelligibleException | ImplausibleCatalogException refused) {
                var reason = Objects.requireNonNull(refused.getMessage());
                keep(answer, reason, askedAt);
                throw new QuarantinedListException(reason);
            }
            if (look == MOST_LOOKS) {
                var active = catalog.read().activeCount();
                return new Result(active, 0, 0, 0, active, null);
            }
        }
    }

    /**
     * What could be read of an answer.
     *
     * @param problem what could not; null if there is nothing
     */
    private record Reading(LicenseList list, @Nullable String problem) {
        static Reading of(JsonValue answer) {
            var rows = LearningCenterJson.catalogRows(answer);
            var entries = new ArrayList<CatalogEntry>();
            String problem = null;
            for (var row : rows) {
                try {
                    entries.add(LearningCenterJson.catalogEntry(row));
                } catch (UnintelligibleException unreadable) {
                    problem = unreadable.getMessage();
                }
            }
            if (problem == null) {
                return new Reading(new LicenseList(entries, true), null);
            }
            var unreadable = rows.size() - entries.size();
            problem = String.format(Locale.ROOT, "%d of %d rows cannot be read: %s", unreadable, rows.size(), problem);
            if (entries.isEmpty()) {
                throw new UnintelligibleException(problem);
            }
            return new Reading(new LicenseList(entries, false), problem);
        }

        Result result(Catalog before) {
            var listed = list.entries().stream()
                    .collect(Collectors.toMap(CatalogEntry::licenseId, Function.identity(), (_, last) -> last));
            var total = listed.size();
            var added = listed.keySet().stream()
                    .filter(licenseId -> !before.entries().containsKey(licenseId))
                    .count();
            var unchanged = listed.values().stream()
                    .filter(entry -> entry.equals(before.entries().get(entry.licenseId())))
                    .count();
            return new Result(total, added, total - added - unchanged, before.retiredBy(list), unchanged, problem);
        }
    }

    private void keep(JsonValue answer, String reason, Instant askedAt) {
        quarantine.keep(Source.CATALOG_SYNC, answer.toString().getBytes(StandardCharsets.UTF_8), reason, askedAt);
    }
}
