package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.WebhookReceiver.Received;

/** The four webhooks as they arrive (wire contract §3), when they are sent and when they are not. */
class WebhooksTest {
    private static final String VIDAR = "2020000004136762";
    private static final String DANIEL = "2019000004136364";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final WebhookReceiver receiver = new WebhookReceiver();

    @AutoClose
    private final LearningCenterSimulator simulator = LearningCenterSimulator.builder()
            .clock(clock)
            .webhooksTo(receiver.apiBase(), WebhookReceiver.KEY)
            .webhookTimeLimit(Duration.ofMillis(300))
            .start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    WebhooksTest() throws IOException {}

    @BeforeEach
    void subscribeToVidar() {
        client.post("/users/" + VIDAR + "/subscriptions");
    }

    @Test
    void aChangedLicenseIsToldWithTheKey() throws InterruptedException {
        simulator
                .change()
                .license(new UserLicense(
                        VIDAR,
                        LicenseAction.ADDED,
                        "coach_5",
                        "U.S. Soccer",
                        LocalDate.parse("2026-05-01"),
                        null,
                        Instant.parse("2026-05-01T08:00:00.5Z")));

        assertEquals(
                new Received(
                        "POST", "/webhooks/user-license-update", WebhookReceiver.KEY, "application/json", json("""
                                {"ussf_id":"2020000004136762","action":"added","license_id":"coach_5",
                                 "issuer":"U.S. Soccer","issue_date":"2026-05-01","expiration_date":null,
                                 "updated_at":"2026-05-01T08:00:00.500Z"}""")),
                theOneReceived());
    }

    @Test
    void aRemovedLicenseIsToldWithWhatItWas() throws InterruptedException {
        simulator.change().removeLicense(VIDAR, "safety_1");

        var expected = json("""
                {"ussf_id":"2020000004136762","action":"removed","license_id":"safety_1","issuer":"SafeSport",
                 "issue_date":"2025-01-10","expiration_date":"2027-12-31",
                 "updated_at":"2026-05-01T12:00:00Z"}""");
        assertEquals(expected, theOneReceived().body());
    }

    @Test
    void aChangedCatalogIsToldWhole() throws InterruptedException {
        simulator.change().removeCatalogLicense("coach_41");
        simulator.change().catalogLicense(new License("coach_44", "Renamed", "coach", "coach_coach_instructor", 1));
        simulator.change().catalog(List.of(new License("coach_1", "National F", "coach", "coach_pathway", 18)));

        var bodies = received("/webhooks/uss-licenses-update");
        assertEquals(List.of(81, 81, 1), bodies.stream().map(JsonNode::size).toList());
        assertEquals("Renamed", bodies.get(1).get(0).get("name").asText());
        var expected = json("""
                [{"license_id":"coach_1","name":"National F","discipline":"coach","type":"coach_pathway",
                  "rank":18}]""");
        assertEquals(expected, bodies.getLast());
    }

    @Test
    void aChangedIdIsToldOldAndNew() throws InterruptedException {
        simulator.change().ussfId(VIDAR, "2020000004136763");

        assertEquals("/webhooks/ussf-id-update", theOneReceived().path());
        assertEquals(
                json("{'current_ussf_id':'2020000004136762','new_ussf_id':'2020000004136763'}"),
                theOneReceived().body());
    }

    @Test
    void aChangedPersonIsToldByTheNameOfWhatChanged() throws InterruptedException {
        simulator.change().refereeExperience(VIDAR, 7);
        simulator.change().grassrootsCertificate(VIDAR, GrassrootsCertificate.NONE);

        assertEquals(
                List.of(
                        json("{'ussf_id':'2020000004136762','changed':'referee_experience'}"),
                        json("{'ussf_id':'2020000004136762','changed':'grassroots_referee_certificate'}")),
                received("/webhooks/user-update"));
        assertEquals(
                7,
                client.get("/users/" + VIDAR + "/referee-experience")
                        .json()
                        .get("referee_experience")
                        .asInt());
    }

    @Test
    void nobodyIsToldOfThoseNotSubscribedTo() throws InterruptedException {
        simulator.change().license(DANIEL, "referee_8");
        simulator.change().refereeExperience(DANIEL, 9);
        simulator.change().ussfId(DANIEL, "2019000004136365");
        client.delete("/users/" + VIDAR + "/subscriptions");
        simulator.change().license(VIDAR, "referee_8");

        simulator.awaitWebhooks(LIMIT);
        assertEquals(List.of(), receiver.received());
    }

    @Test
    void silentChangesAreMadeAndLoseTheirWebhooks() throws InterruptedException {
        var silently = simulator.changeSilently();
        silently.license(VIDAR, "coach_5");
        silently.refereeExperience(VIDAR, 9);
        silently.removeCatalogLicense("coach_41");
        silently.ussfId(VIDAR, "2020000004136763");

        simulator.awaitWebhooks(LIMIT);
        assertEquals(List.of(), receiver.received());
        assertEquals(4, simulator.licenses("2020000004136763").size());
    }

    @Test
    void webhooksArriveInTheOrderOfTheChanges() throws InterruptedException {
        IntStream.range(0, 50).forEach(years -> simulator.change().license(VIDAR, "license_" + years));

        assertEquals(
                IntStream.range(0, 50).mapToObj(years -> "license_" + years).toList(),
                received("/webhooks/user-license-update").stream()
                        .map(body -> body.get("license_id").asText())
                        .toList());
    }

    @Test
    void drillsSendEachWebhookAndChangeNothing() throws InterruptedException {
        var before = simulator.licenses(DANIEL);

        for (var drill :
                List.of("uss-licenses-update", "user-license-update/" + DANIEL, "ussf-id-update", "user-update")) {
            var reply = client.post("/webhooks/" + drill);
            assertEquals(200, reply.status(), drill);
            assertEquals("", reply.body(), drill);
        }

        simulator.awaitWebhooks(LIMIT);
        var bodies = receiver.received().stream().map(Received::body).toList();
        assertEquals(82, bodies.get(0).size());
        var license = json("""
                {"ussf_id":"2019000004136364","action":"updated","license_id":"referee_8",
                 "issuer":"U.S. Soccer","issue_date":"2025-01-25","expiration_date":"2027-12-31",
                 "updated_at":"2025-01-25T11:11:11Z"}""");
        assertEquals(license, bodies.get(1));
        assertEquals(json("{'current_ussf_id':'0000000000000001','new_ussf_id':'0000000000000002'}"), bodies.get(2));
        var user = json("""
                {"ussf_id":"2020000004136762",
                 "changed":["referee_experience","grassroots_referee_certificate"]}""");
        assertEquals(user, bodies.get(3));
        assertEquals(before, simulator.licenses(DANIEL));
    }

    @Test
    void theLicenseDrillSpeaksOfAnActiveOne() throws InterruptedException {
        simulator.changeSilently().removeLicense(DANIEL, "referee_8");

        drill(DANIEL);

        assertEquals("safety_1", theOneReceived().body().get("license_id").asText());
    }

    @Test
    void theLicenseDrillKnowsWhoMovedWhoNeverWasAndWhoHasNone() {
        simulator.changeSilently().ussfId(DANIEL, "2019000004136365");
        simulator.addPerson(
                new Person("2021000000000001", "Nora", "New", "nora@test.com", LocalDate.parse("2001-02-03")));

        assertEquals(410, drill(DANIEL));
        assertEquals(404, drill("2020000000000000"));
        assertEquals(400, drill("2021000000000001"));
    }

    @Test
    void aRefusedWebhookIsRememberedAndNotRepeated() throws InterruptedException {
        receiver.answer(503);

        simulator.change().license(VIDAR, "referee_8");

        simulator.awaitWebhooks(LIMIT);
        var sent = simulator.webhooks();
        assertEquals(1, sent.size());
        assertEquals(503, sent.getFirst().status());
        assertEquals("{\"status\":\"applied\"}", sent.getFirst().answer());
        assertEquals(clock.instant(), sent.getFirst().sentAt());
        assertNull(sent.getFirst().error());
        assertEquals(1, receiver.received().size());
    }

    @Test
    void aReceiverThatDoesNotAnswerIsGivenUp() throws InterruptedException {
        receiver.fallSilent();

        simulator.change().license(VIDAR, "referee_8");

        simulator.awaitWebhooks(LIMIT);
        assertNull(simulator.webhooks().getFirst().status());
        assertEquals("no answer within PT0.3S", simulator.webhooks().getFirst().error());
    }

    @Test
    void waitingForWebhooksHasALimit() {
        receiver.fallSilent();
        simulator.change().license(VIDAR, "referee_8");

        assertThrows(IllegalStateException.class, () -> simulator.awaitWebhooks(Duration.ofMillis(20)));
    }

    @Test
    void aReceiverThatIsNotThereIsAnError() throws InterruptedException {
        receiver.close();

        simulator.change().license(VIDAR, "referee_8");

        simulator.awaitWebhooks(LIMIT);
        assertNotNull(simulator.webhooks().getFirst().error());
    }

    @Test
    void theTargetCanBeAnotherOneWithAnotherKey() throws InterruptedException {
        simulator.webhooksTo(URI.create(receiver.apiBase() + "/stage/"), "another key");

        simulator.change().license(VIDAR, "referee_8");

        assertEquals("/stage/webhooks/user-license-update", theOneReceived().path());
        assertEquals("another key", theOneReceived().authorization());
    }

    @Test
    void aTargetToWhichNothingCouldBeSentIsRefused() {
        var relative = URI.create("/api");
        var good = receiver.apiBase();

        assertThrows(IllegalArgumentException.class, () -> simulator.webhooksTo(relative, "key"));
        assertThrows(IllegalArgumentException.class, () -> simulator.webhooksTo(good, "two\nlines"));
    }

    @Test
    void withoutATargetWebhooksAreLostAndSaySo() throws InterruptedException {
        try (var lonely = LearningCenterSimulator.start()) {
            lonely.change().removeCatalogLicense("coach_41");

            lonely.awaitWebhooks(LIMIT);
            assertTrue(lonely.webhooks().getFirst().error().contains("where webhooks go"));
        }
    }

    @Test
    void eachWebhookGoesToTheUrlOfItsName() throws InterruptedException {
        simulator.webhooksTo(Map.of("user-license-update", URI.create(receiver.apiBase() + "/licenses")), "key");
        simulator.change().removeLicense(VIDAR, "safety_1");
        simulator.change().refereeExperience(VIDAR, 7);

        assertEquals("/licenses", theOneReceived().path());
        var lost = simulator.webhooks().getLast();
        assertEquals("/webhooks/user-update", lost.path());
        assertTrue(lost.error().contains("where webhooks go"), lost::error);
        assertThrows(
                IllegalArgumentException.class,
                () -> simulator.webhooksTo(Map.of("user-licence-update", receiver.apiBase()), "key"));
    }

    private int drill(String ussfId) {
        return client.post("/webhooks/user-license-update/" + ussfId).status();
    }

    private Received theOneReceived() throws InterruptedException {
        simulator.awaitWebhooks(LIMIT);
        assertEquals(1, receiver.received().size());
        return receiver.received().getFirst();
    }

    private List<JsonNode> received(String path) throws InterruptedException {
        simulator.awaitWebhooks(LIMIT);
        return receiver.received().stream()
                .filter(webhook -> webhook.path().equals(path))
                .map(Received::body)
                .toList();
    }
}
