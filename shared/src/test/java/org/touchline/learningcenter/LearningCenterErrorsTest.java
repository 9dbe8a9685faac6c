package org.touchline.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.Organization;
import org.touchline.license.UssfId;
import org.touchline.secret.UnusableSecretException;

/** Wire contract §2, each error; design rules 16 and 18. */
class LearningCenterErrorsTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId NOBODY = new UssfId("1111111111111111");
    private static final LocalDate BIRTH_DATE = LocalDate.of(1999, 1, 1);
    private static final String PAYER = "1001";

    private ConnectedStack connected;
    private LearningCenterClient client;

    @BeforeEach
    void connect() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        client = connected.client(connected.session());
    }

    @AfterEach
    void disconnect() {
        if (connected != null) {
            connected.close();
        }
    }

    @Test
    void refusalSaysItsStatusAndTheLearningCentersReason() {
        var used = client.createSubsidy(PAYER, VIDAR, soon()).subsidyId();
        connected.simulator.useSubsidy(used);
        assertRefused(409, "the subsidy has been used", () -> {
            client.deleteSubsidy(used, soon());
            return null;
        });
        assertRefused(
                403, "payer_organization has not authorized you", () -> client.subsidies("9", null, null, soon()));

        connected.simulator.authorizedBy(List.<Organization>of());
        assertEquals(List.of(), client.subsidyOrganizations(soon()));
        assertRefused(403, "no organization has authorized you", () -> client.createSubsidy(PAYER, VIDAR, soon()));
    }

    @Test
    void whoNeverWasIsUnknownInEveryCall() {
        for (var call : callsAbout(NOBODY)) {
            assertThrows(UnknownUssfIdException.class, call::get);
        }
    }

    /** Rule 18. */
    @Test
    void whoMovedHasANewIdInEveryCallAndIsFollowed() {
        var next = new UssfId("3000000000000001");
        var last = new UssfId("3000000000000002");
        connected.simulator.changeSilently().ussfId(VIDAR.value(), next.value());
        for (var call : callsAbout(VIDAR)) {
            assertEquals(
                    next, assertThrows(UssfIdChangedException.class, call::get).newUssfId());
        }
        connected.simulator.changeSilently().ussfId(next.value(), last.value());
        var moves = new ArrayList<UssfId>();

        var licenses = UssfIdMoves.follow(
                VIDAR,
                ussfId -> client.licenses(ussfId, soon()),
                (before, after) -> moves.addAll(List.of(before, after)));

        assertEquals(last, licenses.getFirst().ussfId());
        assertEquals(List.of(VIDAR, next, next, last), moves);
    }

    @Test
    void birthDateOfSomebodyElseIsAMismatch() {
        assertThrows(BirthDateMismatchException.class, () -> client.licenses(VIDAR, BIRTH_DATE.plusDays(1), soon()));
    }

    @Test
    void answerThatIsNotTheLearningCentersIsUnintelligible() {
        for (var fault : List.of(
                Fault.htmlPage(200),
                Fault.answer(200, Map.of(), "[{\"license_id\":\"referee_8\",\"updated_at\":\"2026-03"),
                Fault.answer(200, Map.of(), "{}"),
                Fault.answer(200),
                Fault.answer(302, Map.of("Location", "https://example.com/"), ""),
                Fault.answer(410),
                Fault.answer(410, Map.of(), "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"5\"}"),
                // Believed, it would fail an enrollment.
                Fault.htmlPage(404),
                Fault.answer(404, Map.of(), "not found"))) {
            connected.simulator.addFault(fault.on("GET", "/users/{ussf_id}/user-licenses"));

            assertThrows(UnintelligibleException.class, () -> client.licenses(VIDAR, soon()), fault.toString());
        }
        connected.simulator.addFault(Fault.htmlPage(200).on("POST", "/users"));
        assertThrows(UnintelligibleException.class, () -> client.subscribe(VIDAR, soon()));
    }

    /** Of these calls the document promises a status and no more (Connect API, "Response"); some servers call nothing a page. */
    @Test
    void emptyAnswerIsNoPageWhateverItsTypeSays() {
        connected.simulator.addFault(Fault.answer(200, Map.of("Content-Type", "text/html; charset=UTF-8"), "")
                .on("POST", "/users"));

        client.subscribe(VIDAR, soon());

        assertEquals(1, connected.simulator.calls("POST /users/{ussf_id}/subscriptions"));
    }

    @Test
    void errorPageThatPassesIsTriedAgain() {
        connected.simulator.addFault(Fault.htmlPage(502).on("GET", "/licenses"));

        assertEquals(82, client.catalog(soon()).size());
        assertEquals(2, connected.simulator.calls("GET /licenses"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "half"})
    void answerThatBreaksOffIsAskedForAgain(String how) {
        client.catalog(soon());
        connected.simulator.addFault(
                (how.equals("drop") ? Fault.droppedConnection() : Fault.halfBody()).on("GET", "/users"));

        assertEquals(3, client.licenses(VIDAR, soon()).size());
    }

    /** Rule 16: refresh once. */
    @Test
    void tokenThatIsRefusedIsRefreshedOnce() {
        client.catalog(soon());
        connected.simulator.addFault(Fault.answer(401).on("GET", "/licenses"));

        client.catalog(soon());

        assertEquals(List.of(1, 1), List.of(connected.logins(), connected.refreshes()));
    }

    /** Rule 16: log in once. */
    @Test
    void sessionThatIsOverIsRefreshedInVainAndThenBegunAnew() {
        client.catalog(soon());
        connected.simulator.endSessions();

        client.catalog(soon());

        assertEquals(List.of(2, 1), List.of(connected.logins(), connected.refreshes()));
        assertEquals(3, connected.simulator.calls("GET /licenses"));
    }

    /** Rule 16: a refreshed token that is no better. */
    @Test
    void refreshedTokenThatIsRefusedTooMakesALogin() {
        client.catalog(soon());
        connected.simulator.addFault(Fault.answer(401).on("GET", "/licenses").times(2));

        client.catalog(soon());

        assertEquals(List.of(2, 1), List.of(connected.logins(), connected.refreshes()));
    }

    /** Rule 16: then it fails with an error that names the secret. */
    @Test
    void afterALoginInVainTheSecretIsNamed() {
        connected.simulator.addFault(Fault.answer(401).on("GET", "/licenses").times(9));

        var refused = assertThrows(UnusableSecretException.class, () -> client.catalog(soon()));

        assertTrue(refused.getMessage().contains(ConnectedStack.SECRET), refused.getMessage());
        assertEquals(List.of(2, 1), List.of(connected.logins(), connected.refreshes()));
        assertEquals(3, connected.simulator.calls("GET /licenses"));
    }

    private List<Supplier<?>> callsAbout(UssfId ussfId) {
        return List.of(
                () -> client.licenses(ussfId, soon()),
                () -> client.licenses(ussfId, BIRTH_DATE, soon()),
                () -> client.refereeExperience(ussfId, soon()),
                () -> client.grassrootsCertificate(ussfId, soon()),
                () -> told(() -> client.subscribe(ussfId, soon())),
                () -> told(() -> client.unsubscribe(ussfId, soon())),
                () -> told(() -> client.drillUserLicenseUpdate(ussfId, soon())));
    }

    private static boolean told(Runnable call) {
        call.run();
        return true;
    }

    private static void assertRefused(int status, String reason, Supplier<?> call) {
        var refused = assertThrows(RefusedException.class, call::get);
        assertEquals(status, refused.status());
        assertEquals(reason, refused.reason());
        assertFalse(refused.getMessage().contains(reason));
    }

    private Deadline soon() {
        return connected.soon();
    }
}
