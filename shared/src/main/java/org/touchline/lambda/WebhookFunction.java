package org.touchline.lambda;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.touchline.JsonObject;
import org.touchline.quarantine.Source;
import org.touchline.secret.RotatingKey;
import org.touchline.statement.Statement;
import org.touchline.statement.Statement.Outcome;
import org.touchline.webhook.HeardWebhooks;
import org.touchline.webhook.WebhookReceiver;

/**
 * A function that receives one of the Learning Center's webhooks (wire contract §3): the key before the body, then what it
 * says.
 */
public abstract class WebhookFunction extends HttpFunction {
    private static final int MOST_BYTES = 256 * 1024;

    private final RotatingKey key;
    private final WebhookReceiver receiver;
    private final HeardWebhooks heard;
    private final String path;
    private final Metrics metrics;

    /**
     * Receives one webhook with what the function's environment names.
     *
     * @param source which one
     * @param statement what it says
     */
    protected WebhookFunction(Wiring wiring, Source source, Statement statement) {
        this.key = wiring.webhookKey();
        this.path = source.route();
        this.metrics = wiring.metrics();
        var answers = wiring.answerMetrics();
        this.receiver = new WebhookReceiver(
                source, statement, wiring.quarantine(), wiring.clock(), payload -> answers.answered(path, payload));
        this.heard = wiring.heardWebhooks();
    }

    @Override
    protected final void rehearse(HttpRequest sample) {
        rehearsing(() -> key.matches(offeredKeys(sample)));
        rehearsing(receiver::rehearse);
        rehearsing(() -> heard.rehearse(path));
        rehearsing(() -> {
            metrics.line().count(Metrics.WEBHOOKS_RECEIVED, 1).rehearse();
            rehearseAnswer(applied(Outcome.APPLIED));
        });
    }

    @Override
    protected final HttpResponse answer(HttpRequest request) {
        if (!key.matches(offeredKeys(request))) {
            metrics.count(Metrics.WEBHOOKS_REFUSED, 1);
            return HttpResponse.problem(401, "the Authorization header does not hold the key agreed with U.S. Soccer");
        }
        var body = request.body();
        if (body.length > MOST_BYTES) {
            return HttpResponse.problem(413, "a webhook's body has at most " + MOST_BYTES + " bytes");
        }
        var receipt = receiver.receive(body);
        heard.heard(path);
        var counted = metrics.line().count(Metrics.WEBHOOKS_RECEIVED, 1);
        var outcome = receipt.outcome();
        if (outcome != null) {
            counted.count(
                            switch (outcome) {
                                case APPLIED -> Metrics.WEBHOOKS_APPLIED;
                                case UNCHANGED -> Metrics.WEBHOOKS_UNCHANGED;
                            },
                            1)
                    .write();
            return applied(outcome);
        }
        counted.count(Metrics.QUARANTINED, 1).write();
        var quarantined = new JsonObject().put("status", "quarantined").put("reason", receipt.reason());
        return HttpResponse.json(202, quarantined);
    }

    private static HttpResponse applied(Outcome outcome) {
        return HttpResponse.ok(new JsonObject().put("status", outcome.name().toLowerCase(Locale.ROOT)));
    }

    /** The whole value is the key; {@code Bearer <key>} is accepted too. */
    private static List<String> offeredKeys(HttpRequest request) {
        return Stream.concat(request.header("authorization").stream(), request.bearerToken().stream())
                .toList();
    }
}
