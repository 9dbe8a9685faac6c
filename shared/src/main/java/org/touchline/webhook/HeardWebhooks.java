package org.touchline.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * When each webhook was last called with a good key, in the table of the license store ({@code pk = webhook}, {@code sk} its
 * path): a webhook that has gone silent, or one that was just drilled, is seen here. A function instance notes it at most every
 * five seconds.
 *
 * <p>Safe for use by several threads.
 */
public final class HeardWebhooks {
    /** How often an instance notes it at most. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();

    /** @param clock tells when a webhook came */
    public HeardWebhooks(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /** Notes that a webhook came; what cannot be noted is not: the webhook itself has been dealt with. */
    public void heard(String path) {
        var now = clock.instant();
        var last = noted.get(path);
        if (last != null && now.isBefore(last.plus(EVERY))) {
            return;
        }
        noted.put(path, now);
        try {
            dynamoDb.putItem(noting(path, now).build());
        } catch (SdkException notNoted) {
            noted.remove(path, now);
        }
    }

    /** The key of what {@link #lastHeardAt} reads, for who reads several items at once. */
    public static Map<String, AttributeValue> key(String path) {
        return new Item().with("pk", "webhook").with("sk", path).attributes();
    }

    /** When a webhook was last heard, of the item under its {@linkplain #key key}; null if it never was. */
    public static @Nullable Instant lastHeardAt(Item item) {
        return item.instant("lastHeardAt");
    }

    /**
     * Sends what {@link #heard} sends, on a condition that can never hold: nothing is noted.
     *
     * @throws SdkException always, if only since the condition does not hold
     */
    public void rehearse(String path) {
        dynamoDb.putItem(
                noting(path, clock.instant()).conditionExpression(Item.NEVER).build());
    }

    /** A put, as of a license: of another kind of request a start would load another hundred classes. */
    private PutItemRequest.Builder noting(String path, Instant now) {
        return PutItemRequest.builder()
                .tableName(table)
                .item(new Item(new HashMap<>(key(path)))
                        .with("lastHeardAt", now)
                        .attributes());
    }

    /**
     * When each was last heard, by its path; those that never were are left out.
     *
     * @throws SdkException if DynamoDB cannot do it within the client's time limits
     */
    public Map<String, Instant> lastHeard() {
        var last = new HashMap<String, Instant>();
        dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :webhook")
                        .expressionAttributeValues(Map.of(":webhook", AttributeValue.fromS("webhook")))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new)
                .forEach(item -> {
                    var at = lastHeardAt(item);
                    if (at != null) {
                        last.put(item.text("sk"), at);
                    }
                });
        return last;
    }
}
