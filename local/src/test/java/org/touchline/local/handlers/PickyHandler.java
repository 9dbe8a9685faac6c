package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Logs the records it is handed and, of those whose id ends with {@code twice}, takes none at the first time. */
public final class PickyHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
    private final Set<String> refused = new HashSet<>();

    public PickyHandler(Map<String, String> environment) {}

    @Override
    public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
        for (var change : event.getRecords()) {
            var id = change.getDynamodb().getKeys().get("id").getS();
            context.getLogger().log("sees " + id);
            if (id.endsWith("twice") && refused.add(id)) {
                return new StreamsEventResponse(
                        List.of(new BatchItemFailure(change.getDynamodb().getSequenceNumber())));
            }
        }
        return new StreamsEventResponse(List.of());
    }
}
