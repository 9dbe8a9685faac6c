package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.catalog.LicenseCatalogSync.QuarantinedListException;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import org.touchline.secret.UnusableSecretException;

/** Wire contract §7, against the simulator; design rule 9 in full is tested in {@code shared}. */
class LicenseCatalogSyncHandlerTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        simulator = LearningCenterSimulator.start();
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        var environment = new HashMap<>(stack.environment("LicenseCatalogSyncFunction"));
        environment.put("LEARNING_CENTER_BASE_URL", simulator.baseUrl().toString());
        function = new FunctionHarness(writingTo(printed, environment), Duration.ofMinutes(2));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void scheduledEventTakesTheListOverAndAPersonSeesThatItIsSo() {
        assertEquals(
                "{\"total\":82,\"added\":82,\"changed\":0,\"retired\":0,\"unchanged\":0}",
                function.invoke(FunctionHarness.sampleText("license-catalog-sync")));

        simulator.changeSilently().removeCatalogLicense("referee_8");
        assertEquals("{\"total\":81,\"added\":0,\"changed\":0,\"retired\":1,\"unchanged\":81}", function.invoke("{}"));
    }

    /** Rules 7 and 9. */
    @Test
    void listThatIsRefusedFailsTheInvocationWithTheReasonAndIsCounted() {
        simulator.changeSilently().catalog(List.of());

        var refused = assertThrows(QuarantinedListException.class, () -> function.invoke("{}"));

        assertEquals(
                "the list of licenses is in quarantine, and the catalog as it was: the list is empty",
                refused.getMessage());
        assertEquals(1, countedAsQuarantined());
    }

    /** Rule 27: so that somebody else notices when it stops. What was tried in vain is noted, too, as long as nothing was done. */
    @Test
    void endIsNoted() {
        var notes = new ScheduleNotes(stack.dynamoDb(), stack.table("LicenseStoreTable"), InstantSource.system());
        simulator.addFault(Fault.answer(200, Map.of(), "[]").on("GET", "/licenses"));
        assertThrows(QuarantinedListException.class, () -> function.invoke("{}"));
        var tried = notes.read().since().get(Scheduled.LICENSE_CATALOG_SYNC);

        function.invoke(FunctionHarness.sampleText("license-catalog-sync"));

        assertTrue(notes.read().since().get(Scheduled.LICENSE_CATALOG_SYNC).isAfter(tried));
    }

    @Test
    void listThatIsReadInPartIsCounted() {
        simulator.addFault(Fault.answer(
                        200,
                        Map.of("Content-Type", "application/json"),
                        "[{\"license_id\":\"referee_8\"},{\"name\":\"no id\"}]")
                .on("GET", "/licenses"));

        assertEquals("{\"total\":1,\"added\":1,\"changed\":0,\"retired\":0,\"unchanged\":0}", function.invoke("{}"));

        assertEquals(1, countedAsQuarantined());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"accept\":true}", "[]"})
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));

        assertTrue(refused.getMessage().contains("{} takes over"), refused.getMessage());
    }

    /** Rule 20: the schedule of a new stack ends quietly, a person is told. */
    @Test
    void withoutCredentialsTheScheduleNamesTheSecretInTheLogAndAPersonGetsAnError() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertEquals("{\"status\":\"skipped\"}", function.invoke(FunctionHarness.sampleText("license-catalog-sync")));
        assertTrue(function.logged().contains("LearningCenterCredentialsSecret"), function.logged());
        assertThrows(UnusableSecretException.class, () -> function.invoke("{}"));
    }

    /** What goes to standard output, where CloudWatch finds it; the function takes hold of that when it is made. */
    private static LicenseCatalogSyncHandler writingTo(ByteArrayOutputStream out, Map<String, String> environment) {
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new LicenseCatalogSyncHandler(environment);
        } finally {
            System.setOut(before);
        }
    }

    private int countedAsQuarantined() {
        return FunctionHarness.json(printed.toString(StandardCharsets.UTF_8))
                .path("Quarantined")
                .intValue();
    }
}
