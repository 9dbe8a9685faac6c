package org.touchline.change;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.dynamodb.Item;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An entry at its place, and how that is written in the table of the history: {@code pk = entries#<number / 1000>}, {@code sk} the
 * number. What is about a person has {@code ussfId}, what is about a member {@code memberIdentifier}, for the indexes; where a member
 * holds a USSF-ID no longer, {@code ussfId} is {@code left#<that id>}.
 *
 * @param number its place in the order of all: from 1, without gaps
 * @param latest the latest {@code time} of all entries up to this one: it never goes back as numbers go on
 * @param keptAt when it was written
 */
public record KeptEntry(long number, Entry entry, Instant latest, Instant keptAt) {
    static final int BUCKET = 1_000;
    static final String LEFT = "left#";

    private static final String ENTRIES = "entries#";

    static String partition(long number) {
        return ENTRIES + number / BUCKET;
    }

    static Map<String, AttributeValue> key(long number) {
        return new Item().with("pk", partition(number)).withNumber("sk", number).attributes();
    }

    /** Whether an item of the table is an entry: neither a marker nor the counter, nor what an erasure left in its place. */
    public static boolean isOne(Item item) {
        return item.text("pk").startsWith(ENTRIES) && item.has("type");
    }

    /** The entry of an item of the table, which a stream's image is too. */
    public static KeptEntry of(Item item) {
        var left = item.textOrNull("ussfId");
        var type = ChangeType.ofWireName(item.text("type")).orElseThrow();
        return new KeptEntry(
                item.number("sk"),
                new Entry(
                        item.text("id"),
                        type,
                        item.textOrNull("subject"),
                        Instant.ofEpochSecond(item.number("time")),
                        data(item),
                        left != null && left.startsWith(LEFT) ? new UssfId(left.substring(LEFT.length())) : null),
                Instant.ofEpochSecond(item.number("latest")),
                Instant.ofEpochSecond(item.number("keptAt")));
    }

    private static JsonObject data(Item item) {
        try {
            return (JsonObject) Json.read(item.text("data"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What stands in its place once it is erased: nothing of it, but that its number was given, and until when that matters. */
    Item hole(Item entry) {
        return new Item(key(number))
                .withNumber("latest", latest.getEpochSecond())
                .withNumber("keptAt", keptAt.getEpochSecond())
                .withNumber("expiresAt", entry.number("expiresAt"));
    }

    /** @param kept for how long from its time */
    Item item(Duration kept) {
        return new Item(key(number))
                .with("id", entry.id())
                .with("type", entry.type().wireName())
                .with("subject", entry.subject())
                .withNumber("time", entry.time().getEpochSecond())
                .with("data", entry.data())
                .with("ussfId", entry.type().isOfPerson() ? entry.subject() : left(entry.leaves()))
                .with("memberIdentifier", entry.type().isOfMember() ? entry.subject() : null)
                .withNumber("latest", latest.getEpochSecond())
                .withNumber("keptAt", keptAt.getEpochSecond())
                .withNumber("expiresAt", entry.time().plus(kept).getEpochSecond());
    }

    static @Nullable String left(@Nullable UssfId ussfId) {
        return ussfId == null ? null : LEFT + ussfId;
    }
}
