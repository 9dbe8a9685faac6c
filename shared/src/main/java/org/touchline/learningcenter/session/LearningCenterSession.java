package org.touchline.learningcenter.session;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.session.TokenCache.Session;
import org.touchline.learningcenter.wire.AccessToken;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.secret.HeldSecret;
import org.touchline.secret.SecretReader;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The organization's session with the Learning Center, one for all functions (design rules 15 and 16). However many need a
 * token at once, in however many Lambda environments and threads, one of them takes the lease on the token cache and logs in or
 * refreshes; the others wait and read. The holder's work ends before its lease does; one that dies is overtaken when the
 * lease ends.
 *
 * <p>A refused login is remembered beside the session, with the version of the secret: nobody tries again until the secret
 * has another version, a pause has passed, or a person {@linkplain #allowOneLogin asks for it}.
 *
 * <p>Safe for use by several threads. Every method that gives a token throws
 * <ul>
 *   <li>{@link UnusableSecretException}, which names the secret, if it has no value yet, or the Learning Center refuses it;
 *   <li>another {@link LearningCenterException} if the Learning Center cannot be reached, or no holder of the lease is done,
 *       before the deadline;
 *   <li>{@code SdkException} if DynamoDB cannot be reached within the client's time limits.
 * </ul>
 */
public final class LearningCenterSession {
    /** What is left of a lease to store what came of it. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private static final Duration FIRST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final TokenRequests requests;
    private final HeldSecret<Credentials> secret;
    private final TokenCache cache;
    private final Pacing pacing;
    private final Consumer<SessionEvent> events;
    private final AtomicBoolean oneLoginAllowed = new AtomicBoolean();
    private final ReentrantLock obtaining = new ReentrantLock();
    private volatile @Nullable Tokens current;

    /**
     * A session on a token cache. Nothing is read before a token is asked for.
     *
     * @param secret the credentials (wire contract §8)
     * @param table the token cache's
     * @param events is told what becomes of the session, by the one that renewed it or tried to
     */
    public LearningCenterSession(
            LearningCenterHttp http,
            SecretReader secret,
            DynamoDbClient dynamoDb,
            String table,
            Pacing pacing,
            Consumer<SessionEvent> events) {
        this.requests = new TokenRequests(http, pacing);
        this.secret = secret.held("\"username\" and \"password\"", Credentials::in);
        this.cache = new TokenCache(dynamoDb, table, pacing.clock());
        this.pacing = pacing;
        this.events = events;
    }

    /** What becomes of a session. */
    public enum SessionEvent {
        /** It was obtained, by a login or a refresh. */
        RENEWED,
        /** The Learning Center refused a login. */
        REFUSED
    }

    /** How a token is obtained. */
    private enum Means {
        REFRESH_OR_LOGIN,
        LOGIN,
        REFRESH
    }

    /**
     * What a caller needs.
     *
     * @param failed the token that was refused; null for one who just needs a token
     * @param by how another may be obtained
     */
    private record Need(@Nullable AccessToken failed, Means by) {
        /** Whether these tokens will do. */
        boolean isMetBy(@Nullable Tokens tokens, Instant now) {
            if (tokens == null) {
                return false;
            }
            return failed == null
                    ? tokens.isFresh(now)
                    : tokens.isGood(now) && !tokens.accessToken().equals(failed);
        }

        /** Whether these tokens, which are due to be refreshed, will do if they cannot be. */
        boolean canDoWith(@Nullable Tokens tokens, Instant now) {
            return failed == null && tokens != null && tokens.isGood(now);
        }
    }

    /** A token, refreshed five minutes ahead of its expiry; once it is known here, it costs nothing. */
    public AccessToken accessToken(Deadline deadline) {
        return obtain(new Need(null, Means.REFRESH_OR_LOGIN), deadline);
    }

    /**
     * Another token than one that was answered 401: what others have obtained in the meantime, else what a refresh gives, else
     * a login.
     */
    public AccessToken renew(AccessToken failed, Deadline deadline) {
        return obtain(new Need(failed, Means.REFRESH_OR_LOGIN), deadline);
    }

    /** Another token than one that was answered 401, although it was just renewed: no refresh this time, but a login. */
    public AccessToken logInAgain(AccessToken failed, Deadline deadline) {
        return obtain(new Need(failed, Means.LOGIN), deadline);
    }

    /**
     * Another token than this one by a refresh alone, for who checks that it works.
     *
     * @throws UnintelligibleException if there is no refresh token, or it is refused
     */
    public AccessToken refresh(AccessToken known, Deadline deadline) {
        return obtain(new Need(known, Means.REFRESH), deadline);
    }

    /** A person asks: the next login may be tried, once, although it was refused before (design rule 16). */
    public void allowOneLogin() {
        oneLoginAllowed.set(true);
    }

    /**
     * Reads the credentials anew, for a person who wants to know whether their secret is of its form: the next login is with these.
     *
     * @throws UnusableSecretException if it is not
     */
    public void judgeCredentials() {
        secret.judge();
    }

    /** Credentials that the Learning Center does not take, as an exception that names their secret. */
    public UnusableSecretException refused() {
        return secret.unusable(
                "is refused by the Learning Center: set \"username\" and \"password\" as U.S. Soccer gave"
                        + " them, or ask U.S. Soccer whether the account is open");
    }

    private AccessToken obtain(Need need, Deadline deadline) {
        var known = current;
        var now = pacing.now();
        // While one thread refreshes ahead of time, the others use what is still good.
        return need.isMetBy(known, now) || need.canDoWith(known, now) && obtaining.isLocked()
                ? requireNonNull(known).accessToken()
                : obtainAlone(need, deadline).accessToken();
    }

    /** One thread asks for all that this instance works with; the others wait, and find what it obtained. */
    private Tokens obtainAlone(Need need, Deadline deadline) {
        if (!isAlone(deadline)) {
            throw new LearningCenterUnavailableException(
                    "a session is being obtained, and was not there in time", null);
        }
        try {
            var obtained = obtained(need, deadline);
            current = obtained;
            return obtained;
        } finally {
            obtaining.unlock();
        }
    }

    private boolean isAlone(Deadline deadline) {
        try {
            return obtaining.tryLock(deadline.remaining(pacing.clock()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Tokens obtained(Need need, Deadline deadline) {
        var known = current;
        for (var polls = 0; !need.isMetBy(known, pacing.now()); polls++) {
            var session = cache.read();
            known = session.tokens();
            if (!need.isMetBy(known, pacing.now())) {
                var renewed = renewed(session, need, deadline);
                if (renewed.isPresent()) {
                    return renewed.get();
                }
                if (need.canDoWith(known, pacing.now())) {
                    break;
                }
                awaitHolder(polls, deadline);
            }
        }
        return requireNonNull(known);
    }

    /** New tokens; empty if another has the lease, this one took too long with it, or the old ones will do for now. */
    private Optional<Tokens> renewed(Session before, Need need, Deadline deadline) {
        if (before.isLeased()) {
            return Optional.empty();
        }
        requireWorthTrying(before.refusal());
        // Before the lease begins, so that this is not after it ends.
        var doneBy = deadline.orEarlier(pacing.now().plus(TokenCache.LEASE).minus(RESERVE));
        var taken = cache.take(before.version());
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        var lease = taken.get();
        try {
            var tokens = fromLearningCenter(before, need, lease, doneBy);
            events.accept(SessionEvent.RENEWED);
            return cache.store(lease, tokens) ? Optional.of(tokens) : Optional.empty();
        } catch (RuntimeException failed) {
            release(lease, failed);
            if (failed instanceof LearningCenterException && need.canDoWith(before.tokens(), pacing.now())) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private void release(Held lease, RuntimeException failed) {
        try {
            cache.release(lease);
        } catch (SdkException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    private Tokens fromLearningCenter(Session before, Need need, Held lease, Deadline deadline) {
        var tokens = before.tokens();
        if (need.by() != Means.LOGIN && tokens != null && tokens.refreshToken() != null) {
            var refreshed = requests.refresh(tokens.refreshToken(), deadline);
            if (refreshed.isPresent()) {
                return refreshed.get();
            }
        }
        if (need.by() == Means.REFRESH) {
            throw new UnintelligibleException(
                    tokens == null || tokens.refreshToken() == null
                            ? "refresh_token is missing"
                            : "the refresh token was refused");
        }
        return logIn(before, lease, deadline);
    }

    private Tokens logIn(Session before, Held lease, Deadline deadline) {
        var credentials = secret.value();
        var tokens = requests.logIn(credentials, deadline);
        if (tokens.isEmpty() && secret.reread()) {
            // They may have been corrected since they were read.
            var corrected = secret.value();
            if (!corrected.secretVersion().equals(credentials.secretVersion())) {
                credentials = corrected;
                tokens = requests.logIn(credentials, deadline);
            }
        }
        if (tokens.isEmpty()) {
            cache.refuse(lease, LoginRefusal.after(before.refusal(), credentials.secretVersion(), pacing.now()));
            events.accept(SessionEvent.REFUSED);
            throw refused();
        }
        return tokens.get();
    }

    /** Rule 16: what was refused stays so for a while, unless it is no longer what the secret holds. */
    private void requireWorthTrying(@Nullable LoginRefusal refusal) {
        var worthTrying = refusal == null
                || refusal.isOver(pacing.now())
                || !refusal.isOf(secret.value().secretVersion())
                || (secret.reread() && !refusal.isOf(secret.value().secretVersion()))
                || oneLoginAllowed.getAndSet(false);
        if (!worthTrying) {
            throw refused();
        }
    }

    private void awaitHolder(int polls, Deadline deadline) {
        var longest = Pacing.doubled(FIRST_POLL, LONGEST_POLL, polls);
        var half = longest.dividedBy(2);
        if (!pacing.pause(half.plus(pacing.upTo(half)), deadline)) {
            throw new LearningCenterUnavailableException(
                    "another function is obtaining a session, and was not done in time", null);
        }
    }
}
