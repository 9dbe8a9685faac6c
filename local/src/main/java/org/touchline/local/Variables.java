package org.touchline.local;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of the environment, by name. One that is missing or blank has its default; one that cannot be understood is a {@link StartException}. */
record Variables(Map<String, String> values) {
    String text(String name, String otherwise) {
        var value = values.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    String required(String name, String reason) {
        var value = text(name, "");
        if (value.isEmpty()) {
            throw new StartException(name, reason);
        }
        return value;
    }

    int port(String name, int otherwise) {
        return number(name, otherwise, 0, 65_535);
    }

    int number(String name, int otherwise, int least, int most) {
        var text = text(name, Integer.toString(otherwise));
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new StartException(name, "\"" + text + "\" is not a whole number from " + least + " to " + most);
    }

    boolean isTrue(String name) {
        var text = text(name, "false").toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            throw new StartException(name, "\"" + text + "\" is neither true nor false");
        }
        return text.equals("true");
    }

    @Nullable Path folder(String name) {
        var text = text(name, "");
        try {
            return text.isEmpty() ? null : Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new StartException(name, e);
        }
    }

    @Nullable URI url(String name) {
        var text = text(name, "");
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("https?://[^/\\s]+\\S*")) {
            throw new StartException(name, "\"" + text + "\" is not an http or https URL");
        }
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new StartException(name, e);
        }
    }
}
