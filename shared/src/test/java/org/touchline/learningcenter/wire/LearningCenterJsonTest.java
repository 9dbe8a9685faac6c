package org.touchline.learningcenter.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;

/** Wire contract §1, each line of its table. */
class LearningCenterJsonTest {
    @Test
    void readsAChangeAsTheContractSpellsIt() {
        var change = change("""
                {"ussf_id":"2020000004136762","action":"added","license_id":"referee_8","issuer":"U.S. Soccer",
                 "issue_date":"2026-01-10","expiration_date":"2026-12-31","updated_at":"2026-03-01T12:00:00Z"}""");

        assertEquals("2020000004136762", change.ussfId().value());
        assertEquals(LicenseState.ACTIVE, change.state());
        assertEquals(new LicenseId("referee_8"), change.licenseId());
        assertEquals("U.S. Soccer", change.issuer());
        assertEquals(LocalDate.of(2026, 1, 10), change.issueDate());
        assertEquals(LocalDate.of(2026, 12, 31), change.expirationDate());
        assertEquals(Instant.parse("2026-03-01T12:00:00Z"), change.updatedAt());
    }

    @Test
    void fieldNamesMatchWhateverTheirCaseDashesUnderscoresAndSpaces() {
        var change = change("""
                {"USSF-ID":"2020-0000-0413-6762","Action":"REMOVED","License ID":" Referee_8 ","ISSUER":"x","issue-date":"2026-01-10",
                 "Expiration Date":null,"UpdatedAt":"2026-03-01T12:00:00Z","anything else":{"is":"ignored"}}""");

        assertEquals("2020000004136762", change.ussfId().value());
        assertEquals(LicenseState.REMOVED, change.state());
        assertEquals(LocalDate.of(2026, 1, 10), change.issueDate());
        assertNull(change.expirationDate());
    }

    @Test
    void numbersAsTextAndTextsAsNumbersAreAccepted() {
        var change = change("""
                {"ussf_id":2020000004136762,"action":"updated","license_id":8,"discipline":"Referee","issuer":77,
                 "updated_at":"1772366400"}""");

        assertEquals("2020000004136762", change.ussfId().value());
        assertEquals("referee_8", change.licenseId().value());
        assertEquals("77", change.issuer());
        assertEquals(Instant.parse("2026-03-01T12:00:00Z"), change.updatedAt());
    }

    @Test
    void oneFieldInTwoSpellingsIsReadIfTheyAgreeAndRefusedIfNot() {
        assertEquals(
                "2020000004136762",
                change(with("USSF-ID", "\"2020000004136762\"")).ussfId().value());
        assertUnintelligible(
                "ussf_id is there twice, in two spellings, with different values", with("USSF-ID", "\"1\""));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
        "2026-03-01T07:00:00-05:00, 2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00+0000, 2026-03-01T12:00:00Z",
        "2026-03-01 07:00:00-05, 2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00, 2026-03-01T12:00:00Z",
        "2026-03-01 12:00:00, 2026-03-01T12:00:00Z",
        "2026-03-01t12:00:00.123456z, 2026-03-01T12:00:00.123456Z",
        "2026-03-01 12:00:00.5, 2026-03-01T12:00:00.500Z",
        "2026-03-01T12:00Z, 2026-03-01T12:00:00Z",
        "1772366400, 2026-03-01T12:00:00Z",
        "1772366400.123456789, 2026-03-01T12:00:00.123456789Z",
    })
    void everyFormOfATimestampIsTheSameInstant(String written, String instant) {
        assertEquals(
                Instant.parse(instant),
                change(with("updated_at", '"' + written + '"')).updatedAt());
        if (written.startsWith("17")) {
            assertEquals(
                    Instant.parse(instant), change(with("updated_at", written)).updatedAt());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"yesterday\"",
                "\"2026-03-01\"",
                "\"2026-02-30T12:00:00Z\"",
                "\"03/01/2026 12:00\"",
                "177236640",
                "1772366400000",
                "1e999999999",
                "\"-1\"",
                "true",
                "{}",
                "[]",
                "\"1969-12-31T23:59:59Z\"",
                "\"+12026-03-01T12:00:00Z\"",
                "\"2026-03-0112:00:00\"",
                "\"2026-03-01T 12:00:00Z\"",
                "\"2026-03-01T12:00:00ZZ\"",
                "\"2026-03-01T12:00:00+25:00\""
            })
    void whatIsNoTimestampIsUnintelligible(String written) {
        assertThrows(UnintelligibleException.class, () -> change(with("updated_at", written)));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "'\"2026-01-10\"', 2026-01-10",
                "'\"2026-01-10T23:59:59-05:00\"', 2026-01-10",
                "'\"2026-01-10 00:00:00\"', 2026-01-10",
                "null, none",
                "'\"\"', none",
                "'\"0000-00-00\"', none",
                "'\"0000-00-00 00:00:00\"', none",
            })
    void datesAreCutFromDateTimesAndEmptyOnesMeanNone(String written, LocalDate date) {
        assertEquals(date, change(with("expiration_date", written)).expirationDate());
    }

    /** An expiration date that nobody could read must not turn into a license that never expires. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"12/31/2026\"",
                "\"2026-13-01\"",
                "\"2026-02-30\"",
                "\"2026-01-10 at noon\"",
                "\"0000-00-00xyz\"",
                "\"0000-00-00T99:99\"",
                "5",
                "false",
                "[]"
            })
    void whatIsNoDateIsUnintelligible(String written) {
        assertUnintelligibleField("expiration_date", with("expiration_date", written));
    }

    @Test
    void fieldsThatNobodyReadsMaySayWhatTheyLike() {
        var change = change(with("Foo-Bar", "1").replace("}", ",\"foo_bar\":2,\"Name\":{},\"name\":[]}"));

        assertEquals(new LicenseId("referee_8"), change.licenseId());
    }

    /** Of two values in one field, nobody knows which is meant. */
    @ParameterizedTest
    @ValueSource(strings = {"\"action\":\"removed\"", "\"expiration_date\":\"2020-01-01\",\"expiration_date\":null"})
    void fieldThatIsThereTwiceIsUnintelligible(String fields) {
        assertThrows(
                UnintelligibleException.class,
                () -> change(with("issuer", "\"x\"").replace("}", "," + fields + ",\"action\":\"added\"}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ussf_id", "action", "license_id", "updated_at"})
    void requiredFieldsMustBeThere(String field) {
        assertUnintelligible(field + " is missing", with(field, "null"));
        assertUnintelligible(field + " is missing", with(field, "\" \""));
    }

    @Test
    void unknownActionIsUnintelligible() {
        assertUnintelligible("action is not one of added, updated, removed", with("action", "\"revoked\""));
    }

    @Test
    void reasonHoldsNothingOfWhatWasThere() {
        var refused = assertThrows(UnintelligibleException.class, () -> change(with("updated_at", "\"1977-01-31\"")));

        assertFalse(refused.getMessage().contains("1977"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5", "null"})
    void changeIsAnObject(String written) {
        assertThrows(UnintelligibleException.class, () -> change(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}{}", "not JSON", "\u0000"})
    void whatIsNotJsonIsUnintelligible(String written) {
        assertThrows(UnintelligibleException.class, () -> LearningCenterJson.parse(bytes(written)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "{\"data\":%s}", "{\"licenses\":%s}", "{\"Licenses\":%s,\"total\":1}"})
    void listIsABareArrayOrHeldByAnObject(String form) {
        var list =
                "[{\"License_id\":8,\"Name\":\"Referee\",\"Discipline\":\"referee\",\"Type\":\"referee_pathway\",\"Rank\":\"10\"}]";

        assertEquals(
                List.of(new CatalogEntry(
                        new LicenseId("referee_8"), "Referee", "referee", "referee_pathway", 10, false)),
                LearningCenterJson.catalog(LearningCenterJson.parse(bytes(form.formatted(list)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\":{}}",
                "[5]",
                "[{\"name\":\"no id\"}]",
                "[{\"license_id\":\"x\",\"rank\":\"first\"}]"
            })
    void listWithAnythingUnreadableIsUnintelligibleAsAWhole(String written) {
        assertThrows(
                UnintelligibleException.class,
                () -> LearningCenterJson.catalog(LearningCenterJson.parse(bytes(written))));
    }

    private static void assertUnintelligible(String reason, String json) {
        assertEquals(
                reason,
                assertThrows(UnintelligibleException.class, () -> change(json)).getMessage());
    }

    private static void assertUnintelligibleField(String field, String json) {
        var reason =
                assertThrows(UnintelligibleException.class, () -> change(json)).getMessage();
        assertEquals(field, reason.substring(0, field.length()));
    }

    private static LicenseChange change(String json) {
        return LearningCenterJson.licenseChange(
                LearningCenterJson.parse(bytes(json)), Instant.parse("2026-03-01T12:00:00Z"));
    }

    /** A good change with one field set to something else, or a field more. */
    private static String with(String field, String value) {
        var fields = new LinkedHashMap<>(Map.of(
                "ussf_id", "\"2020000004136762\"",
                "action", "\"added\"",
                "license_id", "\"referee_8\"",
                "updated_at", "\"2026-03-01T12:00:00Z\""));
        fields.put(field, value);
        var json = new StringBuilder();
        fields.forEach((name, written) -> json.append(json.isEmpty() ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(written));
        return "{" + json + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
