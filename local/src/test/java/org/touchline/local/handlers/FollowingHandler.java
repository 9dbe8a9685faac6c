package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Logs what happened to which item, a line a record and one a batch; fails for an item that asks for it. */
public final class FollowingHandler implements RequestHandler<DynamodbEvent, @Nullable Void> {
    public FollowingHandler(Map<String, String> environment) {}

    @Override
    public @Nullable Void handleRequest(DynamodbEvent event, Context context) {
        for (var change : event.getRecords()) {
            var detail = change.getDynamodb();
            var id = detail.getKeys().get("id").getS();
            context.getLogger().log(change.getEventName() + " " + id + " " + detail.getNewImage());
            if (id.startsWith("poison")) {
                throw new IllegalStateException("cannot stomach " + id);
            }
        }
        context.getLogger().log("batch of " + event.getRecords().size());
        return null;
    }
}
