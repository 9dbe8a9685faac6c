package org.touchline.learningcenter.client;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.Organization;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.UssfId;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

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

    /** Wire contract §2: only licenses and subscribe decide; of what is optional it is a refusal, and there is nothing to unsubscribe. */
    @Test
    @Tag("rule-24")
    void whoNeverWasIsUnknownWhereThatIsDecidedAndRefusedElsewhere() {
        assertThrows(UnknownUssfIdException.class, () -> client.licenses(NOBODY, soon()));
        assertThrows(UnknownUssfIdException.class, () -> client.licenses(NOBODY, BIRTH_DATE, soon()));
        assertThrows(UnknownUssfIdException.class, () -> client.subscribe(NOBODY, soon()));
        assertRefused(404, "ussf_id does not exist", () -> client.refereeExperience(NOBODY, soon()));
        assertRefused(404, "ussf_id does not exist", () -> client.grassrootsCertificate(NOBODY, soon()));
        assertRefused(404, "ussf_id does not exist", () -> told(() -> client.drillUserLicenseUpdate(NOBODY, soon())));
        client.unsubscribe(NOBODY, soon());
    }

    /** Design rule 24: in words that the contract knows, wherever it says that they may be. */
    @ParameterizedTest
    @Tag("rule-24")
    @ValueSource(
            strings = {
                "{\"message\":\"ussf_id does not exist\"}",
                "{\"Error\":\"USSF-ID does not exist.\"}",
                "{\"error\":{\"code\":5},\"error_description\":\"The ussf_id 'x' … Ussf Id Does Not Exist!\"}",
                "{\"status\":404,\"title\":\"Not Found\",\"detail\":\"ussf_id does not exist\"}",
                "{\"title\":\"USSF_ID DOES NOT EXIST\"}",
                "ussf_id does not exist",
                "\"ussf_id does not exist\"",
                "<p>ussf_id does not exist</p>"
            })
    void personIsUnknownWhereTheAnswerSaysSo(String body) {
        connected.simulator.addFault(Fault.answer(404, Map.of(), body).on("GET", "/users/{ussf_id}/user-licenses"));

        assertThrows(UnknownUssfIdException.class, () -> client.licenses(VIDAR, soon()));
    }

    /** Design rule 24: whatever else it is, nothing that is held of the person changes by it. */
    @ParameterizedTest
    @Tag("rule-24")
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"message\":\"Not Found\"}",
                "{\"message\":{\"text\":\"ussf_id does not exist\"}}",
                "{\"path\":\"ussf_id does not exist\"}",
                "[{\"message\":\"ussf_id does not exist\"}]",
                "{\"message\":\"ussf_id does not exist",
                "not found",
                "<html><body>404 Not Found</body></html>"
            })
    void any404ThatSaysNothingOfThePersonIsARefusal(String body) {
        for (var path : List.of("/users/{ussf_id}/user-licenses", "/users/{ussf_id}/subscriptions")) {
            connected.simulator.addFault(Fault.answer(404, Map.of(), body).on(null, path));
        }

        assertEquals(404, refused(() -> client.licenses(VIDAR, soon())).status());
        assertEquals(
                404, refused(() -> told(() -> client.subscribe(VIDAR, soon()))).status());
    }

    /** A text body counts up to 1 KiB: more is a page. */
    @Test
    void textOfMoreThanAKibibyteIsNoMessage() {
        var longest = "x".repeat(1024 - "ussf_id does not exist".length()) + "ussf_id does not exist";
        for (var body : List.of(longest, "x" + longest)) {
            connected.simulator.addFault(Fault.answer(404, Map.of(), body).on("GET", "/users/{ussf_id}/user-licenses"));
        }

        assertThrows(UnknownUssfIdException.class, () -> client.licenses(VIDAR, soon()));
        assertThrows(RefusedException.class, () -> client.licenses(VIDAR, soon()));
    }

    @ParameterizedTest
    @Tag("rule-24")
    @ValueSource(strings = {"", "{\"message\":\"dob is malformed\"}", "{\"message\":\"ussf_id does not exist\"}"})
    void any400ThatSaysNothingOfTheBirthDateIsARefusal(String body) {
        connected.simulator.addFault(Fault.answer(400, Map.of(), body).on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals(
                400, refused(() -> client.licenses(VIDAR, BIRTH_DATE, soon())).status());
    }

    /** Wire contract §2: 410 needs a new id of 16 digits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gone",
                "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"5\"}",
                "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"2020000004136762\"}"
            })
    void any410WithoutANewIdIsARefusal(String body) {
        connected.simulator.addFault(Fault.answer(410, Map.of(), body).on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals(410, refused(() -> client.licenses(VIDAR, soon())).status());
    }

    /** Wire contract §2: of unsubscribing, every 404. */
    @Test
    void whereThereIsNothingToUnsubscribeItIsDone() {
        for (var body : List.of("", "<html>Not Found</html>", "{\"message\":\"ussf_id does not exist\"}")) {
            connected.simulator.addFault(Fault.answer(404, Map.of(), body).on("DELETE", "/users"));

            client.unsubscribe(VIDAR, soon());
        }
        connected.simulator.addFault(Fault.answer(403).on("DELETE", "/users"));
        assertThrows(RefusedException.class, () -> client.unsubscribe(VIDAR, soon()));
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
                Fault.answer(302, Map.of("Location", "https://example.com/"), ""))) {
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
    @Tag("rule-16")
    void tokenThatIsRefusedIsRefreshedOnce() {
        client.catalog(soon());
        connected.simulator.addFault(Fault.answer(401).on("GET", "/licenses"));

        client.catalog(soon());

        assertEquals(List.of(1, 1), List.of(connected.logins(), connected.refreshes()));
    }

    /** Rule 16: log in once. */
    @Test
    @Tag("rule-16")
    void sessionThatIsOverIsRefreshedInVainAndThenBegunAnew() {
        client.catalog(soon());
        connected.simulator.endSessions();

        client.catalog(soon());

        assertEquals(List.of(2, 1), List.of(connected.logins(), connected.refreshes()));
        assertEquals(3, connected.simulator.calls("GET /licenses"));
    }

    /** Rule 16: a refreshed token that is no better. */
    @Test
    @Tag("rule-16")
    void refreshedTokenThatIsRefusedTooMakesALogin() {
        client.catalog(soon());
        connected.simulator.addFault(Fault.answer(401).on("GET", "/licenses").times(2));

        client.catalog(soon());

        assertEquals(List.of(2, 1), List.of(connected.logins(), connected.refreshes()));
    }

    /** Rule 16: then it fails with an error that names the secret. */
    @Test
    @Tag("rule-16")
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

    private static RefusedException refused(Supplier<?> call) {
        return assertThrows(RefusedException.class, call::get);
    }

    private static void assertRefused(int status, String reason, Supplier<?> call) {
        var refused = refused(call);
        assertEquals(status, refused.status());
        assertEquals(reason, refused.reason());
        assertFalse(refused.getMessage().contains(reason));
    }

    private Deadline soon() {
        return connected.soon();
    }
}
