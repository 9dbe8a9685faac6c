package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.touchline.embedded.AwsCallRecorder;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/**
 * Rule 22: each function may do exactly what it does. What it does is what its own tests made it ask of AWS, which {@link
 * AwsCallRecorder} wrote down in its module: so all of them have to run before this one, as in {@code mvn verify}.
 */
class PoliciesTest {
    private static final Path ROOT = EmbeddedStack.projectRoot();
    private static final Template TEMPLATE =
            Template.read(ROOT.resolve("template.yaml"), AwsCallRecorder.STACK, Map.of());

    static Stream<String> functions() {
        return TEMPLATE.functions().stream().map(Template.Function::logicalId);
    }

    @ParameterizedTest
    @Tag("rule-22")
    @MethodSource("functions")
    void functionMayDoExactlyWhatItDoes(String function) throws IOException {
        var calls = ROOT.resolve("functions", folder(function), "target", "aws-calls");
        assertTrue(Files.exists(calls), calls + " is missing: run the tests of the functions before, with mvn verify");

        var done = new TreeSet<>(Files.readAllLines(calls));
        var allowed = allowed(function);

        assertEquals(List.of(), without(done, allowed), "what it does and may not");
        assertEquals(List.of(), without(allowed, done), "what it may and no test makes it do");
    }

    @Test
    @Tag("rule-22")
    void policiesNameActionsAndResourcesWithoutWildcards() {
        for (var function : TEMPLATE.functions()) {
            for (var statement : function.policies()) {
                for (var name : Stream.concat(statement.actions().stream(), statement.resources().stream())
                        .toList()) {
                    assertFalse(name.contains("*") || name.contains("?"), function.logicalId() + ": " + name);
                }
            }
        }
    }

    /**
     * SAM gives a function on a stream a managed policy of AWS beside ours, which reads every stream of the account: no event mapping
     * works without it, and the template cannot narrow it.
     */
    @Test
    @Tag("rule-22")
    void threeFunctionsReadEveryStream() {
        assertEquals(
                List.of("FollowUpFunction", "ChangeHistoryFunction", "ChangePublisherFunction"),
                TEMPLATE.functions().stream()
                        .filter(function -> !function.streams().isEmpty())
                        .map(Template.Function::logicalId)
                        .toList());
    }

    /** As the recorder writes it: a table, an index or a bus by its name, a secret by its ARN. */
    private static TreeSet<String> allowed(String function) {
        return TEMPLATE.function(function).policies().stream()
                .flatMap(statement -> statement.actions().stream()
                        .flatMap(action -> statement.resources().stream()
                                .map(resource -> action + " "
                                        + resource.replaceFirst(
                                                "^arn:aws:(dynamodb:.*:table|events:.*:event-bus)/", ""))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> without(TreeSet<String> these, TreeSet<String> those) {
        return these.stream().filter(each -> !those.contains(each)).toList();
    }

    /** {@code UserLicenseWebhookFunction} is in {@code user-license-webhook} (wire contract §7). */
    private static String folder(String function) {
        return function.replaceFirst("Function$", "")
                .replaceAll("(?<=.)(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
