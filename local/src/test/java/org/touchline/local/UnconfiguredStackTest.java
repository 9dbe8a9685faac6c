package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.StandardOutput;
import org.touchline.embedded.Template;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.Metrics;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;

/** Rule 20: a stack runs before its secrets are set; what runs by itself ends quietly, says what is missing, and alarms nobody. */
class UnconfiguredStackTest {
    private static final String EVENT_BRIDGE = FunctionHarness.sampleText("user-license-reconciliation");
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    /** The one that begins nothing: there is nothing to go on with. */
    private static final String GOES_ON = "{\"resume\":true}";

    @Test
    @Tag("rule-20")
    void everyScheduleAndTheStreamEndQuietlyAndNameTheSecret() throws Exception {
        try (var stack = EmbeddedStack.create();
                var output = StandardOutput.captured()) {
            new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable")).subscribed(VIDAR, Instant.now());
            for (var function : stack.template().functions()) {
                if (!asksTheLearningCenter(stack, function)) {
                    continue;
                }
                for (var schedule : function.schedules()) {
                    endsQuietly(stack, function, schedule.input());
                }
                if (!function.streams().isEmpty()) {
                    endsQuietly(stack, function, FunctionHarness.sampleText("follow-up"));
                }
            }

            for (var alarming : Set.of(
                    Metrics.LOGINS_REFUSED,
                    Metrics.FOLLOW_UPS_FAILING,
                    Metrics.IN_QUARANTINE,
                    Metrics.CHANGES_MISSED)) {
                assertEquals(0, output.sum(alarming), alarming);
            }
            // The sweep that looks last sees what all of them have left.
            endsQuietly(stack, stack.template().function("FollowUpFunction"), EVENT_BRIDGE);
            var ages = List.of(
                    Metrics.RECONCILIATION_AGE,
                    Metrics.CATALOG_SYNC_AGE,
                    Metrics.PERSON_REFRESH_AGE,
                    Metrics.SUBSCRIPTION_AUDIT_AGE);
            assertTrue(
                    output.metrics().stream().noneMatch(line -> ages.stream().anyMatch(line::has)),
                    () -> output.metrics().stream().map(Object::toString).collect(Collectors.joining("\n")));
        }
    }

    private static boolean asksTheLearningCenter(EmbeddedStack stack, Template.Function function) {
        return stack.environment(function.logicalId())
                .containsValue(stack.secretArn("LearningCenterCredentialsSecret"));
    }

    private static void endsQuietly(EmbeddedStack stack, Template.Function function, String payload) throws Exception {
        // Something to do, each time: what was tried once is not due at once.
        new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system())
                .ask(new FetchRefereeExperience(VIDAR));
        var harness = new FunctionHarness(
                Handlers.make(function.handler(), stack.environment(function.logicalId())), Duration.ofMinutes(5));

        harness.invoke(payload);

        if (!payload.equals(GOES_ON)) {
            assertTrue(
                    harness.logged().contains(stack.secretArn("LearningCenterCredentialsSecret")),
                    function.logicalId() + " logged: " + harness.logged());
        }
    }
}
