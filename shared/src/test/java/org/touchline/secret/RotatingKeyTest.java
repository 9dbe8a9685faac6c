package org.touchline.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.OnEveryBackend;
import org.touchline.Sha256;
import org.touchline.TestStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.SecretsEndpoint;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/** Design rules 19 and 20. */
@OnEveryBackend
class RotatingKeyTest {
    private static final String SECRET = "WebhookKeysSecret";

    private final Calls calls = new Calls();
    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final List<UnusableSecretException> troubles = new ArrayList<>();
    private final TestStack stack;
    private final RotatingKey key;

    RotatingKeyTest(Backend backend) {
        stack = backend.newStack();
        key = new RotatingKey(
                new SecretReader(calls.listening(stack.secretsManager()), stack.secret(SECRET), clock, troubles::add),
                clock);
    }

    @AfterEach
    void deleteSecret() {
        stack.close();
    }

    /** Rule 20. */
    @Test
    @Tag("rule-20")
    void nothingIsReadBeforeItIsNeeded() {
        assertEquals(List.of(), calls.drain());
    }

    @Test
    void currentKeyMatchesAndAnythingElseDoesNot() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");

        assertTrue(key.matches(List.of("k1")));
        assertTrue(key.matches(List.of("Bearer k1", "k1")));
        assertFalse(key.matches(List.of("k")));
        assertFalse(key.matches(List.of("k11")));
        assertFalse(key.matches(List.of("")));
        assertFalse(key.matches(List.of()));
    }

    @Test
    void goodKeyCostsOneReadInFiveMinutes() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");

        key.matches(List.of("k1"));
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        key.matches(List.of("k1"));
        assertEquals(List.of("GetSecretValue"), calls.drain());

        clock.advance(Duration.ofMillis(1));
        key.matches(List.of("k1"));
        assertEquals(List.of("GetSecretValue"), calls.drain());
    }

    /**
     * Rule 19: each candidate is digested and compared with each key, whatever fits already. One is so long that digesting it is all there
     * is to do: whoever compares texts, or stops at what fits, is found out.
     */
    @Test
    @Tag("rule-19")
    void everyCandidateIsComparedWithEveryKeyByItsDigest() {
        stack.putSecret(SECRET, "{\"current\":\"k2\",\"previous\":\"k1\"}");
        var other = "x".repeat(300_000);
        var bytes = other.getBytes(StandardCharsets.UTF_8);
        for (var fits : List.of("k1", "k2")) {
            assertTrue(key.matches(List.of(fits, other)));

            var compared = new ArrayList<Long>();
            var digested = new ArrayList<Long>();
            for (var i = 0; i < 9; i++) {
                compared.add(nanos(() -> key.matches(List.of(fits, other))));
                digested.add(nanos(() -> Sha256.digest(bytes)));
            }

            var digests = (double) median(compared) / median(digested);
            assertTrue(digests > 1.4, "of two digests, as many were made: " + digests);
        }
    }

    private static long nanos(Runnable work) {
        var start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Rule 19: two keys are live during a rotation. */
    @Test
    @Tag("rule-19")
    void previousKeyIsGoodUntilTheInstantThatIsSet() {
        stack.putSecret(SECRET, "{\"current\":\"k2\",\"previous\":\"k1\",\"previousUntil\":\"2026-03-01T12:00:10Z\"}");

        clock.advance(Duration.ofSeconds(10).minusMillis(1));
        assertTrue(key.matches(List.of("k1")));
        assertTrue(key.matches(List.of("k2")));
        clock.advance(Duration.ofMillis(1));
        assertFalse(key.matches(List.of("k1")));
        assertTrue(key.matches(List.of("k2")));
    }

    @Test
    void previousKeyWithoutAnEndIsGoodAndOneWithAnUnreadableEndIsNot() {
        stack.putSecret(SECRET, "{\"current\":\"k2\",\"previous\":\"k1\"}");
        assertTrue(key.matches(List.of("k1")));

        stack.putSecret(SECRET, "{\"current\":\"k2\",\"previous\":\"k1\",\"previousUntil\":\"soon\"}");
        clock.advance(Duration.ofMinutes(5));
        assertFalse(key.matches(List.of("k1")));
    }

    /** Rule 19. */
    @Test
    @Tag("rule-19")
    void keyThatWasJustRotatedWorksAtOnceEvenAfterSomeWrongOnes() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        assertTrue(key.matches(List.of("k1")));
        assertFalse(key.matches(List.of("wrong")));

        stack.putSecret(SECRET, "{\"current\":\"k2\",\"previous\":\"k1\"}");

        assertTrue(key.matches(List.of("k2")));
        assertTrue(key.matches(List.of("k1")));
    }

    /** Rule 19: rereads are rate-limited. */
    @Test
    @Tag("rule-19")
    void wrongKeysCannotMakeUsHammer() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");

        for (var i = 0; i < 100; i++) {
            assertFalse(key.matches(List.of("wrong " + i)));
        }
        assertEquals(1 + 20, calls.drain().size());

        clock.advance(Duration.ofSeconds(2));
        key.matches(List.of("wrong"));
        key.matches(List.of("wrong"));
        assertEquals(1, calls.drain().size());
        assertTrue(key.matches(List.of("k1")));
    }

    /** Rule 20. */
    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(
            strings = {
                "{\"current\":\"replace-me\"}",
                "{\"current\":\"\"}",
                "{\"current\":\"  \"}",
                "{\"current\":null}",
                "{\"current\":5}",
                "{}",
                "[]",
                "replace-me",
                "{\"current\":\"replace-me\",\"previous\":\"replace-me\"}"
            })
    void withoutAValueEverybodyIsRefusedWithTheSecretsName(String value) {
        stack.putSecret(SECRET, value);

        var refused = assertThrows(UnusableSecretException.class, () -> key.matches(List.of("replace-me", "")));

        assertTrue(refused.getMessage().contains(SECRET), refused.getMessage());
        assertThrows(UnusableSecretException.class, () -> key.matches(List.of()));
    }

    /** Rule 20. */
    @Test
    @Tag("rule-20")
    void templatesPlaceholderIsNoKey() {
        assertThrows(UnusableSecretException.class, () -> key.matches(List.of("replace-me")));
    }

    @Test
    void valueThatIsSetAfterARefusalWorksAtOnce() {
        assertThrows(UnusableSecretException.class, () -> key.matches(List.of("k1")));

        stack.putSecret(SECRET, "{\"current\":\"k1\"}");

        assertTrue(key.matches(List.of("k1")));
    }

    /** Rule 20: a secret that cannot be read fails closed, and is not hammered. */
    @Test
    @Tag("rule-20")
    void secretThatDoesNotExistFailsClosedWithoutHammering() {
        var missing = new RotatingKey(
                new SecretReader(calls.listening(stack.secretsManager()), "no-such-secret", clock, _ -> {}), clock);

        for (var i = 0; i < 50; i++) {
            var refused = assertThrows(UnusableSecretException.class, () -> missing.matches(List.of("k1")));
            assertTrue(refused.getMessage().contains("no-such-secret"));
        }
        assertEquals(1 + 20, calls.drain().size());
    }

    /** A wrong key, and a moment in which the secret cannot be read, must not shut out who has the right one. */
    @Test
    void rereadThatFailsLeavesTheKeyThatWasRead() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        assertTrue(key.matches(List.of("k1")));

        stack.putSecret(SECRET, "not JSON");
        assertThrows(UnusableSecretException.class, () -> key.matches(List.of("wrong")));

        assertTrue(key.matches(List.of("k1")));
    }

    /** Design rule 20: a mistake does not shut everybody out, for an hour, and is told. */
    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "5", "{\"current\":5}", "{\"curent\":\"k2\"}", "{\"current\":\"k1\""})
    void keyInMemoryIsUsedOnForAnHourWhenTheSecretIsOverwrittenWithSomethingElse(String value) {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        assertTrue(key.matches(List.of("k1")));

        stack.putSecret(SECRET, value);
        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertTrue(key.matches(List.of("k1")));
        assertEquals(1, troubles.size());
        assertTrue(troubles.getFirst().secret().contains(SECRET));

        clock.advance(Duration.ofMillis(1));
        var refused = assertThrows(UnusableSecretException.class, () -> key.matches(List.of("k1")));
        assertFalse(refused.getMessage().contains("k1"), refused.getMessage());
        assertFalse(refused.getMessage().contains("k2"), refused.getMessage());
    }

    /** While it is used on, it is tried again each minute, whoever asks; what was corrected is taken over then. */
    @Test
    void whatIsOfNoUseIsTriedAgainEachMinute() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        key.matches(List.of("k1"));
        stack.putSecret(SECRET, "not JSON");
        clock.advance(Duration.ofMinutes(5));
        calls.drain();

        for (var i = 0; i < 60; i++) {
            assertTrue(key.matches(List.of("k1")));
            clock.advance(Duration.ofSeconds(1));
        }
        assertEquals(1, calls.drain().size());
        assertEquals(1, troubles.size());

        stack.putSecret(SECRET, "{\"current\":\"k2\"}");
        assertFalse(key.matches(List.of("k1")));
        assertTrue(key.matches(List.of("k2")));
    }

    /** A sender with the key that was meant is not told that it is wrong: it should try again. */
    @Test
    void otherKeysAreNeitherRightNorWrongWhileTheSecretIsOfNoUse() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        key.matches(List.of("k1"));
        stack.putSecret(SECRET, "{current: k2}");

        for (var i = 0; i < 50; i++) {
            assertThrows(UnusableSecretException.class, () -> key.matches(List.of("k2")));
        }

        assertEquals(1 + 20, calls.drain().size());
        stack.putSecret(SECRET, "{\"current\":\"k2\"}");
        clock.advance(Duration.ofSeconds(2));
        assertTrue(key.matches(List.of("k2")));
    }

    /** Design rule 20: whoever takes the key out wants nobody in. */
    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(
            strings = {
                "{\"current\":\"replace-me\"}",
                "{\"current\":\"\"}",
                "{\"current\":null}",
                "{}",
                "replace-me",
                " "
            })
    void keyThatWasTakenOutIsNotUsedOn(String value) {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        assertTrue(key.matches(List.of("k1")));

        stack.putSecret(SECRET, value);
        clock.advance(Duration.ofMinutes(5));

        var refused = assertThrows(UnusableSecretException.class, () -> key.matches(List.of("k1")));
        assertTrue(refused.isUnset());
        assertEquals(List.of(), troubles, "a stack without keys raises no alarm");
    }

    @Test
    void secretThatWasDeletedIsNotUsedOn() {
        try (var secrets = SecretsEndpoint.start(0);
                var client = LocalClients.at(secrets.endpoint(), SecretsManagerClient.builder())) {
            secrets.put("keys", "arn:keys", "{\"current\":\"k1\"}");
            var reader = new SecretReader(gone(client), "keys", clock, troubles::add);
            var held = new RotatingKey(reader, clock);
            assertTrue(held.matches(List.of("k1")));
            isGone = true;
            clock.advance(Duration.ofMinutes(5));

            var refused = assertThrows(UnusableSecretException.class, () -> held.matches(List.of("k1")));

            assertFalse(refused.isUnset());
            assertEquals(1, troubles.size());
        }
    }

    @Test
    void keyInMemoryIsUsedOnForAnHourWhenSecretsManagerFails() {
        try (var secrets = SecretsEndpoint.start(0);
                var client = LocalClients.at(secrets.endpoint(), SecretsManagerClient.builder())) {
            secrets.put("keys", "arn:keys", "{\"current\":\"k1\"}");
            var held = new RotatingKey(new SecretReader(client, "keys", clock, troubles::add), clock);
            assertTrue(held.matches(List.of("k1")));

            secrets.failWith(503);
            clock.advance(Duration.ofMinutes(59));
            assertTrue(held.matches(List.of("k1")));
            assertFalse(troubles.isEmpty());

            clock.advance(Duration.ofMinutes(1));
            assertThrows(UnusableSecretException.class, () -> held.matches(List.of("k1")));

            secrets.restore();
            assertTrue(held.matches(List.of("k1")));
        }
    }

    /** For a person who wants to know: not what is in memory. */
    @Test
    void judgingReadsAnewHoweverOften() {
        stack.putSecret(SECRET, "{\"current\":\"k1\"}");
        for (var i = 0; i < 30; i++) {
            key.judge();
        }
        assertEquals(30, calls.drain().size());

        stack.putSecret(SECRET, "not JSON");
        assertThrows(UnusableSecretException.class, key::judge);
        assertTrue(key.matches(List.of("k1")));
    }

    private boolean isGone;

    /** The same, of another secret once that one is gone: the endpoint deletes none. */
    private SecretsManagerClient gone(SecretsManagerClient client) {
        return LocalClients.at(
                client.serviceClientConfiguration().endpointOverride().orElseThrow(),
                SecretsManagerClient.builder()
                        .overrideConfiguration(override -> override.addExecutionInterceptor(new ExecutionInterceptor() {
                            @Override
                            public SdkRequest modifyRequest(
                                    Context.ModifyRequest context, ExecutionAttributes attributes) {
                                return isGone
                                        ? GetSecretValueRequest.builder()
                                                .secretId("deleted")
                                                .build()
                                        : context.request();
                            }
                        })));
    }
}
