package org.touchline.learningcenter.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.touchline.JsonValue;

/**
 * Finds the fields that the wire contract does not know in what the Learning Center sends (§1): they are ignored where it is read, so
 * that nothing else tells of a format that changes. Names alone are looked at, never a value, and each is told once; one that does not
 * look like a name, which may be data, is not shown.
 *
 * <p>Safe for use by several threads.
 */
public final class UnknownFields {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_. -]{0,39}");

    /** What stands for a name that does not look like one. */
    static final String NOT_SHOWN = "(not shown)";

    /** Who sends data as names has no end of them. */
    private static final int MOST_NAMES = 100;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * What was found.
     *
     * @param count of fields, each as often as it is there
     * @param newNames those that this has not told before
     */
    public record Found(int count, List<String> newNames) {
        public Found {
            newNames = List.copyOf(newNames);
        }
    }

    /**
     * Looks at what came: an object, a list of objects, or an object with such a list in it.
     *
     * @param source the path of a webhook, or a call as the wire contract names it; of any other, every field is unknown
     */
    public Found in(String source, JsonValue json) {
        var look = new Look(WireFields.readFrom(source));
        look.at(json);
        return new Found(look.count, look.newNames);
    }

    /** A name as it may be logged. */
    static String shown(String name) {
        return NAME.matcher(name).matches() ? name : NOT_SHOWN;
    }

    private final class Look {
        private final Set<String> known;
        private final List<String> newNames = new ArrayList<>();
        private int count;

        Look(Set<String> known) {
            this.known = known;
        }

        void at(JsonValue json) {
            if (json.isArray()) {
                json.forEach(row -> compare(row, known));
            } else if (json.properties().stream()
                    .anyMatch(field -> field.getValue().isArray() && isList(field.getKey()))) {
                atListIn(json);
            } else {
                compare(json, known);
            }
        }

        private void atListIn(JsonValue envelope) {
            for (var field : envelope.properties()) {
                if (isList(field.getKey())) {
                    field.getValue().forEach(row -> compare(row, known));
                } else if (WireFields.isPagination(LearningCenterRecord.normalized(field.getKey()))) {
                    compare(field.getValue(), WireFields.readFromPagination());
                } else {
                    unknown(field.getKey());
                }
            }
        }

        private static boolean isList(String name) {
            return WireFields.isList(LearningCenterRecord.normalized(name));
        }

        private void compare(JsonValue object, Set<String> expected) {
            for (var field : object.properties()) {
                if (!expected.contains(LearningCenterRecord.normalized(field.getKey()))) {
                    unknown(field.getKey());
                }
            }
        }

        private void unknown(String name) {
            count++;
            var shown = shown(name);
            if (told.size() < MOST_NAMES && told.add(shown)) {
                newNames.add(shown);
            }
        }
    }
}
