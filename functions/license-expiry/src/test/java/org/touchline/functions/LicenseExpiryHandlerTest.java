package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.change.ChangeHistory;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.StandardOutput;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.lambda.UnusableSettingException;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7 and §9; which days are told is tried out in {@code shared}. */
class LicenseExpiryHandlerTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final LocalDate TODAY = LocalDate.now(ZoneId.of("America/New_York"));
    private static final String NOTHING_THROUGH = "{\"through\":null,\"expiring\":0,\"expired\":0}";

    private EmbeddedStack stack;
    private Map<String, String> environment;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        environment = new HashMap<>(stack.environment("LicenseExpiryFunction"));
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("MemberDirectoryTable"))
                        .item(Map.of(
                                "memberIdentifier", AttributeValue.fromS("CYSA-1001"),
                                "enrollmentStatus", AttributeValue.fromS("enrolled"),
                                "holdsUssfId", AttributeValue.fromS(VIDAR.value()))));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void noticesAreEntriesOfTheHistoryEachOnce() {
        license("referee_8", TODAY.plusDays(7));
        license("coach_6", TODAY.minusDays(1));
        license("coach_15", TODAY.plusDays(8));

        assertEquals(result(TODAY, 1, 1), invoke(FunctionHarness.sampleText("license-expiry")));
        assertEquals(result(TODAY, 0, 0), invoke("{}"));

        assertEquals(
                List.of("license.expired", "license.expiring"),
                entries().map(entry -> entry.type().wireName()).toList());
    }

    @Test
    void daysWithoutARunAreMadeUpFor() {
        license("referee_8", TODAY.plusDays(5));
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .item(Map.of(
                                "pk", AttributeValue.fromS("license-expiry"),
                                "sk", AttributeValue.fromS("checkpoint"),
                                "through",
                                        AttributeValue.fromS(TODAY.minusDays(4).toString()))));

        assertEquals(result(TODAY, 1, 0), invoke("{}"));
        var data = entries().findFirst().orElseThrow().data();
        assertEquals("7", data.path("notice").asText());
        assertEquals("5", data.path("daysLeft").asText());
    }

    @Test
    void daysAreThoseThatAreSet() {
        license("referee_8", TODAY.plusDays(14));
        environment.put("EXPIRY_NOTICE_DAYS", "14, 3");

        assertEquals(result(TODAY, 1, 0), invoke("{}"));

        environment.put("EXPIRY_NOTICE_DAYS", "soon");
        assertThrows(UnusableSettingException.class, () -> invoke("{}"));
    }

    /** Design rules 27 and 32. */
    @Test
    void whatTimeEndsIsGoneOnWithAndTheEndIsNoted() {
        license("referee_8", TODAY.plusDays(7));
        assertEquals(NOTHING_THROUGH, invoke("{\"resume\":true}"));
        assertEquals(Map.of(), schedules());

        assertEquals(NOTHING_THROUGH, invoke("{}", Duration.ofSeconds(10)));
        var tried = schedules().get(Scheduled.LICENSE_EXPIRY);

        assertEquals(result(TODAY, 1, 0), invoke("{}"));
        assertTrue(schedules().get(Scheduled.LICENSE_EXPIRY).isAfter(tried));
    }

    @Test
    void noticesAreCounted() {
        license("referee_8", TODAY.plusDays(7));

        try (var output = StandardOutput.captured()) {
            invoke("{}");

            assertEquals(1, output.sum("LicensesExpiring"));
            assertEquals(0, output.sum("LicensesExpired"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"all\":true}", "{\"resume\":false}", "{\"day\":\"2026-03-01\"}", "[]"})
    void otherPayloadsAreRefused(String payload) {
        var refusal = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refusal.getMessage().contains("{\"resume\":true}"), refusal.getMessage());
    }

    private String invoke(String payload) {
        return invoke(payload, Duration.ofMinutes(15));
    }

    private String invoke(String payload, Duration time) {
        return new FunctionHarness(new LicenseExpiryHandler(environment), time).invoke(payload);
    }

    private void license(String licenseId, LocalDate lastDay) {
        new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .apply(new LicenseChange(
                        VIDAR,
                        new LicenseId(licenseId),
                        LicenseState.ACTIVE,
                        null,
                        null,
                        lastDay,
                        Instant.parse("2026-01-01T00:00:00Z")));
    }

    private Stream<Entry> entries() {
        return new ChangeHistory(
                        stack.dynamoDb(),
                        stack.table("ChangeHistoryTable"),
                        Duration.ofDays(400),
                        InstantSource.system())
                .feed().from(1, 100).entries().stream();
    }

    private Map<Scheduled, Instant> schedules() {
        return new ScheduleNotes(stack.dynamoDb(), stack.table("LicenseStoreTable"), InstantSource.system())
                .read()
                .since();
    }

    private static String result(LocalDate through, int expiring, int expired) {
        return "{\"through\":\"" + through + "\",\"expiring\":" + expiring + ",\"expired\":" + expired + "}";
    }
}
