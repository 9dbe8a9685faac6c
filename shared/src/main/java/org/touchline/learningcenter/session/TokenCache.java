package org.touchline.learningcenter.session;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.learningcenter.wire.AccessToken;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The one session that all functions share (design rule 15): one item ({@code pk = session}) with the tokens or the refusal
 * of a login, a version that grows with every new one of these, and the lease of who is about to write the next.
 *
 * <p>A lease is taken on the version that its taker found wanting, and only while there is no other. Its holder writes on
 * condition that it still holds it; who took too long finds another's session there and uses that.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class TokenCache {
    private static final Map<String, AttributeValue> KEY =
            Map.copyOf(new Item().with("pk", "session").attributes());

    private final DynamoDbClient dynamoDb;
    private final String table;

    public TokenCache(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * What is stored.
     *
     * @param version 0 if nothing ever was
     * @param tokens null if there are none, or a login was refused since
     * @param leasedUntil null if there is no lease
     */
    record Session(
            long version,
            @Nullable Tokens tokens,
            @Nullable LoginRefusal refusal,
            @Nullable Instant leasedUntil) {
        boolean isLeased(Instant now) {
            return leasedUntil != null && now.isBefore(leasedUntil);
        }
    }

    /**
     * The right to write the session that follows a version.
     *
     * @param owner unlike any other's
     */
    record Lease(String owner, long version, Instant until) {}

    /** The session as it is stored, strongly consistent. */
    Session read() {
        var answer =
                dynamoDb.getItem(request -> request.tableName(table).key(KEY).consistentRead(true));
        return session(new Item(answer.hasItem() ? answer.item() : Map.of()));
    }

    /**
     * Takes a lease, which stands until its end or until its holder writes or {@linkplain #release releases}. Taking it twice
     * is taking it once: the SDK repeats a request whose answer it did not get.
     *
     * @return whether it was taken; if not, another has it, or the session has another version
     */
    boolean take(Lease lease, Instant now) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(KEY)
                    .updateExpression("SET leaseOwner = :owner, leasedUntil = :until")
                    .conditionExpression((lease.version() == 0 ? "attribute_not_exists(version)" : "version = :version")
                            + " AND (attribute_not_exists(leasedUntil) OR leasedUntil <= :now OR leaseOwner = :owner)")
                    .expressionAttributeValues(values(lease, now)));
            return true;
        } catch (ConditionalCheckFailedException anotherWasFaster) {
            return false;
        }
    }

    /**
     * Stores new tokens; the lease ends, and so does any refusal.
     *
     * @return whether they were stored; if not, the lease was lost
     */
    boolean store(Lease lease, Tokens tokens) {
        return replace(
                lease,
                next(lease)
                        .with("accessToken", tokens.accessToken().value())
                        .with("refreshToken", tokens.refreshToken())
                        .with("freshUntil", tokens.freshUntil())
                        .with("accessUntil", tokens.accessUntil()));
    }

    /**
     * Stores that a login was refused; the lease ends, and the tokens, which were not good enough, are gone.
     *
     * @return whether it was stored; if not, the lease was lost
     */
    boolean refuse(Lease lease, LoginRefusal refusal) {
        return replace(
                lease,
                next(lease)
                        .with("refusedSecretVersion", refusal.secretVersion())
                        .withNumber("refusals", refusal.count())
                        .with("refusedUntil", refusal.until()));
    }

    /** Ends a lease without a new session, so that nobody waits for its end; does nothing if it was lost. */
    void release(Lease lease) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(KEY)
                    .updateExpression("REMOVE leaseOwner, leasedUntil")
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(owner(lease)));
        } catch (ConditionalCheckFailedException lost) {
            // Then it is somebody else's to end.
        }
    }

    private boolean replace(Lease lease, Item session) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(session.attributes())
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(owner(lease)));
            return true;
        } catch (ConditionalCheckFailedException lost) {
            return false;
        }
    }

    private static Item next(Lease lease) {
        return new Item(new HashMap<>(KEY)).withNumber("version", lease.version() + 1);
    }

    private static Map<String, AttributeValue> values(Lease lease, Instant now) {
        // Milliseconds since the epoch: DynamoDB compares them, which it could not do with texts of different lengths.
        var values = new Item(owner(lease))
                .withNumber(":until", lease.until().toEpochMilli())
                .withNumber(":now", now.toEpochMilli());
        if (lease.version() > 0) {
            values.withNumber(":version", lease.version());
        }
        return values.attributes();
    }

    private static Map<String, AttributeValue> owner(Lease lease) {
        return new Item().with(":owner", lease.owner()).attributes();
    }

    private static Session session(Item item) {
        return new Session(
                item.has("version") ? item.number("version") : 0,
                item.has("accessToken") ? tokens(item) : null,
                item.has("refusedUntil") ? refusal(item) : null,
                item.has("leasedUntil") ? Instant.ofEpochMilli(item.number("leasedUntil")) : null);
    }

    private static Tokens tokens(Item item) {
        return new Tokens(
                new AccessToken(item.text("accessToken")),
                item.textOrNull("refreshToken"),
                Objects.requireNonNull(item.instant("freshUntil")),
                Objects.requireNonNull(item.instant("accessUntil")));
    }

    private static LoginRefusal refusal(Item item) {
        return new LoginRefusal(
                item.text("refusedSecretVersion"),
                Math.toIntExact(item.number("refusals")),
                Objects.requireNonNull(item.instant("refusedUntil")));
    }
}
