package org.touchline.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A value of a template together with its place, so that whatever is wrong with it can be named.
 *
 * @param place keys from the template's root, joined by dots; list positions in brackets, from 0
 * @param value a map with text keys, a list, a text, a number or a boolean; null is refused where it is read
 */
record TemplateNode(String place, @Nullable Object value) {
    /** The value under a key that must be there. */
    TemplateNode at(String key) {
        return find(key).orElseThrow(() -> new TemplateException(place, key + " is missing"));
    }

    /** The value under a key, if there is one. */
    Optional<TemplateNode> find(String key) {
        return Optional.ofNullable(map().get(key)).map(found -> new TemplateNode(childPlace(key), found));
    }

    /** The value under a key, an empty map if there is none. */
    TemplateNode section(String key) {
        return find(key).orElseGet(() -> new TemplateNode(childPlace(key), Map.of()));
    }

    /** Each key with its value, in the order of the template. */
    void forEach(BiConsumer<String, TemplateNode> consumer) {
        map().forEach((key, value) -> consumer.accept(key, new TemplateNode(childPlace(key), value)));
    }

    /** The items of a list. */
    List<TemplateNode> items() {
        if (!(value instanceof List<?> list)) {
            throw unexpected("a list");
        }
        var items = new ArrayList<TemplateNode>(list.size());
        for (var item : list) {
            items.add(new TemplateNode(place + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** The items of a list, or the value itself where the template may leave the list out. */
    List<TemplateNode> itemOrItems() {
        return value instanceof List<?> ? items() : List.of(this);
    }

    /** A map's values by key, in the order of the template. */
    Map<String, Object> map() {
        if (!(value instanceof Map<?, ?> map)) {
            throw unexpected("a map");
        }
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, item) -> copy.put(String.valueOf(key), item));
        return Collections.unmodifiableMap(copy);
    }

    /** A text; numbers and booleans as CloudFormation would write them. */
    String text() {
        return switch (value) {
            case String text -> text;
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case null, default -> throw unexpected("a text");
        };
    }

    int integer() {
        try {
            return Integer.parseInt(text());
        } catch (NumberFormatException e) {
            throw unexpected("a whole number");
        }
    }

    boolean flag() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unexpected("true or false");
        };
    }

    TemplateException unexpected(String wanted) {
        return new TemplateException(place, "should be " + wanted + ", is " + value);
    }

    private String childPlace(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }
}
