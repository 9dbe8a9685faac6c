package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** How an answer that is no error is made to differ from the wire contract. */
public enum Alteration {
    /** Each row, or the object, has one field more: that name, with a text in it. */
    UNKNOWN_FIELD((answer, name) -> {
        objects(answer).forEach(object -> object.put(name, "something new"));
        return answer;
    }),
    /** Each row, or the object, has one field less. */
    MISSING_FIELD((answer, name) -> {
        objects(answer).forEach(object -> object.remove(name));
        return answer;
    }),
    /** A list comes without its {@code pagination}. */
    WITHOUT_PAGINATION((answer, _) -> {
        if (answer instanceof ObjectNode object) {
            object.remove("pagination");
        }
        return answer;
    }),
    /** A list's rows come as a bare array. */
    BARE_LIST((answer, _) -> answer.path("data").isArray() ? answer.path("data") : answer),
    /** A list begins with one row more: that JSON. */
    ODD_ROW((answer, row) -> {
        if (rows(answer) instanceof ArrayNode rows) {
            rows.insert(0, Json.node(row));
        }
        return answer;
    });

    private final BiFunction<JsonNode, String, JsonNode> change;

    Alteration(BiFunction<JsonNode, String, JsonNode> change) {
        this.change = change;
    }

    Answer of(Answer answer, String what) {
        return answer.status() == 200 && answer.body().length > 0
                ? Answer.ok(change.apply(Json.node(new String(answer.body(), StandardCharsets.UTF_8)), what))
                : answer;
    }

    private static Stream<ObjectNode> objects(JsonNode answer) {
        return rows(answer) instanceof ArrayNode rows
                ? StreamSupport.stream(rows.spliterator(), false)
                        .filter(JsonNode::isObject)
                        .map(ObjectNode.class::cast)
                : Stream.of(answer).filter(JsonNode::isObject).map(ObjectNode.class::cast);
    }

    private static JsonNode rows(JsonNode answer) {
        return answer.isArray() ? answer : answer.path("data");
    }
}
