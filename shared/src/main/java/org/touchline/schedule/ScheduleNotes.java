package org.touchline.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.secret.UnusableSecretException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * When what is on a schedule last completed, in the table of the license store ({@code pk = schedule}, {@code sk} its name): so
 * somebody else can tell that it stopped (design rule 27). Beside it, as of the last refresh, whose refresh is the oldest
 * ({@code sk = oldest-refresh}).
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class ScheduleNotes {
    private static final String OLDEST_REFRESH = "oldest-refresh";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;

    /** @param clock tells when work completes */
    public ScheduleNotes(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /**
     * What is noted.
     *
     * @param since when each completed last, and before it ever did, when it was first tried; without those that never were
     * @param oldestRefresh when the person was asked about whose turn was the longest ago; null if there is nobody, or nobody has
     *     looked
     */
    public record Notes(
            Map<Scheduled, Instant> since, @Nullable Instant oldestRefresh) {
        public Notes {
            since = Map.copyOf(since);
        }
    }

    /** How far a run came. */
    public enum HowFar {
        /** Its work is done. */
        TO_THE_END,
        /** What is left of it, another run does. */
        HALFWAY,
        /** There was nothing to do, or another run is doing it. */
        NOWHERE
    }

    /**
     * Does work, and notes that it completed, or that it was tried. Before anybody has set the secret with the credentials nothing is
     * noted: a new stack raises no alarm (design rule 20).
     *
     * @param howFar the run came, as the result tells
     */
    public <T> T noting(Scheduled what, Function<T, HowFar> howFar, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (RuntimeException failure) {
            if (!(failure instanceof UnusableSecretException secret && secret.isUnset())) {
                tried(what);
            }
            throw failure;
        }
        switch (howFar.apply(result)) {
            case TO_THE_END -> put(what.storedName(), "completedAt", clock.instant());
            case HALFWAY -> tried(what);
            case NOWHERE -> {
                // Somebody else's note stays.
            }
        }
        return result;
    }

    /** Notes whose refresh is the oldest. */
    public void oldestRefresh(Instant at) {
        put(OLDEST_REFRESH, "refreshedAt", at);
    }

    /** The key of what {@link #oldestRefresh(Item)} reads, for who reads several items at once. */
    public static Map<String, AttributeValue> oldestRefreshKey() {
        return note(OLDEST_REFRESH).attributes();
    }

    /** Whose refresh was the oldest as of the last refresh, of the item under {@link #oldestRefreshKey()}; null if there is none. */
    public static @Nullable Instant oldestRefresh(Item item) {
        return item.instant("refreshedAt");
    }

    /** All that is noted: one query. */
    public Notes read() {
        var notes = dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :schedule")
                        .expressionAttributeValues(
                                new Item().with(":schedule", "schedule").attributes()))
                .items()
                .stream()
                .map(Item::new)
                .collect(Collectors.toMap(item -> item.text("sk"), item -> item));
        var since = new EnumMap<Scheduled, Instant>(Scheduled.class);
        for (var each : Scheduled.values()) {
            Optional.ofNullable(notes.get(each.storedName()))
                    .flatMap(note -> Optional.ofNullable(note.instant("completedAt"))
                            .or(() -> Optional.ofNullable(note.instant("triedAt"))))
                    .ifPresent(at -> since.put(each, at));
        }
        var oldest = notes.get(OLDEST_REFRESH);
        return new Notes(since, oldest == null ? null : oldestRefresh(oldest));
    }

    /** The first time counts, as long as it never completed. */
    private void tried(Scheduled what) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(note(what.storedName())
                            .with("triedAt", clock.instant())
                            .attributes())
                    .conditionExpression("attribute_not_exists(pk)"));
        } catch (ConditionalCheckFailedException notTheFirstTime) {
            // Then it is noted since when.
        }
    }

    private void put(String name, String what, Instant at) {
        dynamoDb.putItem(request ->
                request.tableName(table).item(note(name).with(what, at).attributes()));
    }

    private static Item note(String name) {
        return new Item().with("pk", "schedule").with("sk", name);
    }
}
