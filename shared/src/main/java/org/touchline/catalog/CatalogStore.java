package org.touchline.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.touchline.ExplainedException;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Item;
import org.touchline.learningcenter.LicenseList;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseId;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The catalog, in the table of the license store: one item with all entries ({@code pk = catalog}, {@code sk = current}),
 * replaced whole on condition of its version. So a list is taken over at once or not at all, and nothing is left half done
 * by a crash. The observed 82 entries are 15 KiB of the 400 that an item may have; retired ones stay.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class CatalogStore {
    /** What the entries may take in an item of at most 400 KB. */
    private static final int MOST_BYTES = 380_000;

    /** What an entry takes beside its texts: the names of its attributes, the rank, the map around them. */
    private static final int BYTES_AN_ENTRY = 64;

    private static final int MOST_RACES = 10;

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** A store on the license store's table. */
    public CatalogStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** What became of a complete list. */
    public enum Received {
        /** The catalog is as the list says now. */
        REPLACED,
        /** It was so already, or a list that was received later has been taken over. */
        UNCHANGED
    }

    /** The list may be a mistake: it is not taken over unless someone says that it is right (design rule 9). */
    public static final class ImplausibleCatalogException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        ImplausibleCatalogException(String message) {
            super(message);
        }
    }

    /** The catalog as it is stored, strongly consistent; {@link Catalog#EMPTY} if none is. */
    public Catalog read() {
        var answer =
                dynamoDb.getItem(request -> request.tableName(table).key(key()).consistentRead(true));
        return answer.hasItem() ? catalog(new Item(answer.item())) : Catalog.EMPTY;
    }

    /**
     * Takes over a complete list that the Learning Center sent. Lists carry no time: the one received last wins.
     *
     * @param completeList of several entries with one id, the last counts
     * @param receivedAt when the list was received
     * @param accepted whether someone has looked at it and found it right
     * @throws ImplausibleCatalogException if the list is too long to be stored; if it was accepted, but a later one has been
     *     taken over; unless accepted, if it is empty or would retire more than half of the catalog
     */
    public Received receive(Collection<CatalogEntry> completeList, Instant receivedAt, boolean accepted) {
        var list = new LicenseList(List.copyOf(completeList), true);
        for (var race = 0; race < MOST_RACES; race++) {
            var before = read();
            var superseded = before.isLaterThan(receivedAt);
            if (superseded && accepted) {
                throw new ImplausibleCatalogException("a list that was received later has been taken over since");
            }
            if (superseded) {
                return Received.UNCHANGED;
            }
            if (!accepted) {
                requirePlausible(before, list);
            }
            var after = after(before, list, receivedAt);
            var same = after.entries().equals(before.entries());
            if (same && receivedAt.equals(before.receivedAt())) {
                return Received.UNCHANGED;
            }
            // Written even where only the time of receipt is new: an older list that waits in quarantine must not win
            // later.
            if (replace(before, after)) {
                return same ? Received.UNCHANGED : Received.REPLACED;
            }
            Backoff.pause(race);
        }
        throw ConditionalCheckFailedException.builder()
                .message("the catalog was replaced by others " + MOST_RACES + " times in a row")
                .build();
    }

    /**
     * Takes over a list that the Learning Center was asked for, unless the catalog has been replaced since it was read: a
     * look-up that began before a webhook came must not undo it.
     *
     * @param before the catalog as it was read before the Learning Center was asked
     * @param askedAt when that was, which counts as when the list was received
     * @return whether it was taken over; if not, the catalog has been replaced since
     * @throws ImplausibleCatalogException if the list is too long to be stored, is empty, or would retire more than half of the
     *     catalog
     */
    public boolean takeOver(Catalog before, LicenseList list, Instant askedAt) {
        if (before.isLaterThan(askedAt)) {
            return false;
        }
        requirePlausible(before, list);
        return replace(before, after(before, list, askedAt));
    }

    private static Catalog after(Catalog before, LicenseList list, Instant receivedAt) {
        var after = new Catalog(before.version() + 1, receivedAt, before.with(list));
        requireStorable(after);
        return after;
    }

    /**
     * Replaces the catalog unless somebody else has since it was read.
     *
     * @return whether it was replaced
     */
    private boolean replace(Catalog before, Catalog after) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(item(after))
                    .conditionExpression("attribute_not_exists(version) OR version = :before")
                    .expressionAttributeValues(
                            Map.of(":before", AttributeValue.fromN(Long.toString(before.version())))));
            return true;
        } catch (ConditionalCheckFailedException replacedByAnother) {
            return false;
        }
    }

    private static void requirePlausible(Catalog before, LicenseList list) {
        if (list.entries().isEmpty()) {
            throw new ImplausibleCatalogException("the list is empty");
        }
        var retired = before.retiredBy(list);
        if (retired * 2 > before.activeCount()) {
            throw new ImplausibleCatalogException(
                    "the list would retire " + retired + " of " + before.activeCount() + " licenses");
        }
    }

    private static void requireStorable(Catalog catalog) {
        var bytes = catalog.entries().values().stream()
                .mapToLong(entry -> BYTES_AN_ENTRY
                        + Stream.of(entry.licenseId().value(), entry.name(), entry.discipline(), entry.type())
                                .filter(Objects::nonNull)
                                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                                .sum())
                .sum();
        if (bytes > MOST_BYTES) {
            throw new ImplausibleCatalogException(
                    "the list makes the catalog " + bytes + " bytes long; at most " + MOST_BYTES + " can be stored");
        }
    }

    private static Map<String, AttributeValue> item(Catalog catalog) {
        var entries = new HashMap<String, AttributeValue>();
        catalog.entries()
                .forEach((licenseId, entry) -> entries.put(
                        licenseId.value(),
                        AttributeValue.fromM(new Item()
                                .with("name", entry.name())
                                .with("discipline", entry.discipline())
                                .with("type", entry.type())
                                .withNumber("rank", entry.rank())
                                .withBoolean("retired", entry.retired())
                                .attributes())));
        var item = new Item(key()).withNumber("version", catalog.version()).with("receivedAt", catalog.receivedAt());
        item.attributes().put("entries", AttributeValue.fromM(entries));
        return item.attributes();
    }

    /** The catalog of the item that holds it, which a stream's image is too. */
    public static Catalog catalog(Item item) {
        var entries = new HashMap<LicenseId, CatalogEntry>();
        item.items("entries").forEach((key, entry) -> {
            var licenseId = new LicenseId(key);
            entries.put(
                    licenseId,
                    new CatalogEntry(
                            licenseId,
                            entry.textOrNull("name"),
                            entry.textOrNull("discipline"),
                            entry.textOrNull("type"),
                            entry.integer("rank"),
                            entry.flag("retired")));
        });
        return new Catalog(item.number("version"), item.instant("receivedAt"), entries);
    }

    private static Map<String, AttributeValue> key() {
        return new Item().with("pk", "catalog").with("sk", "current").attributes();
    }
}
