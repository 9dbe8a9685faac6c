package org.touchline.learningcenter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.learningcenter.session.ConnectedStack.CREDENTIALS;
import static org.touchline.learningcenter.session.ConnectedStack.SECRET;
import static org.touchline.learningcenter.session.ConnectedStack.WRONG_CREDENTIALS;
import static org.touchline.learningcenter.session.ConnectedStack.atOnce;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.session.LearningCenterSession.SessionEvent;
import org.touchline.secret.UnusableSecretException;

/** Design rules 16 and 20: credentials that are refused, or not there. */
class LoginRefusalTest {
    private ConnectedStack connected;

    @BeforeEach
    void connect() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        connected.stack.putSecret(SECRET, WRONG_CREDENTIALS);
    }

    @AfterEach
    void disconnect() {
        if (connected != null) {
            connected.close();
        }
    }

    @Test
    @Tag("rule-16")
    void fiftyCallersInFiveEnvironmentsTryWrongCredentialsOnce() throws Exception {
        var sessions = IntStream.range(0, 5)
                .mapToObj(_ -> connected.session(connected.standingClock))
                .toList();

        atOnce(50, i -> () -> assertRefused(sessions.get(i % sessions.size())));

        assertEquals(1, connected.logins());
        assertEquals(List.of(SessionEvent.REFUSED), connected.events);
    }

    @Test
    @Tag("rule-16")
    void nobodyTriesAgainBeforeAPauseThatDoublesUpToAQuarterOfAnHour() {
        assertRefused(connected.session());

        var tries = 1;
        for (var seconds : new int[] {5, 10, 20, 40, 80, 160, 320, 640, 900, 900}) {
            connected.clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertRefused(connected.session());
            assertEquals(tries, connected.logins(), "before " + seconds + " s");

            connected.clock.advance(Duration.ofMillis(1));
            assertRefused(connected.session());
            assertEquals(++tries, connected.logins(), "after " + seconds + " s");
        }
    }

    @Test
    @Tag("rule-16")
    void correctedSecretWorksAtOnceInTheEnvironmentThatWasRefused() {
        var session = connected.session();
        assertRefused(session);
        assertRefused(session);

        connected.stack.putSecret(SECRET, CREDENTIALS);

        session.accessToken(connected.soon());
        assertEquals(2, connected.logins());
    }

    @Test
    void secretThatWasCorrectedSinceItWasReadWorksInTheVeryCallThatFindsOut() {
        connected.stack.putSecret(SECRET, CREDENTIALS);
        var session = connected.session();
        var token = session.accessToken(connected.soon());
        connected.simulator.endSessions();
        connected.simulator.addFault(Fault.answer(401).on("POST", "/login"));

        connected.stack.putSecret(SECRET, CREDENTIALS.replace("{", "{ "));

        session.renew(token, connected.soon());
        assertEquals(3, connected.logins());
    }

    @Test
    void otherWrongCredentialsAreTriedOnceAndCountFromTheStart() {
        assertRefused(connected.session());
        connected.clock.advance(Duration.ofSeconds(5));
        assertRefused(connected.session());

        connected.stack.putSecret(SECRET, WRONG_CREDENTIALS.replace("wrong", "wrong again"));
        assertRefused(connected.session());
        assertRefused(connected.session());

        assertEquals(3, connected.logins());
        assertEquals(1, connected.tokenCache().read().refusal().count());
    }

    @Test
    @Tag("rule-16")
    void personMayTryOnceAlthoughItWasRefused() {
        var session = connected.session();
        assertRefused(session);

        session.allowOneLogin();
        assertRefused(session);
        assertRefused(session);

        assertEquals(2, connected.logins());
    }

    @Test
    void passwordThatTheLearningCenterAcceptsAgainEndsTheRefusal() {
        connected.stack.putSecret(SECRET, CREDENTIALS);
        connected.simulator.addFault(Fault.answer(403).on("POST", "/login"));
        assertRefused(connected.session());

        connected.clock.advance(Duration.ofSeconds(5));
        connected.session().accessToken(connected.soon());

        assertNull(connected.tokenCache().read().refusal());
    }

    @Test
    void loginThatIsRefusedForAnotherReasonIsNoFaultOfTheSecret() {
        connected.simulator.addFault(Fault.answer(404).on("POST", "/login"));

        var refused =
                assertThrows(RefusedException.class, () -> connected.session().accessToken(connected.soon()));

        assertEquals("POST /login was refused with 404", refused.getMessage());
        assertNull(connected.tokenCache().read().refusal());
    }

    /** Rule 20. */
    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(
            strings = {
                "{\"username\":\"replace-me\",\"password\":\"replace-me\"}",
                "{\"username\":\"local-username\",\"password\":\"replace-me\"}",
                "{\"username\":\"\",\"password\":\"x\"}",
                "{\"username\":\"local-username\"}",
                "{}",
                "replace-me"
            })
    void withoutAValueNobodyIsAskedAndOnceItIsSetItWorksAtOnce(String value) {
        connected.stack.putSecret(SECRET, value);
        var session = connected.session();
        assertRefused(session);
        assertRefused(session);
        assertEquals(0, connected.logins());

        connected.stack.putSecret(SECRET, CREDENTIALS);

        session.accessToken(connected.soon());
        assertEquals(1, connected.logins());
    }

    private UnusableSecretException assertRefused(LearningCenterSession session) {
        var refused = assertThrows(UnusableSecretException.class, () -> session.accessToken(connected.soon()));
        assertTrue(refused.getMessage().contains(connected.stack.secret(SECRET)), refused.getMessage());
        return refused;
    }
}
