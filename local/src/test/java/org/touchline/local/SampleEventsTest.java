package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.Template;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.secret.UnusableSecretException;

/** Every file in {@code events/} belongs to a function of the template, which handles it. */
class SampleEventsTest {
    /** Enough to answer, and no more to wait for what does not come. */
    private static final Duration SECONDS = Duration.ofSeconds(20);

    static Stream<String> samples() throws IOException {
        try (var files = Files.list(EmbeddedStack.projectRoot().resolve("events"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).toList().stream();
        }
    }

    @Test
    void eachFunctionOfTheTemplateHasASample() throws IOException {
        try (var stack = EmbeddedStack.create()) {
            var functions = stack.template().functions().stream()
                    .map(function -> function.logicalId())
                    .collect(Collectors.toCollection(TreeSet::new));

            assertEquals(
                    functions,
                    samples().map(SampleEventsTest::logicalId).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /** Of a function that a schedule calls, and nothing else does, the sample is what one of its schedules sends. */
    @ParameterizedTest
    @MethodSource("samples")
    void sampleOfASchedulesFunctionIsAnInputOfIts(String sample) {
        var template = Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "staging", Map.of());
        var function = template.function(logicalId(sample));
        if (!function.schedules().isEmpty() && function.streams().isEmpty()) {
            var event = FunctionHarness.json(FunctionHarness.sampleText(sample));
            assertTrue(function.schedules().stream()
                    .anyMatch(schedule -> FunctionHarness.json(schedule.input()).equals(event)));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void functionHandlesItsSample(String sample) throws Exception {
        try (var simulator = LearningCenterSimulator.start();
                var stack = EmbeddedStack.create(
                        Map.of("LearningCenterBaseUrl", simulator.baseUrl().toString()))) {
            stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
            stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
            // printf local-client-secret | sha256sum
            stack.putSecret(
                    "OAuthClientsSecret",
                    "{\"clients\":[{\"clientId\":\"local-client\",\"secretSha256\":"
                            + "[\"be83091dc19a9fbd188a6749efa60435266800fb15929bd1a0c54ec5a2e99c40\"]}]}");
            stack.putSecret(
                    "LearningCenterCredentialsSecret",
                    "{\"username\":\"local-username\",\"password\":\"local-password\"}");
            var function = harness(stack, logicalId(sample), SECONDS);

            var answer = FunctionHarness.json(sample(function, sample));

            // A look-up of what is not there yet is answered too: 404.
            assertFalse(answer.isEmpty());
            assertTrue(answer.path("statusCode").asInt(200) < 500, answer.toString());
            assertTrue(answer.path("statusCode").asInt(200) != 401, answer.toString());
        }
    }

    /** Rule 20: a stack deploys, and every function starts, before any secret is set; what depends on one fails closed. */
    @ParameterizedTest
    @Tag("rule-20")
    @MethodSource("samples")
    void functionStartsWithPlaceholderSecretsAndReadsNoneBeforeItIsCalled(String sample) throws Exception {
        try (var stack = EmbeddedStack.create()) {
            var id = logicalId(sample);
            var secrets = stack.template().secrets();

            owe(stack);
            var function = harness(stack, id, stack.template().function(id).timeout());
            assertEquals(
                    0,
                    secrets.stream()
                            .mapToInt(secret -> stack.secrets().reads(secret.arn()))
                            .sum());

            var placeholders = stack.environment(id).entrySet().stream()
                    .filter(variable -> Set.of("WEBHOOK_KEYS_SECRET", "LEARNING_CENTER_CREDENTIALS_SECRET")
                            .contains(variable.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            var refusal = refusal(function, sample);
            assertEquals(placeholders.isEmpty(), refusal.isEmpty(), refusal);
            placeholders.forEach(secret -> assertTrue(refusal.contains(secret), refusal));
        }
    }

    /** Work for those who ask the Learning Center only if there is some: without any they need no secret. */
    private static void owe(EmbeddedStack stack) {
        var somebody = new UssfId("2020000004136762");
        new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system())
                .ask(new FetchRefereeExperience(somebody));
        new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable")).subscribed(somebody, Instant.now());
    }

    /**
     * How a call failed closed: what was logged with a 503 or by a schedule, what a check reports, or a person's error; empty if it
     * did not.
     */
    private static String refusal(FunctionHarness function, String sample) {
        try {
            var answer = FunctionHarness.json(sample(function, sample));
            var unavailable = answer.path("statusCode").asInt() == 503;
            var skipped = answer.path("status").asText().equals("skipped");
            var failedCheck =
                    answer.path("passed").isBoolean() && !answer.path("passed").booleanValue();
            return failedCheck ? answer.toString() : unavailable || skipped ? function.logged() : "";
        } catch (UnusableSecretException failed) {
            return failed.getMessage();
        }
    }

    private static String sample(FunctionHarness function, String sample) {
        var text = FunctionHarness.sampleText(sample);
        return FunctionHarness.json(text).has("routeKey")
                ? function.handle(FunctionHarness.sample(sample, event -> {}))
                        .event()
                        .toString()
                : function.invoke(text);
    }

    private static FunctionHarness harness(EmbeddedStack stack, String logicalId, Duration time) throws Exception {
        var handler = stack.template().function(logicalId).handler();
        return new FunctionHarness(Handlers.make(handler, stack.environment(logicalId)), time);
    }

    /** {@code user-license-webhook} is the function {@code UserLicenseWebhookFunction} (wire contract §7). */
    private static String logicalId(String folder) {
        return Arrays.stream(folder.split("-"))
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining())
                + "Function";
    }
}
