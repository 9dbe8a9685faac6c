package org.touchline.change;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.Sha256;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Who was erased within the last two days: a digest of each of their ids, and nothing else (wire contract §9). What streams still say
 * of the time before is not told. Streams keep a day.
 *
 * @param erasedAt by the digest that stands for an id
 */
record ErasedIds(Map<String, Instant> erasedAt) {
    /** For how long they are known. */
    static final Duration KEPT = Duration.ofDays(2);

    /** Nobody. */
    static final ErasedIds NONE = new ErasedIds(Map.of());

    /** Streams tell the time in whole seconds: what was written in the second after may have been before. */
    private static final Duration STREAM_TIME = Duration.ofSeconds(1);

    /** An index follows its table within that, as a rule. */
    private static final Duration INDEX_LAG = Duration.ofSeconds(10);

    private static final String ERASED = "erased#";

    /** Those of the people and members that entries name, strongly consistent. */
    static ErasedIds amongThoseOf(List<Entry> entries, BatchReader consistent) {
        var keys = entries.stream()
                .flatMap(ErasedIds::namedIn)
                .distinct()
                .map(ErasedIds::key)
                .toList();
        var found = new HashMap<String, Instant>();
        for (var item : consistent.read(keys, null)) {
            found.put(item.text("pk").substring(ERASED.length()), Instant.ofEpochSecond(item.number("erasedAt")));
        }
        return new ErasedIds(found);
    }

    /** The item that says when these were erased. */
    static Item item(String digest, Instant erasedAt) {
        return new Item(key(digest))
                .withNumber("erasedAt", erasedAt.getEpochSecond())
                .withNumber("expiresAt", erasedAt.plus(KEPT).getEpochSecond());
    }

    static String ofPerson(String ussfId) {
        return digest("person#" + ussfId);
    }

    static String ofMember(String identifier) {
        return digest("member#" + identifier);
    }

    /** An entry without those who were erased since; empty if it is about one of them. */
    Optional<Entry> without(Entry entry) {
        return without(entry, (digest, margin) -> isErased(digest, entry.time().minus(margin)));
    }

    /** The same of an entry that is kept, without those for whom these digests stand. */
    static Optional<Entry> without(Entry entry, Set<String> digests) {
        return without(entry, (digest, _) -> digests.contains(digest));
    }

    /** The digests that stand for people and members. */
    static Set<String> digests(Set<UssfId> ussfIds, Set<String> members) {
        return Stream.concat(
                        ussfIds.stream().map(id -> ofPerson(id.value())),
                        members.stream().map(ErasedIds::ofMember))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Entry> without(Entry entry, BiPredicate<String, Duration> isErased) {
        var data = entry.data();
        var about = entry.subject() == null
                ? Stream.<String>empty()
                : entry.type().isOfMember()
                        ? Stream.of(ofMember(entry.subject()))
                        : Stream.of(entry.subject(), data.path("formerUssfId").asText())
                                .map(ErasedIds::ofPerson);
        if (about.anyMatch(digest -> isErased.test(digest, STREAM_TIME))) {
            return Optional.empty();
        }
        var left = entry.leaves();
        var told = left != null && isErased.test(ofPerson(left.value()), STREAM_TIME) ? entry.leavingNobody() : entry;
        if (entry.type().isOfMember()) {
            var held = data.path("ussfId").asText();
            return Optional.of(
                    isErased.test(ofPerson(held), STREAM_TIME)
                            ? told.with(copy(data).putNull("ussfId"))
                            : told);
        }
        var gone = identifiers(data).stream()
                .filter(identifier -> isErased.test(ofMember(identifier), INDEX_LAG))
                .collect(Collectors.toSet());
        return Optional.of(gone.isEmpty() ? told : told.with(withoutMembers(data, gone)));
    }

    private boolean isErased(String digest, Instant told) {
        var at = erasedAt.get(digest);
        return at != null && !told.isAfter(at);
    }

    private static JsonObject copy(JsonObject data) {
        var copy = new JsonObject();
        data.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
        return copy;
    }

    private static JsonObject withoutMembers(JsonObject data, Collection<String> gone) {
        var copy = copy(data);
        var left = copy.putArray("memberIdentifiers");
        identifiers(data).stream()
                .filter(identifier -> !gone.contains(identifier))
                .forEach(left::add);
        return copy;
    }

    static List<String> identifiers(JsonObject data) {
        return data.path("memberIdentifiers")
                .valueStream()
                .map(JsonValue::asText)
                .toList();
    }

    private static Stream<String> namedIn(Entry entry) {
        var digests = new ArrayList<String>();
        if (entry.type().isOfMember() && entry.subject() != null) {
            digests.add(ofMember(entry.subject()));
        } else if (entry.subject() != null) {
            digests.add(ofPerson(entry.subject()));
        }
        Stream.of("ussfId", "formerUssfId")
                .map(name -> entry.data().path(name))
                .filter(JsonValue::isTextual)
                .map(id -> ofPerson(id.asText()))
                .forEach(digests::add);
        if (entry.leaves() != null) {
            digests.add(ofPerson(entry.leaves().value()));
        }
        identifiers(entry.data()).stream().map(ErasedIds::ofMember).forEach(digests::add);
        return digests.stream();
    }

    private static Map<String, AttributeValue> key(String digest) {
        return new Item().with("pk", ERASED + digest).withNumber("sk", 0).attributes();
    }

    private static String digest(String named) {
        return HexFormat.of().formatHex(Sha256.digest(named.getBytes(StandardCharsets.UTF_8)));
    }
}
