package org.touchline.embedded.learningcenter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** People in a file of JSON Lines, in UTF-8: what {@code POST /simulator/people} takes, one a line. */
final class PeopleFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final LearningCenter center;
    private final Map<String, Integer> lines = new HashMap<>();

    private PeopleFile(LearningCenter center) {
        this.center = center;
    }

    /**
     * Adds all of them.
     *
     * @throws IllegalArgumentException if a line cannot be taken; the message names it
     * @throws UncheckedIOException if the file cannot be read
     */
    static void read(Path file, LearningCenter center) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new PeopleFile(center).add(bytes);
    }

    private void add(byte[] bytes) {
        var number = 1;
        for (var start = 0; start < bytes.length; number++) {
            var end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            try {
                add(text(ByteBuffer.wrap(bytes, start, end - start)), number);
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException("line " + number + ": " + refused.getMessage(), refused);
            }
            start = end + 1;
        }
    }

    private void add(String line, int number) {
        if (line.isBlank()) {
            return;
        }
        var request = PeopleRequest.of(Json.object(line));
        if (request instanceof PeopleRequest.One one) {
            var ussfId = one.person().ussfId();
            var before = lines.putIfAbsent(ussfId, number);
            if (before != null) {
                throw Refusal.badRequest("ussf_id " + ussfId + " is in line " + before + " already");
            }
        }
        request.addTo(center);
    }

    /** A spreadsheet's UTF-8 begins with a mark of its own. */
    private static String text(ByteBuffer line) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(line).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8", e);
        }
    }
}
