package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Login, refresh, and what an access token is good for (wire contract §2, U.S. Soccer's document "Login"). */
class SessionsTest {
    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).start();

    @AutoClose
    private final ConnectClient client = new ConnectClient(simulator);

    @Test
    void loginAnswersTwoTokensWithTheDocumentedClaimsAndLifetimes() {
        var tokens = login();

        var access = JWT.decode(tokens.get("access_token").asText());
        var refresh = JWT.decode(tokens.get("refresh_token").asText());
        assertAll(
                () -> assertEquals(2, tokens.size()),
                () -> assertEquals("HS256", access.getAlgorithm()),
                () -> assertEquals("JWT", access.getType()),
                () -> assertEquals("connect.learning.ussoccer.com", access.getIssuer()),
                () -> assertEquals(122, access.getClaim("id").asInt()),
                () -> assertEquals(Instant.parse("2026-05-01T13:00:00Z"), access.getExpiresAtAsInstant()),
                () -> assertEquals(Instant.parse("2026-05-02T12:00:00Z"), refresh.getExpiresAtAsInstant()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'username':'local-username','password':'another'}",
                "{'username':'another','password':'local-password'}",
                "{'username':'local-username'}",
                "{}"
            })
    void anyOtherLoginIsRefused(String credentials) {
        var reply = client.post("/login", credentials);

        assertEquals(401, reply.status());
        assertEquals("username or password is wrong", reply.message());
    }

    @Test
    void loginThatIsNotJsonIsABadRequest() {
        assertEquals(400, client.post("/login", "username=local-username").status());
    }

    @Test
    void otherCredentialsCanBeAgreed() {
        try (var other = LearningCenterSimulator.builder()
                        .credentials("me", "mine")
                        .start();
                var visitor = new ConnectClient(other)) {
            assertEquals(
                    200,
                    visitor.post("/login", "{'username':'me','password':'mine'}")
                            .status());
            assertEquals(401, visitor.post("/login", ConnectClient.CREDENTIALS).status());
        }
    }

    @Test
    void withoutAnAccessTokenEveryOtherCallIsRefusedEvenOneThatDoesNotExist() {
        for (var path : new String[] {"/licenses", "/users/2020000004136762/user-licenses", "/nothing"}) {
            assertEquals(401, client.get(path).status(), path);
        }
        assertEquals("access token is missing", client.get("/licenses").message());
    }

    @Test
    void accessTokenIsGoodForAnHourAndNotASecondMore() {
        client.accessToken(login().get("access_token").asText());

        clock.advance(Duration.ofMinutes(59).plusSeconds(59));
        assertEquals(200, client.get("/licenses").status());

        clock.advance(Duration.ofSeconds(1));
        assertEquals(401, client.get("/licenses").status());
    }

    @Test
    void refreshTokenIsGoodForADayAndGivesANewPair() {
        var first = login();

        clock.advance(Duration.ofHours(24).minusSeconds(1));
        var second = refresh(first.get("refresh_token").asText());
        assertEquals(200, second.status());
        assertNotEquals(first.get("access_token"), second.json().get("access_token"));
        assertNotEquals(first.get("refresh_token"), second.json().get("refresh_token"));
        client.accessToken(second.json().get("access_token").asText());
        assertEquals(200, client.get("/licenses").status());

        clock.advance(Duration.ofSeconds(1));
        assertEquals(401, refresh(first.get("refresh_token").asText()).status());
    }

    @Test
    void twoSessionsOfTheSameSecondDiffer() {
        assertNotEquals(login(), login());
    }

    @Test
    void oneKindOfTokenDoesNotStandInForTheOther() {
        var tokens = login();

        assertEquals(401, refresh(tokens.get("access_token").asText()).status());
        client.accessToken(tokens.get("refresh_token").asText());
        assertEquals(401, client.get("/licenses").status());
    }

    @Test
    void aTokenOfAnotherSimulatorIsRefused() {
        try (var other = LearningCenterSimulator.builder().clock(clock).start();
                var visitor = new ConnectClient(other)) {
            client.accessToken(visitor.post("/login", ConnectClient.CREDENTIALS)
                    .json()
                    .get("access_token")
                    .asText());
        }

        assertEquals(401, client.get("/licenses").status());
    }

    @Test
    void endedSessionsCannotBeUsedOrRefreshedButLoginWorks() {
        var tokens = login();
        client.accessToken(tokens.get("access_token").asText());

        simulator.endSessions();

        assertEquals(401, client.get("/licenses").status());
        assertEquals(401, refresh(tokens.get("refresh_token").asText()).status());
        client.accessToken(login().get("access_token").asText());
        assertEquals(200, client.get("/licenses").status());
    }

    @Test
    void callsAreCountedByRouteWhateverTheirAnswer() {
        login();
        client.post("/login", "{}");
        client.get("/users/2020000004136762/user-licenses");
        client.get("/users/2020000004152809/user-licenses");

        assertEquals(2, simulator.calls("POST /login"));
        assertEquals(2, simulator.calls("GET /users/{ussf_id}/user-licenses"));
        assertEquals(0, simulator.calls("POST /refresh-token"));
    }

    private JsonNode login() {
        return client.post("/login", ConnectClient.CREDENTIALS).json();
    }

    private ConnectClient.Reply refresh(String token) {
        return client.post("/refresh-token", "{'refresh_token':'" + token + "'}");
    }
}
