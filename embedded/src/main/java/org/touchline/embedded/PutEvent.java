package org.touchline.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * An event that was put on a bus.
 *
 * @param number its place among all that were put, from 1 on
 * @param bus the bus's name; {@code default} unless said
 * @param id what EventBridge calls it; put again, it gets another
 */
public record PutEvent(
        long number, String bus, String id, String source, String detailType, Instant time, ObjectNode detail) {

    /** As {@code GET /events} lists it (wire contract §6). */
    ObjectNode listed() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("number", number)
                .put("source", source)
                .put("detail-type", detailType)
                .put("time", time.toString())
                .set("detail", detail);
    }

    /** The whole event, as rules match it and targets get it. */
    public ObjectNode envelope() {
        var envelope = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", id)
                .put("detail-type", detailType)
                .put("source", source)
                .put("account", Template.ACCOUNT)
                .put("time", time.toString())
                .put("region", Template.REGION);
        envelope.putArray("resources");
        return envelope.set("detail", detail);
    }
}
