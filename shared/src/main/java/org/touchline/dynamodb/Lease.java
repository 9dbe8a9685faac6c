package org.touchline.dynamodb;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * The right to work on something alone, for a while: two attributes of one item, which may hold whatever the holder saves
 * beside them. A holder that dies is overtaken when its lease ends.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Lease {
    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Map<String, AttributeValue> key;
    private final Duration duration;
    private final InstantSource clock;

    /**
     * A lease that nobody holds yet.
     *
     * @param key of the item that stands for what is worked on
     * @param duration how long it lasts, unless it is renewed
     */
    public Lease(
            DynamoDbClient dynamoDb,
            String table,
            Map<String, AttributeValue> key,
            Duration duration,
            InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.key = Map.copyOf(key);
        this.duration = duration;
        this.clock = clock;
    }

    /**
     * A lease that is held.
     *
     * @param owner unlike any other's
     * @param item what the item held when it was taken
     */
    public record Held(String owner, Item item) {}

    /** Somebody else holds the lease, since this holder took too long. */
    public static final class LeaseLostException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        LeaseLostException() {
            super("another has taken the lease over");
        }
    }

    /** Whether somebody holds it, going by its item as it was read. */
    public boolean isHeld(Item item) {
        return item.has("leaseUntil") && clock.instant().toEpochMilli() < item.number("leaseUntil");
    }

    /** Takes the lease; empty if another holds it. */
    public Optional<Held> acquire() {
        return acquireIf(null, Map.of());
    }

    /**
     * Takes the lease, if the item is as its taker believes.
     *
     * @param condition a condition expression on the item's other attributes; null for none
     * @param values what it refers to
     * @return empty if another holds the lease, or the condition does not hold
     */
    public Optional<Held> acquireIf(@Nullable String condition, Map<String, AttributeValue> values) {
        var owner = UUID.randomUUID().toString();
        // Milliseconds since the epoch: DynamoDB compares them, which it could not do with texts of different lengths.
        var now = clock.instant();
        var all = new Item(new HashMap<>(values))
                .with(":owner", owner)
                .withNumber(":until", now.plus(duration).toEpochMilli())
                .withNumber(":now", now.toEpochMilli());
        // An owner of its own passes: the SDK repeats a request whose answer it did not get.
        var free = "(attribute_not_exists(leaseUntil) OR leaseUntil <= :now OR leaseOwner = :owner)";
        try {
            var answer = dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key)
                    .updateExpression("SET leaseOwner = :owner, leaseUntil = :until")
                    .conditionExpression(condition == null ? free : "(" + condition + ") AND " + free)
                    .expressionAttributeValues(all.attributes())
                    .returnValues(ReturnValue.ALL_NEW));
            return Optional.of(new Held(owner, new Item(answer.attributes())));
        } catch (ConditionalCheckFailedException anotherIsOrWasAtWork) {
            return Optional.empty();
        }
    }

    /**
     * Keeps the lease for another while.
     *
     * @throws LeaseLostException if another has it
     */
    public void renew(Held held) {
        renewAnd(held, null, Map.of());
    }

    /**
     * Keeps the lease, and changes other attributes of the item in the same write.
     *
     * @param change an update expression's {@code SET} assignments, and what may follow them, such as {@code REMOVE}; null for
     *     none
     * @param values what they refer to
     * @throws LeaseLostException if another has it; then nothing was written
     */
    public void renewAnd(Held held, @Nullable String change, Map<String, AttributeValue> values) {
        var all = new HashMap<>(values);
        all.put(":owner", AttributeValue.fromS(held.owner()));
        all.put(
                ":until",
                AttributeValue.fromN(
                        Long.toString(clock.instant().plus(duration).toEpochMilli())));
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key)
                    .updateExpression("SET leaseUntil = :until" + (change == null ? "" : ", " + change))
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(all));
        } catch (ConditionalCheckFailedException takenOver) {
            throw new LeaseLostException();
        }
    }

    /**
     * Gives the lease back, and puts another item in the place of its own, in one write.
     *
     * @param next what the item holds from now on, without its key
     * @throws LeaseLostException if another has it, or it was given back; then nothing was written
     */
    public void releaseAnd(Held held, Item next) {
        var item = new HashMap<>(next.attributes());
        item.putAll(key);
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(item)
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(owner(held)));
        } catch (ConditionalCheckFailedException takenOver) {
            throw new LeaseLostException();
        }
    }

    /** Gives the lease back, if it is still held. */
    public void release(Held held) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key)
                    .updateExpression("REMOVE leaseOwner, leaseUntil")
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(owner(held)));
        } catch (ConditionalCheckFailedException heldByAnother) {
            // Then it is not ours to give back.
        }
    }

    private static Map<String, AttributeValue> owner(Held held) {
        return Map.of(":owner", AttributeValue.fromS(held.owner()));
    }
}
