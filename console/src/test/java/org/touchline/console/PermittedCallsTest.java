package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermittedCallsTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /members, , /members",
        "GET, /members, limit=50&after=a%2Bb, /members?limit=50&after=a%2Bb",
        "GET, /members, enrollment=no_match&after, /members?enrollment=no_match&after=",
        "PUT, /members/CYSA-1001, , /members/CYSA-1001",
        "DELETE, /members/CYSA%201001, , /members/CYSA%201001",
        "GET, /members/a:1@b~c_d/licenses, on=2027-01-01, /members/a%3A1%40b~c_d/licenses?on=2027-01-01",
        "GET, /users/2020000004136762/history, , /users/2020000004136762/history",
        "GET, /status, , /status",
    })
    void routeOfTheApiIsHandedOnInASpellingOfOurs(String method, String path, String query, String handedOn) {
        assertEquals(Optional.of(handedOn), find(method, path, query));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /members",
        "PATCH, /members/CYSA-1001",
        "PUT, /members/CYSA-1001/licenses",
        "POST, /webhooks/user-license-update",
        "GET, /member-verification",
        "POST, /oauth/token",
        "GET, /",
        "GET, /members/",
        "GET, //members",
        "GET, /members/..",
        "GET, /members/%2e%2e/licenses",
        "GET, /members/a%2Fb",
        "GET, /members/a%5Cb",
        "GET, /members/a%00",
        "GET, /members/a%0D%0AX: y",
        "GET, /members/%zz",
        "GET, /members/a/licenses/b",
        "get, /members",
        "GET, /Members",
    })
    void anythingElseIsNot(String method, String path) {
        assertEquals(Optional.empty(), find(method, path, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /simulator/calls", "PUT /simulator/login", "PUT /simulator/webhook-key", "POST /login"})
    void simulatorIsToldWhatThePlayViewNeeds(String call) {
        var words = call.split(" ");

        assertEquals(Optional.empty(), PermittedCalls.OF_THE_SIMULATOR.find(words[0], words[1], null));
    }

    @Test
    void templateIsToldWithoutTheIdentifier() {
        assertEquals(
                "GET /members/{memberIdentifier}",
                PermittedCalls.OF_THE_API
                        .find("GET", "/members/CYSA-1001", null)
                        .orElseThrow()
                        .template());
    }

    private static Optional<String> find(String method, String path, String query) {
        return PermittedCalls.OF_THE_API.find(method, path, query).map(PermittedCalls.Call::pathAndQuery);
    }
}
