package org.touchline.change;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonValue;
import org.touchline.catalog.CatalogStore;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.StreamRecord;
import org.touchline.license.LicenseStore;
import org.touchline.license.PersonItems;
import org.touchline.license.ProfileStore;
import org.touchline.member.MemberDirectory;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Makes entries of what the streams of license store and member directory say, and keeps them (design rules 28 and 29): one a change,
 * however often a record comes. A record of which none can be made is quarantined whole, and the rest goes on.
 *
 * <p>Safe for use by several threads.
 */
public final class HistoryWriter {
    private final Supplier<Surroundings> surroundings;
    private final ChangeHistory history;
    private final Gaps gaps;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /**
     * Keeps entries in a history.
     *
     * @param licenses of these stores the streams are, and there it is looked up what their records do not say
     * @param quarantine where the records go of which no entry can be made
     * @param clock tells how old a record is
     */
    public HistoryWriter(
            LicenseStore licenses,
            ProfileStore profiles,
            MemberDirectory members,
            CatalogStore catalog,
            ChangeHistory history,
            Quarantine quarantine,
            InstantSource clock) {
        var histories = history.histories();
        this.surroundings = () -> new Surroundings(licenses, profiles, members, catalog, histories);
        this.history = history;
        this.gaps = history.gaps();
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /**
     * What came of a batch.
     *
     * @param kept how many entries are new
     * @param quarantined of how many records none could be made
     * @param failedFrom the place of the first record that is to be handed over again, with all behind it; null if none is
     * @param oldest how long ago the oldest record of something that is told was written, by its stream
     */
    public record Written(
            int kept, int quarantined, @Nullable Integer failedFrom, Map<Stream, Duration> oldest) {}

    /** The streams that are read. */
    public enum Stream {
        LICENSE_STORE("LicenseStoreTable"),
        MEMBER_DIRECTORY("MemberDirectoryTable");

        private final String tableName;

        Stream(String tableName) {
            this.tableName = tableName;
        }

        /** The table whose stream it is, as the template calls it. */
        public String tableName() {
            return tableName;
        }

        private static Stream of(Item keys) {
            if (keys.has("memberIdentifier")) {
                return MEMBER_DIRECTORY;
            }
            if (keys.has("pk") && keys.has("sk")) {
                return LICENSE_STORE;
            }
            throw new InvalidValueException("a record is of the license store or of the member directory");
        }
    }

    private record Made(JsonValue record, List<Entry> entries) {}

    /** One batch on its way. Where the store does not answer, what was made before that is kept. */
    private final class Writing {
        private final Surroundings around = surroundings.get();
        private final Map<Stream, Instant> oldest = new EnumMap<>(Stream.class);
        private final Map<Stream, Instant> newest = new EnumMap<>(Stream.class);
        private final List<Made> made = new ArrayList<>();
        private final List<Entry> pending = new ArrayList<>();
        private @Nullable Integer failedFrom;
        private int quarantined;
        private int kept;

        void make(List<JsonValue> records) {
            for (var place = 0; place < records.size() && failedFrom == null; place++) {
                var json = records.get(place);
                try {
                    var change = StreamRecord.read(json);
                    // Before what the record itself says: whatever becomes of that, the gap is told.
                    add(json, gapBefore(change));
                    add(json, entriesOf(change, around, pending));
                } catch (SdkException unanswered) {
                    failedFrom = place;
                } catch (RuntimeException notUnderstood) {
                    quarantine(json, notUnderstood, place);
                }
            }
        }

        private void add(JsonValue json, List<Entry> entries) {
            pending.addAll(entries);
            made.add(new Made(json, entries));
        }

        private List<Entry> gapBefore(StreamRecord change) {
            var stream = Stream.of(change.keys());
            var gap = newest.containsKey(stream) ? List.<Entry>of() : gaps.before(stream.name(), change.at());
            newest.merge(stream, change.at(), (one, other) -> one.isAfter(other) ? one : other);
            if (!ExpiryCheckpoint.isOne(change.keys())) {
                oldest.merge(stream, change.at(), (one, other) -> one.isBefore(other) ? one : other);
            }
            return gap;
        }

        private void quarantine(JsonValue json, RuntimeException why, int place) {
            try {
                keepWhole(json, why);
                quarantined++;
            } catch (SdkException unanswered) {
                failedFrom = place;
            }
        }

        void keep() {
            try {
                kept = history.append(pending);
            } catch (DynamoDbException refused) {
                if (!isRefusal(refused)) {
                    failedFrom = 0;
                    return;
                }
                keepOneByOne();
            } catch (SdkException unanswered) {
                failedFrom = 0;
            }
        }

        /** One of them cannot be stored, ever. */
        private void keepOneByOne() {
            for (var place = 0; place < made.size(); place++) {
                try {
                    kept += history.append(made.get(place).entries());
                } catch (DynamoDbException refused) {
                    if (!isRefusal(refused)) {
                        failedFrom = 0;
                        return;
                    }
                    quarantine(made.get(place).record(), refused, 0);
                } catch (SdkException unanswered) {
                    failedFrom = 0;
                    return;
                }
            }
        }

        Written written() {
            var now = clock.instant();
            var ages = new EnumMap<Stream, Duration>(Stream.class);
            oldest.forEach((stream, at) -> ages.put(stream, Duration.between(at, now)));
            return new Written(kept, quarantined, failedFrom, ages);
        }
    }

    /**
     * Keeps what these records say.
     *
     * @param records an event's {@code Records}
     */
    public Written write(List<JsonValue> records) {
        var writing = new Writing();
        writing.make(records);
        writing.keep();
        if (writing.failedFrom == null) {
            writing.newest.forEach((stream, at) -> gaps.readUntil(stream.name(), at));
        }
        return writing.written();
    }

    /**
     * Keeps what a record says that was quarantined.
     *
     * @return how many entries are new
     * @throws InvalidValueException if it is still not understood
     */
    public int replay(JsonValue record) {
        return history.append(entriesOf(StreamRecord.read(record), surroundings.get(), List.of()));
    }

    private static List<Entry> entriesOf(StreamRecord change, Surroundings around, List<Entry> pending) {
        var keys = change.keys();
        if (Stream.of(keys) == Stream.MEMBER_DIRECTORY) {
            return MemberChanges.of(change);
        }
        var people = new PersonChanges(around);
        if (PersonItems.isLicense(keys)) {
            return people.ofLicense(change, pending);
        }
        if (PersonItems.isProfile(keys)) {
            return people.ofProfile(change);
        }
        // Of what else is in the table, the filter lets the catalog through, and the lease by which a quiet stream is
        // known to be read.
        return keys.text("pk").equals("catalog") ? CatalogChanges.of(change) : List.of();
    }

    private void keepWhole(JsonValue record, RuntimeException why) {
        var reason = why instanceof InvalidValueException
                ? String.valueOf(why.getMessage())
                : "no entry can be made of it: " + why.getClass().getSimpleName();
        quarantine.keep(
                Source.STREAM_RECORD, record.toString().getBytes(StandardCharsets.UTF_8), reason, clock.instant());
    }

    /** Whether DynamoDB will never take it, such as an item that is too large. */
    private static boolean isRefusal(DynamoDbException failure) {
        if (failure instanceof TransactionCanceledException canceled) {
            return canceled.cancellationReasons().stream().anyMatch(reason -> "ValidationError".equals(reason.code()));
        }
        return failure.awsErrorDetails() != null
                && "ValidationException".equals(failure.awsErrorDetails().errorCode());
    }
}
