package org.touchline.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.oauth.OAuthStack.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.secret.UnusableSecretException;

/** Design rules 19 and 20, wire contract §8. */
class OAuthClientsTest {
    private static final String DIGEST =
            "1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0"; // of s3cret

    private final OAuthStack stack = new OAuthStack();
    private final OAuthClients clients = stack.clients();

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void clientIsKnownByItsIdentifierAndItsSecretTogether() {
        stack.putClients(client("one", "first"), client("two", "second"));

        assertTrue(isAuthenticated("one", "first"));
        assertTrue(isAuthenticated("two", "second"));
        assertFalse(isAuthenticated("one", "second"));
        assertFalse(isAuthenticated("One", "first"));
        assertFalse(isAuthenticated("three", "first"));
        assertFalse(isAuthenticated("one", ""));
        assertFalse(isAuthenticated("", ""));
    }

    /** Two secrets are live during a rotation. */
    @Test
    @Tag("rule-19")
    void eachOfAClientsSecretsIsGood() {
        stack.putClients(client("one", "new", "old"));

        assertTrue(isAuthenticated("one", "new"));
        assertTrue(isAuthenticated("one", "old"));
        assertFalse(isAuthenticated("one", "newold"));
    }

    /** Rule 19. */
    @Test
    @Tag("rule-19")
    void clientAndSecretThatWereJustPutInWorkAtOnce() {
        assertTrue(isAuthenticated("safesport", "s3cret"));

        stack.putClients(client("safesport", "new", "s3cret"));
        assertTrue(isAuthenticated("safesport", "new"));

        stack.putClients(client("safesport", "new"), client("other", "its own"));
        assertTrue(isAuthenticated("other", "its own"));
    }

    /** Rule 19: rereads are rate-limited. */
    @Test
    @Tag("rule-19")
    void wrongSecretsCannotMakeUsHammer() {
        for (var i = 0; i < 100; i++) {
            assertFalse(isAuthenticated("safesport", "wrong"));
            assertFalse(isAuthenticated("nobody", "wrong"));
        }
        assertEquals(1 + 20, stack.calls.drain().size());
        assertTrue(isAuthenticated("safesport", "s3cret"));
        assertEquals(List.of(), stack.calls.drain());
    }

    @Test
    void goodClientCostsOneReadInFiveMinutes() {
        isAuthenticated("safesport", "s3cret");
        stack.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        isAuthenticated("safesport", "s3cret");

        assertEquals(List.of("GetSecretValue"), stack.calls.drain());
    }

    /** Rule 19. The secret is so long that digesting it is nearly all there is to do: whoever skips it is found out. */
    @Test
    @Tag("rule-19")
    void unknownClientAndWrongSecretTakeTheSameTime() {
        var wrong = "x".repeat(2_000_000);
        isAuthenticated("safesport", wrong);

        var wrongSecret = new ArrayList<Long>();
        var unknownClient = new ArrayList<Long>();
        for (var i = 0; i < 15; i++) {
            wrongSecret.add(nanos("safesport", wrong));
            unknownClient.add(nanos("nobody", wrong));
        }

        var ratio = (double) median(unknownClient) / median(wrongSecret);
        assertTrue(ratio > 0.5 && ratio < 2, "unknown client : wrong secret = " + ratio);
    }

    @Test
    void withoutClientsOauthIsOff() {
        stack.putClients();
        assertTrue(clients.isEmpty());
        assertFalse(isAuthenticated("safesport", "s3cret"));

        stack.putClients(client("safesport", "s3cret"));
        assertTrue(isAuthenticated("safesport", "s3cret"));
        assertFalse(clients.isEmpty());
    }

    /** Rule 20: what cannot be understood is said, and lets nobody in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"clients\":{}}",
                "{\"clients\":\"replace-me\"}",
                "{\"clients\":[\"safesport\"]}",
                "{\"clients\":[{\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"replace-me\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"späth\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"safesport\"}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":[]}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":[\"s3cret\"]}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":[null]}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":\"" + DIGEST + "\"}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":[\"" + DIGEST
                        + "\"],\"tokensValidAfter\":\"yesterday\"}]}",
                "{\"clients\":[{\"clientId\":\"safesport\",\"secretSha256\":[\"" + DIGEST
                        + "\"]},{\"clientId\":\"safesport\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
            })
    void unreadableClientsFailClosedWithTheSecretsName(String value) {
        stack.putClientsSecret(value);

        var refused = assertThrows(UnusableSecretException.class, () -> isAuthenticated("safesport", "s3cret"));

        assertTrue(refused.getMessage().contains("OAuthClientsSecret"), refused.getMessage());
        assertFalse(refused.getMessage().contains("s3cret"), refused.getMessage());
        assertThrows(UnusableSecretException.class, clients::isEmpty);
    }

    @Test
    void whatWasCorrectedWorksAtTheNextRequest() {
        for (var unusable : List.of("{}", "not JSON", "{\"clients\":\"replace-me\"}", "{\"clients\":[5]}")) {
            stack.putClientsSecret(unusable);
            var fresh = stack.clients();
            var offered = List.of(new ClientCredentials("safesport", "s3cret"));
            assertThrows(UnusableSecretException.class, () -> fresh.authenticate(offered), unusable);

            stack.putClients(client("safesport", "s3cret"));

            assertTrue(fresh.authenticate(offered).isPresent(), unusable);
        }
    }

    /** Rule 20: a mistake is no reason to turn everybody away, the placeholder is. */
    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{\"client\":[]}", "{\"clients\":[\"safesport\"]}", "{\"clients\":5}"})
    void clientsInMemoryAreUsedOnWhenTheSecretIsOverwrittenWithSomethingElse(String value) {
        assertTrue(isAuthenticated("safesport", "s3cret"));

        stack.putClientsSecret(value);
        stack.clock.advance(Duration.ofMinutes(5));

        assertTrue(isAuthenticated("safesport", "s3cret"));
        assertThrows(UnusableSecretException.class, () -> isAuthenticated("safesport", "wrong"));
    }

    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(
            strings = {
                "{}",
                "",
                "replace-me",
                "{\"clients\":null}",
                "{\"clients\":\"replace-me\"}",
                "{\"clients\":[{\"clientId\":\"replace-me\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"\",\"secretSha256\":[\"" + DIGEST + "\"]}]}",
                "{\"clients\":[{\"clientId\":\"a\",\"secretSha256\":"
                        + "[\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"]}]}"
            })
    void placeholdersFailClosedAtTheNextRead(String value) {
        assertTrue(isAuthenticated("safesport", "s3cret"));

        stack.putClientsSecret(value);
        stack.clock.advance(Duration.ofMinutes(5));

        assertThrows(UnusableSecretException.class, () -> isAuthenticated("safesport", "s3cret"));
    }

    /** In whichever way it is read, and in no third one. */
    @Test
    void eachReadingOfWhatWasOfferedIsTried() {
        stack.putClients(client("a+b", "c%20d"));

        assertTrue(clients.authenticate(
                        List.of(new ClientCredentials("a b", "c d"), new ClientCredentials("a+b", "c%20d")))
                .isPresent());
        assertTrue(clients.authenticate(
                        List.of(new ClientCredentials("a b", "c%20d"), new ClientCredentials("a+b", "c d")))
                .isEmpty());
    }

    /** Rule 20: a digest that somebody made of an unset variable, of an empty line, or of the placeholder. */
    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(strings = {"", "\n", "replace-me"})
    void digestOfNoSecretFailsClosed(String nothing) {
        stack.putClients(client("safesport", nothing));

        assertThrows(UnusableSecretException.class, () -> isAuthenticated("safesport", nothing));
    }

    /** Rule 21. */
    @Test
    void credentialsDoNotShowTheirSecret() {
        assertEquals("ClientCredentials[one]", new ClientCredentials("one", "s3cret").toString());
    }

    private boolean isAuthenticated(String clientId, String secret) {
        var client = clients.authenticate(List.of(new ClientCredentials(clientId, secret)));
        client.ifPresent(found -> assertEquals(clientId, found.clientId()));
        return client.isPresent();
    }

    private long nanos(String clientId, String secret) {
        var start = System.nanoTime();
        isAuthenticated(clientId, secret);
        return System.nanoTime() - start;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
