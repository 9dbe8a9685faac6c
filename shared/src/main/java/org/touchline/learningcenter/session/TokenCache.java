package org.touchline.learningcenter.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.learningcenter.wire.AccessToken;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The one session that all functions share (design rule 15): one item ({@code pk = session}) with the tokens or the refusal
 * of a login, a version that grows with every new one of these, and the {@linkplain Lease lease} of who is about to write the
 * next.
 *
 * <p>A lease is taken on the version that its taker found wanting, and only while there is no other. Its holder writes on
 * condition that it still holds it; who took too long finds another's session there and uses that.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class TokenCache {
    /** How long its taker has to write the next session. */
    static final Duration LEASE = Duration.ofSeconds(20);

    private static final Map<String, AttributeValue> KEY =
            Map.copyOf(new Item().with("pk", "session").attributes());

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Lease lease;

    /** @param clock tells whether a lease has expired */
    public TokenCache(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.lease = new Lease(dynamoDb, table, KEY, LEASE, clock);
    }

    /**
     * What is stored.
     *
     * @param version 0 if nothing ever was
     * @param tokens null if there are none, or a login was refused since
     * @param isLeased whether somebody is about to write the next
     */
    record Session(
            long version, @Nullable Tokens tokens, @Nullable LoginRefusal refusal, boolean isLeased) {}

    /** The session as it is stored, strongly consistent. */
    Session read() {
        var answer =
                dynamoDb.getItem(request -> request.tableName(table).key(KEY).consistentRead(true));
        return session(new Item(answer.hasItem() ? answer.item() : Map.of()));
    }

    /**
     * Takes the lease, which stands until its end or until its holder writes or {@linkplain #release releases}.
     *
     * @param version of the session that was found wanting
     * @return empty if another has it, or the session has another version
     */
    Optional<Held> take(long version) {
        return version == 0
                ? lease.acquireIf("attribute_not_exists(version)", Map.of())
                : lease.acquireIf(
                        "version = :version",
                        new Item().withNumber(":version", version).attributes());
    }

    /**
     * Stores new tokens; the lease ends, and so does any refusal.
     *
     * @return whether they were stored; if not, the lease was lost
     */
    boolean store(Held held, Tokens tokens) {
        return replace(
                held,
                next(held)
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
    boolean refuse(Held held, LoginRefusal refusal) {
        return replace(
                held,
                next(held)
                        .with("refusedSecretVersion", refusal.secretVersion())
                        .withNumber("refusals", refusal.count())
                        .with("refusedUntil", refusal.until()));
    }

    /** Ends a lease without a new session, so that nobody waits for its end; does nothing if it was lost. */
    void release(Held held) {
        lease.release(held);
    }

    private boolean replace(Held held, Item session) {
        try {
            lease.releaseAnd(held, session);
            return true;
        } catch (LeaseLostException lost) {
            return false;
        }
    }

    private static Item next(Held held) {
        return new Item().withNumber("version", version(held.item()) + 1);
    }

    private static long version(Item item) {
        return item.has("version") ? item.number("version") : 0;
    }

    private Session session(Item item) {
        return new Session(
                version(item),
                item.has("accessToken") ? tokens(item) : null,
                item.has("refusedUntil") ? refusal(item) : null,
                lease.isHeld(item));
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
