package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.TableStream;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.QuarantineReplay.UnknownEntryException;

/** Wire contract §7. */
class QuarantineReplayHandlerTest {
    private static final String GOOD = """
            {"ussf_id":"2020000004136762","action":"added","license_id":"referee_8","updated_at":"2026-01-10T15:04:05Z"}""";

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new QuarantineReplayHandler(stack.environment("QuarantineReplayFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void listsWhatWaits() {
        keep("/webhooks/user-license-update", "not JSON", "it is not JSON");

        var result = invoke("{\"list\":true}");

        assertEquals(0, result.path("replayed").intValue());
        assertEquals(1, result.path("stillQuarantined").intValue());
        var entry = result.path("entries").path(0);
        assertEquals("/webhooks/user-license-update", entry.path("route").asText());
        assertEquals("2026-01-11T00:00:00Z", entry.path("receivedAt").asText());
        assertEquals("it is not JSON", entry.path("reason").asText());
        assertEquals(4, entry.size());
    }

    /** The list holds no payloads, which may be many and large; one is shown whole, and stays. */
    @Test
    void showsOneWithItsPayload() {
        var payload = "not JSON: " + "ü".repeat(200_000);
        keep("/webhooks/user-license-update", payload, "it is not JSON");
        keep("/webhooks/user-update", "neither", "it is not JSON");
        var listed = invoke("{\"list\":true}").path("entries");
        var id = listed.findValuesAsText("id").stream()
                .filter(each -> listed.get(listed.findValuesAsText("id").indexOf(each))
                        .path("route")
                        .asText()
                        .equals("/webhooks/user-license-update"))
                .findFirst()
                .orElseThrow();

        var result = invoke("{\"id\":\"" + id + "\",\"show\":true}");

        assertEquals(0, result.path("replayed").intValue());
        assertEquals(2, result.path("stillQuarantined").intValue());
        assertEquals(1, result.path("entries").size());
        var entry = result.path("entries").path(0);
        assertEquals(id, entry.path("id").asText());
        assertEquals("2026-01-11T00:00:00Z", entry.path("receivedAt").asText());
        assertEquals(payload, entry.path("payload").asText());
        assertThrows(UnknownEntryException.class, () -> invoke("{\"id\":\"none\",\"show\":true}"));
    }

    @Test
    void replaysWhatCanBeUnderstoodNow() {
        keep("/webhooks/user-license-update", GOOD, "not understood: a mistake of ours, mended since");
        keep("/webhooks/user-license-update", "not JSON", "it is not JSON");

        assertEquals("{\"replayed\":1,\"stillQuarantined\":1}", invoke("{}").toString());
        assertEquals("{\"replayed\":0,\"stillQuarantined\":1}", invoke("{}").toString());
    }

    /** Of a change that no entry of the history could be made of, and can be now, one is made. */
    @Test
    void replaysARecordOfAStream() {
        var records = FunctionHarness.json(FunctionHarness.sampleText("change-history"))
                .path("Records");
        keep("/streams", records.get(0).toString(), "mended");

        assertEquals("{\"replayed\":1,\"stillQuarantined\":0}", invoke("{}").toString());

        assertEquals(List.of("license.removed 2020000004136762"), history());
    }

    /** A license that a move took along ended at the new id in a later state, which was never told: its history is looked through. */
    @Test
    void replaysARecordOfALicenseThatWasTakenAlong() {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        try (var stream = new TableStream(stack, "LicenseStoreTable")) {
            licenseStore().apply(license(former, LicenseState.ACTIVE, "2026-01-01T00:00:00Z"));
            licenseStore().apply(license(present, LicenseState.REMOVED, "2026-01-02T00:00:00Z"));
            licenseStore().markAndTakeAlong(former, present);
            var left = stream.next().stream()
                    .filter(record -> record.path("eventName").asText().equals("REMOVE"))
                    .toList();
            assertEquals(1, left.size());
            keep("/streams", left.getFirst().toString(), "mended");
            keep("/streams", left.getFirst().put("eventID", "another").toString(), "mended");
        }

        assertEquals("{\"replayed\":2,\"stillQuarantined\":0}", invoke("{}").toString());

        assertEquals(List.of("license.removed 2020000004136763"), history(), "once");
    }

    /** What could not be read of a full answer, and can be now, has the person asked about anew: it was so then. */
    @Test
    void replaysARowOfAFullAnswer() {
        keep("/users/{ussf_id}/user-licenses", """
                {"ussf_id":"2020000004136762","row":{"license_id":"referee_8","updated_at":"2026-01-10T15:04:05Z"}}""", "mended");

        assertEquals("{\"replayed\":1,\"stillQuarantined\":0}", invoke("{}").toString());

        var ussfId = UssfId.parse("2020000004136762");
        assertTrue(licenseStore().person(ussfId).isEmpty());
        assertTrue(new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system())
                .find(new Refresh(ussfId).id())
                .isPresent());
    }

    @Test
    void replaysOne() {
        keep("/webhooks/user-license-update", GOOD, "mended");
        keep("/webhooks/uss-licenses-update", "[{\"license_id\":\"referee_8\"}]", "mended");

        assertEquals(
                "{\"replayed\":1,\"stillQuarantined\":1}",
                invoke("{\"id\":\"" + idOf(0) + "\"}").toString());
    }

    @Test
    void givesOneUp() {
        keep("/webhooks/user-license-update", "not JSON", "it is not JSON");

        assertEquals(
                "{\"replayed\":0,\"stillQuarantined\":0}",
                invoke("{\"id\":\"" + idOf(0) + "\",\"discard\":true}").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/webhooks/uss-licenses-update", "/licenses"})
    void acceptsACatalogThatWasRefused(String route) {
        keep(route, "[]", "the list is empty");

        var accepted = "{\"id\":\"" + idOf(0) + "\",\"accept\":true}";
        assertEquals("{\"replayed\":1,\"stillQuarantined\":0}", invoke(accepted).toString());
        assertThrows(UnknownEntryException.class, () -> invoke(accepted));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"list\":false}",
                "{\"id\":5}",
                "{\"id\":\" \"}",
                "{\"accept\":true}",
                "{\"id\":\"x\",\"accept\":\"true\"}",
                "{\"id\":\"x\",\"accept\":true,\"discard\":true}",
                "{\"all\":true}",
                "[]"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refused.getMessage().contains("{\"list\":true} lists"), refused.getMessage());
    }

    /** Rule 7: through the same code as the webhook. */
    @Test
    @Tag("rule-7")
    void replaysEachKindAsItsWebhookWouldHave() {
        var former = "2020000004136762";
        var present = "2020000004136763";
        memberWithLicense(former);
        keep(
                "/webhooks/ussf-id-update",
                "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(former, present),
                "mended");
        keep(
                "/webhooks/user-update",
                "{\"ussf_id\":\"%s\",\"changed\":[\"referee_experience\",\"grassroots_referee_certificate\"]}"
                        .formatted(present),
                "mended");

        assertEquals("{\"replayed\":2,\"stillQuarantined\":0}", invoke("{}").toString());

        assertMovedAlong(present);
        // The subscription of the move, and both that the update names.
        assertEquals(
                3,
                new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system())
                        .outstanding(1_000)
                        .count());
    }

    private JsonNode invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }

    private String idOf(int index) {
        return invoke("{\"list\":true}").path("entries").path(index).path("id").asText();
    }

    private void keep(String route, String payload, String reason) {
        new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"))
                .keep(
                        Source.of(route).orElseThrow(),
                        payload.getBytes(StandardCharsets.UTF_8),
                        reason,
                        Instant.parse("2026-01-11T00:00:00Z"));
    }

    /** A member with that id, and a license of it. */
    private void memberWithLicense(String ussfId) {
        var member = new JsonObject()
                .put("firstName", "Vidar")
                .put("lastName", "Mlakar")
                .put("email", "vidar@test.com")
                .put("dateOfBirth", "1999-01-01")
                .put("ussfId", ussfId);
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(
                        MemberJson.read(MemberIdentifier.parse("CYSA-1"), member, LocalDate.parse("2026-03-01")),
                        Owed.NOTHING);
        licenseStore().apply(license(UssfId.parse(ussfId), LicenseState.ACTIVE, "2026-01-01T00:00:00Z"));
    }

    private static LicenseChange license(UssfId ussfId, LicenseState state, String updatedAt) {
        return new LicenseChange(
                ussfId, LicenseId.parse("referee_8", null), state, null, null, null, Instant.parse(updatedAt));
    }

    /** What the history tells: type and subject. */
    private List<String> history() {
        var table = stack.table("ChangeHistoryTable");
        return new ChangeHistory(stack.dynamoDb(), table, Duration.ofDays(400), InstantSource.system())
                .feed().from(1, 100).entries().stream()
                        .map(entry -> entry.type().wireName() + " " + entry.subject())
                        .toList();
    }

    private LicenseStore licenseStore() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private void assertMovedAlong(String ussfId) {
        var member = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .find(MemberIdentifier.parse("CYSA-1"))
                .orElseThrow();
        assertEquals(UssfId.parse(ussfId), member.enrollment().ussfId());
        assertFalse(licenseStore()
                .person(UssfId.parse(ussfId))
                .orElseThrow()
                .licenses()
                .isEmpty());
    }
}
