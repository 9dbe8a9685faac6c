package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.dynamodb.BatchReader;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.Wiring;
import org.touchline.status.StackStatus;
import org.touchline.status.StatusJson;

/** {@code GET /status}: how the organization's copy is (wire contract §5). */
@NullMarked
public final class StackStatusHandler extends HttpFunction {
    private final StackStatus status;

    /** For Lambda. */
    public StackStatusHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public StackStatusHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private StackStatusHandler(Wiring wiring) {
        this.status = new StackStatus(
                new BatchReader(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE")),
                wiring.checkpoint(),
                wiring.followUps(),
                wiring.quarantine(),
                wiring.members());
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        request.queryKnowing();
        return HttpResponse.ok(StatusJson.write(status.read()));
    }
}
