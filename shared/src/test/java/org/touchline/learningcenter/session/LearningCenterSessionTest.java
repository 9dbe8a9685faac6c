package org.touchline.learningcenter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.learningcenter.session.ConnectedStack.atOnce;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.Meanwhile;
import org.touchline.OnEveryBackend;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.session.LearningCenterSession.SessionEvent;
import org.touchline.learningcenter.wire.AccessToken;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Design rule 15. */
@OnEveryBackend
class LearningCenterSessionTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Backend backend;
    private ConnectedStack connected;

    LearningCenterSessionTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void connect() {
        connected = new ConnectedStack(backend);
    }

    @AfterEach
    void disconnect() {
        if (connected != null) {
            connected.close();
        }
    }

    @Test
    void nothingIsReadOrSentBeforeATokenIsAskedFor() {
        connected.session();

        assertEquals(Map.of(), connected.simulator.calls());
        assertEquals(0, connected.tokenCache().read().version());
    }

    @Test
    void oneLoginServesEveryEnvironment() {
        var token = connected.session().accessToken(connected.soon());

        assertEquals(token, connected.session().accessToken(connected.soon()));
        assertEquals(1, connected.logins());
        assertEquals(1, connected.tokenCache().read().version());
    }

    /** Rule 33: many at once, of one instance, who all find that there is no token. */
    @Test
    void oneThreadObtainsASessionForAllOfAnInstance() throws Exception {
        var reads = new AtomicInteger();
        var session =
                connected.session(connected.standingClock, Intercepted.client(connected.stack.dynamoDb(), request -> {
                    if (request instanceof GetItemRequest) {
                        reads.incrementAndGet();
                    }
                }));

        var tokens = atOnce(50, _ -> () -> session.accessToken(connected.soon()));

        assertEquals(1, Set.copyOf(tokens).size());
        assertEquals(1, connected.logins());
        assertEquals(1, reads.get());
    }

    @Test
    @Tag("rule-15")
    void tokenIsRefreshedFiveMinutesAheadOfItsExpiry() {
        var session = connected.session();
        var token = session.accessToken(connected.soon());

        connected.clock.advance(HOUR.minus(AHEAD).minus(MOMENT));
        assertEquals(token, session.accessToken(connected.soon()));
        assertEquals(0, connected.refreshes());

        connected.clock.advance(MOMENT);
        var next = session.accessToken(connected.soon());
        assertNotEquals(token, next);
        assertEquals(next, connected.session().accessToken(connected.soon()));
        assertEquals(1, connected.refreshes());
        assertEquals(1, connected.logins());
        assertEquals(List.of(SessionEvent.RENEWED, SessionEvent.RENEWED), connected.events);
    }

    @Test
    @Tag("rule-15")
    void tokenWithoutAReadableExpiryIsGoodForAnHourFromReceipt() {
        connected.simulator.addFault(
                Fault.answer(200, Map.of(), "{\"access_token\":\"opaque\",\"refresh_token\":\"opaque\"}"));
        var session = connected.session();

        assertEquals("opaque", session.accessToken(connected.soon()).value());
        connected.clock.advance(HOUR.minus(AHEAD).minus(MOMENT));
        assertEquals("opaque", session.accessToken(connected.soon()).value());
        connected.clock.advance(MOMENT);
        assertNotEquals("opaque", session.accessToken(connected.soon()).value());
        assertEquals(1, connected.refreshes());
        assertEquals(2, connected.logins());
    }

    @Test
    void refreshThatIsRefusedTurnsIntoALogin() {
        var session = connected.session();
        session.accessToken(connected.soon());

        connected.clock.advance(Duration.ofHours(25));
        session.accessToken(connected.soon());

        assertEquals(1, connected.refreshes());
        assertEquals(2, connected.logins());
    }

    @Test
    void tokenThatIsStillGoodWillDoWhileItCannotBeRefreshed() {
        var session = connected.session();
        var token = session.accessToken(connected.soon());
        connected.clock.advance(HOUR.minus(AHEAD));
        connected.simulator.addFault(
                Fault.answer(503).on("POST", "/refresh-token").times(4));

        assertEquals(token, session.accessToken(connected.soon()));
        assertNotEquals(token, session.accessToken(connected.soon()));
    }

    @Test
    void tokenThatIsStillGoodWillDoWhileAnotherRefreshesIt() {
        var session = connected.session();
        var token = session.accessToken(connected.soon());
        connected.clock.advance(HOUR.minus(AHEAD));
        takeLease();

        assertEquals(token, session.accessToken(connected.soon()));
        assertEquals(List.of(), connected.pauses);
    }

    @Test
    @Tag("rule-16")
    void sessionThatOthersHaveRenewedIsUsed() {
        var failed = connected.session().accessToken(connected.soon());
        var late = connected.session();
        late.accessToken(connected.soon());
        var renewed = connected.session().renew(failed, connected.soon());

        assertEquals(renewed, late.renew(failed, connected.soon()));
        assertEquals(1, connected.refreshes());
    }

    @Test
    @Tag("rule-15")
    void fortyCallersInFiveEnvironmentsWithADeadSessionLogInOnce() throws Exception {
        var clients = IntStream.range(0, 5)
                .mapToObj(_ -> connected.client(connected.session(connected.standingClock)))
                .toList();
        clients.forEach(client -> client.catalog(connected.soon()));
        connected.simulator.endSessions();

        var sizes = atOnce(
                40,
                i -> () -> clients.get(i % clients.size())
                        .catalog(connected.soon())
                        .size());

        assertEquals(List.of(82), List.copyOf(Set.copyOf(sizes)));
        assertEquals(1, connected.refreshes());
        assertEquals(1 + 1, connected.logins());
    }

    @Test
    @Tag("rule-15")
    void fortyCallersOfAnEmptyCacheLogInOnce() throws Exception {
        var tokens =
                atOnce(40, _ -> () -> connected.session(connected.standingClock).accessToken(connected.soon()));

        assertEquals(1, Set.copyOf(tokens).size());
        assertEquals(1, connected.logins());
    }

    @Test
    @Tag("rule-15")
    void holderThatCrashedIsOvertakenWhenItsLeaseEnds() {
        var start = connected.now();
        takeLease();

        connected.session().accessToken(connected.soon());

        var waited = Duration.between(start, connected.now());
        assertTrue(waited.compareTo(Duration.ofSeconds(20)) >= 0, waited.toString());
        assertTrue(waited.compareTo(Duration.ofSeconds(21)) < 0, waited.toString());
        assertEquals(1, connected.logins());
    }

    @Test
    void holderIsPolledMoreAndMoreSlowly() {
        takeLease();

        connected.session().accessToken(connected.soon());

        assertEquals(
                List.of(50L, 100L, 200L, 400L, 500L, 500L),
                connected.pauses.stream().limit(6).map(Duration::toMillis).toList());
    }

    @Test
    void holderIsNotAwaitedBeyondTheDeadline() {
        takeLease();
        var deadline = connected.in(Duration.ofSeconds(3));

        assertThrows(
                LearningCenterUnavailableException.class,
                () -> connected.session().accessToken(deadline));

        assertFalse(connected.now().isAfter(deadline.at()));
        assertEquals(0, connected.logins());
    }

    @Test
    void holderThatFailsLetsTheNextOneTryAtOnce() {
        connected.simulator.addFault(Fault.answer(503).on("POST", "/login").times(4));
        assertThrows(
                LearningCenterUnavailableException.class,
                () -> connected.session().accessToken(connected.soon()));
        connected.pauses.clear();

        connected.session().accessToken(connected.soon());

        assertEquals(List.of(), connected.pauses);
    }

    @Test
    void holderIsDoneOrGivesUpBeforeItsLeaseEnds() {
        connected.simulator.addFault(
                Fault.retryAfter(503, Duration.ofSeconds(15)).on("POST", "/login"));

        assertThrows(
                LearningCenterUnavailableException.class,
                () -> connected.session().accessToken(connected.soon()));

        assertEquals(1, connected.logins());
    }

    @Test
    void holderThatLostItsLeaseStoresNothing() {
        var cache = connected.tokenCache();
        var slow = takeLease();
        connected.clock.advance(Duration.ofSeconds(20));
        var next = takeLease();

        assertTrue(cache.store(next, tokens("next")));

        assertFalse(cache.store(slow, tokens("slow")));
        assertFalse(cache.refuse(slow, LoginRefusal.after(null, "1", connected.now())));
        cache.release(slow);
        assertEquals("next", cache.read().tokens().accessToken().value());
    }

    /** Whose login took so long that another has a session by then: of two, one counts, for all. */
    @Test
    @Tag("rule-15")
    void holderThatWasOvertakenUsesTheSessionOfTheOther() {
        var others = new AtomicReference<AccessToken>();
        var overtaken = new Meanwhile().before(PutItemRequest.class, () -> {
            connected.clock.advance(Duration.ofSeconds(20));
            others.set(connected.session().accessToken(connected.soon()));
        });
        var session = connected.session(connected.standingClock, overtaken.client(connected.stack.dynamoDb()));

        var token = session.accessToken(connected.soon());

        assertTrue(overtaken.happened());
        assertEquals(others.get(), token);
        assertEquals(2, connected.logins());
        assertEquals(token, connected.tokenCache().read().tokens().accessToken());
    }

    /** The SDK repeats a request whose answer it did not get. */
    @Test
    void leaseThatItsHolderTakesAgainIsTakenAndNobodyElsesIs() {
        var dynamoDb = connected.stack.dynamoDb();
        var repeating = Intercepted.client(dynamoDb, request -> dynamoDb.updateItem((UpdateItemRequest) request));
        var cache = new TokenCache(repeating, connected.stack.table("TokenCacheTable"), connected.clock);

        assertTrue(cache.take(0).isPresent());
        assertFalse(connected.tokenCache().take(0).isPresent());
    }

    @Test
    @Tag("rule-15")
    void leaseIsForTheVersionThatWasFoundWanting() {
        var cache = connected.tokenCache();
        assertTrue(cache.store(takeLease(), tokens("first")));
        assertTrue(cache.store(takeLease(), tokens("second")));

        assertFalse(cache.take(0).isPresent());
        assertFalse(cache.take(1).isPresent());
        assertTrue(cache.take(2).isPresent());
    }

    @Test
    void answerThatHoldsNoTokenIsUnintelligible() {
        for (var body : List.of("{}", "{\"access_token\":\"two words\"}", "<html>", "[]")) {
            connected.simulator.addFault(Fault.answer(200, Map.of(), body));

            assertThrows(
                    UnintelligibleException.class, () -> connected.session().accessToken(connected.soon()));
        }
    }

    @Test
    void noTokenIsInAnyText() {
        var token = connected.session().accessToken(connected.soon());

        var session = connected.tokenCache().read();

        assertFalse(token.toString().contains("eyJ"));
        assertFalse(session.toString().contains("eyJ"), session.toString());
    }

    private Held takeLease() {
        var cache = connected.tokenCache();
        return cache.take(cache.read().version()).orElseThrow();
    }

    private Tokens tokens(String accessToken) {
        return Tokens.received(new AccessToken(accessToken), null, connected.now());
    }
}
