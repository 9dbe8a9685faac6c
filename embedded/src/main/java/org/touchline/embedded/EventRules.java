package org.touchline.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/**
 * The rules of a stack's event bus, matched by the library that EventBridge itself uses: what fits one is sent to its targets.
 * Thread-safe.
 */
public final class EventRules implements Consumer<PutEvent>, AutoCloseable {
    private static final Pattern SECRET =
            Pattern.compile("\\{\\{resolve:secretsmanager:(arn:.+?):SecretString:(\\w+)}}");
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Following> followings = new ArrayList<>();

    private record Following(Template.Rule rule, List<ApiDestinationSender> senders) {}

    /**
     * The rules of a template. The key of a connection is read here, as a deployment reads it: a secret that changes later changes
     * nothing.
     *
     * @param secrets the text of a secret, by its ARN
     * @param pacing how what is not delivered is tried again
     * @param out told, in a line, of what is given up
     * @throws IllegalArgumentException if a pattern cannot be understood; the message names the rule
     */
    public EventRules(
            Template template,
            Function<String, String> secrets,
            ApiDestinationSender.Pacing pacing,
            Consumer<String> out) {
        for (var rule : template.rules()) {
            var error = JsonRuleCompiler.check(rule.pattern());
            if (error != null) {
                throw new IllegalArgumentException(rule.logicalId() + ": " + error);
            }
            var senders = rule.targets().stream()
                    .map(target -> new ApiDestinationSender(
                            rule.logicalId(), target, key(target.destination().key(), secrets), pacing, out))
                    .toList();
            followings.add(new Following(rule, senders));
        }
    }

    /** What was given up, by all rules: each has a line in the queue of failures of its target. */
    public List<ApiDestinationSender.Failure> failures() {
        return followings.stream()
                .flatMap(following -> following.senders().stream())
                .flatMap(sender -> sender.failures().stream())
                .toList();
    }

    @Override
    public void accept(PutEvent event) {
        for (var following : followings) {
            if (following.rule().bus().equals(event.bus())
                    && matches(following.rule().pattern(), event.envelope())) {
                following.senders().forEach(sender -> sender.send(event));
            }
        }
    }

    /** Whether an event, whole, fits a pattern. */
    public static boolean matches(String pattern, ObjectNode envelope) {
        try {
            return Ruler.matchesRule(envelope.toString(), pattern);
        } catch (Exception e) {
            throw new IllegalStateException("event pattern " + pattern, e);
        }
    }

    private static String key(String text, Function<String, String> secrets) {
        var reference = SECRET.matcher(text);
        if (!reference.matches()) {
            return text;
        }
        try {
            return JSON.readTree(secrets.apply(reference.group(1)))
                    .path(reference.group(2))
                    .asText();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the secret " + reference.group(1) + " is not JSON", e);
        }
    }

    @Override
    public void close() {
        followings.forEach(following -> following.senders().forEach(ApiDestinationSender::close));
    }
}
