package org.touchline.walk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who hears each change at least once, in no order, and follows as the contract says. */
final class Listener {
    private final Set<String> heard = new HashSet<>();
    private final LicenseCopy copy = new LicenseCopy();
    private final List<JsonNode> notices = new ArrayList<>();

    void hear(JsonNode event) {
        if (!heard.add(event.path("id").asText())) {
            return;
        }
        copy.hear(event);
        if (event.path("type").asText().matches("license[.]expir(ing|ed)")) {
            notices.add(event);
        }
    }

    /** A line for each license that is held, as {@link LicenseCopy#line} writes it. */
    List<String> licenses() {
        return copy.lines();
    }

    /** The notices of licenses that end, as they were heard. */
    List<JsonNode> notices() {
        return List.copyOf(notices);
    }
}
