package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscribing, unsubscribing, and the list of subscriptions (wire contract §2). */
class SubscriptionsTest {
    private static final String VIDAR = "2020000004136762";
    private static final String TIM = "2020000004152809";
    private static final String LEN = "2020000004149753";

    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).pageSize(2).start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @Test
    void subscribingAnswersNothingButIsListedSinceWhen() {
        var reply = subscribe(VIDAR);

        assertEquals(200, reply.status());
        assertEquals("", reply.body());
        assertTrue(simulator.isSubscribed(VIDAR));
        var expected = json("""
                {"data":[{"ussf_id":"2020000004136762","created_at":"2026-05-01T12:00:00Z"}],
                 "pagination":{"current_page":1,"per_page":2,"last_page":1,"total":1}}""");
        assertEquals(expected, client.get("/subscriptions").json());
    }

    @Test
    void subscribingAgainKeepsTheFirstTime() {
        subscribe(VIDAR);
        clock.advance(Duration.ofMinutes(5));

        assertEquals(200, subscribe(VIDAR).status());

        assertEquals(
                List.of("2026-05-01T12:00:00Z"),
                client.get("/subscriptions").json().findValuesAsText("created_at"));
    }

    @Test
    void unsubscribingEndsItAndIsNoErrorWithoutASubscription() {
        subscribe(VIDAR);

        assertEquals(200, client.delete("/users/" + VIDAR + "/subscriptions").status());
        assertFalse(simulator.isSubscribed(VIDAR));
        assertEquals(200, client.delete("/users/" + VIDAR + "/subscriptions").status());
    }

    @Test
    void theListComesInPagesFromTheOldest() {
        for (var ussfId : List.of(LEN, TIM, VIDAR)) {
            subscribe(ussfId);
            clock.advance(Duration.ofSeconds(1));
        }

        var first = client.get("/subscriptions").json();
        var second = client.get("/subscriptions?page=2").json();
        var third = client.get("/subscriptions?page=3").json();

        assertEquals(List.of(LEN, TIM), first.findValuesAsText("ussf_id"));
        assertEquals(List.of(VIDAR), second.findValuesAsText("ussf_id"));
        assertEquals(List.of(), third.findValuesAsText("ussf_id"));
        assertEquals(json("{'current_page':2,'per_page':2,'last_page':2,'total':3}"), second.get("pagination"));
    }

    @Test
    void theListIsAlwaysOfThisMoment() {
        for (var ussfId : List.of(LEN, TIM)) {
            subscribe(ussfId);
            assertTrue(listed().contains(ussfId));
        }

        client.delete("/users/" + LEN + "/subscriptions");
        assertEquals(List.of(TIM), listed());

        simulator.change().ussfId(TIM, "2020000004152810");
        assertEquals(List.of("2020000004152810"), listed());
    }

    @Test
    void theListOfNobodyIsOneEmptyPage() {
        var expected = json("""
                {"data":[],"pagination":{"current_page":1,"per_page":2,"last_page":1,"total":0}}""");
        assertEquals(expected, client.get("/subscriptions").json());
    }

    @Test
    void theListCanBeAskedForOnePerson() {
        List.of(LEN, TIM, VIDAR).forEach(this::subscribe);

        var one = client.get("/subscriptions", Map.of("ussf_id", TIM)).json();
        var none = client.get("/subscriptions", Map.of("ussf_id", "2020000004149609"))
                .json();

        assertEquals(List.of(TIM), one.findValuesAsText("ussf_id"));
        assertEquals(1, one.at("/pagination/total").asInt());
        assertEquals(0, none.at("/pagination/total").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two"})
    void aPageThatIsNoneIsABadRequest(String page) {
        assertEquals(400, client.get("/subscriptions?page=" + page).status());
    }

    private List<String> listed() {
        return client.get("/subscriptions").json().findValuesAsText("ussf_id");
    }

    private ConnectClient.Reply subscribe(String ussfId) {
        return client.post("/users/" + ussfId + "/subscriptions");
    }
}
