package org.touchline.learningcenter.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;

/**
 * Remembers what calls were answered, and tells where the shape differs from the wire contract (§2), by names and types, never
 * by values: for whoever meets the real Learning Center for the first time. What differs may be understood all the same
 * (wire contract §1).
 *
 * <p>Safe for use by several threads.
 */
public final class AnswerShapes implements AnswerObserver {
    /** Whose rows are in a bare array by the contract, rather than in {@code data} beside {@code pagination}. */
    private static final Set<String> BARE = Set.of("GET /licenses", "GET /users/{ussf_id}/user-licenses");

    private static final Set<String> PAGED = Set.of("GET /subscriptions", "GET /user-licenses");
    private static final int MOST_ROWS = 100;
    private static final int LONGEST_EXCERPT = 100;
    private static final int MOST_BYTES_READ = 1024;

    private final Map<String, JsonValue> answers = new ConcurrentHashMap<>();
    private final Map<String, String> excerpts = new ConcurrentHashMap<>();

    @Override
    public void received(ConnectAnswer answer) {
        if (answer.call().startsWith("GET ")) {
            // The others may have been answered with a token.
            excerpts.put(answer.call(), excerpt(answer));
        }
        if (answer.isSuccess() && WireFields.knows(answer.call())) {
            try {
                answers.put(answer.call(), answer.json());
            } catch (UnintelligibleException noJson) {
                // Whoever reads it says so.
            }
        }
    }

    /**
     * What a call was answered last, such as {@code 404 "Not Found"}: its status, and the first 100 characters. That is for the
     * person who asked, and for no log (design rule 21). Empty if it was never answered.
     */
    public String excerpt(String call) {
        return excerpts.getOrDefault(call, "");
    }

    private static String excerpt(ConnectAnswer answer) {
        var body = answer.body();
        var text = new String(body, 0, Math.min(body.length, MOST_BYTES_READ), StandardCharsets.UTF_8).strip();
        var end = text.offsetByCodePoints(0, Math.min(LONGEST_EXCERPT, text.codePointCount(0, text.length())));
        var shown = text.substring(0, end).replaceAll("\\p{Cntrl}", " ");
        return answer.status() + (shown.isEmpty() ? " without a body" : " \"" + shown + "\"");
    }

    /**
     * Where the last answer of a call differs, such as {@code "issuer is missing"}, {@code "ussf_id is spelled USSF-ID"} or
     * {@code "hosted_by (a text) is not in the contract"}; empty if nowhere, or if it was never answered.
     *
     * @param call as the wire contract names it, such as {@code GET /licenses}
     */
    public List<String> differences(String call) {
        var json = answers.get(call);
        if (json == null) {
            return List.of();
        }
        var differences = new LinkedHashSet<String>();
        var rows = rows(call, json, differences);
        for (var row : rows.subList(0, Math.min(rows.size(), MOST_ROWS))) {
            if (row.isObject()) {
                compare(row, WireFields.of(call), differences);
            } else {
                differences.add("a row is " + LearningCenterRecord.kind(row) + " instead of an object");
            }
        }
        return List.copyOf(differences);
    }

    private static List<JsonValue> rows(String call, JsonValue json, Set<String> differences) {
        var isList = BARE.contains(call) || PAGED.contains(call);
        if (!isList) {
            return json.isArray() ? unexpectedList(json, differences) : List.of(json);
        }
        if (json.isArray()) {
            if (PAGED.contains(call)) {
                differences.add("a bare list instead of data beside pagination");
            }
            return json.valueStream().toList();
        }
        if (BARE.contains(call)) {
            differences.add("an object (" + described(json) + ") instead of a list");
        } else {
            compareEnvelope(json, differences);
        }
        return json.valueStream()
                .filter(JsonValue::isArray)
                .findFirst()
                .map(list -> list.valueStream().toList())
                .orElse(List.of());
    }

    private static void compareEnvelope(JsonValue json, Set<String> differences) {
        JsonValue pagination = null;
        for (var field : json.properties()) {
            var name = LearningCenterRecord.normalized(field.getKey());
            if (WireFields.isPagination(name)) {
                pagination = field.getValue();
            } else if (!WireFields.isList(name)) {
                differences.add(UnknownFields.shown(field.getKey()) + " (" + LearningCenterRecord.kind(field.getValue())
                        + ") is not in the contract");
            }
        }
        if (pagination == null || !pagination.isObject()) {
            differences.add("pagination is missing");
        } else {
            compare(pagination, WireFields.ofPagination(), differences);
        }
    }

    private static List<JsonValue> unexpectedList(JsonValue json, Set<String> differences) {
        differences.add("a list instead of an object");
        return json.valueStream().toList();
    }

    private static void compare(JsonValue row, List<String> expected, Set<String> differences) {
        var actual = new TreeMap<String, String>();
        row.properties().forEach(field -> actual.put(LearningCenterRecord.normalized(field.getKey()), field.getKey()));
        for (var field : expected) {
            var spelling = actual.remove(LearningCenterRecord.normalized(field));
            if (spelling == null) {
                // Without a match there is no id.
                if (!field.equals("ussf_id") || !row.has("result")) {
                    differences.add(field + " is missing");
                }
            } else if (!spelling.equals(field)) {
                differences.add(field + " is spelled " + spelling);
            }
        }
        for (var name : actual.values()) {
            differences.add(UnknownFields.shown(name) + " (" + LearningCenterRecord.kind(row.path(name))
                    + ") is not in the contract");
        }
    }

    private static String described(JsonValue object) {
        var fields = new ArrayList<String>();
        object.properties()
                .forEach(field -> fields.add(
                        UnknownFields.shown(field.getKey()) + ": " + LearningCenterRecord.kind(field.getValue())));
        return fields.stream().collect(Collectors.joining(", "));
    }
}
