package org.touchline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** Reads templates that a test writes down. */
final class YamlTemplate {
    static final String STACK = "demo";

    private YamlTemplate() {}

    static Template read(String yaml) {
        return read(yaml, Map.of());
    }

    static Template read(String yaml, Map<String, String> parameters) {
        try {
            var file = Files.createTempFile("template", ".yaml");
            try {
                Files.writeString(file, yaml);
                return Template.read(file, STACK, parameters);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
