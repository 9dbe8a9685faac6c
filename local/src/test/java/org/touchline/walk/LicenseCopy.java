package org.touchline.walk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.touchline.license.License;

/** Everybody's licenses as a system holds them that hears each change at least once, in no order, and follows as wire contract §9 says. */
final class LicenseCopy {
    private record State(boolean active, String lastDay, String updatedAt, String revision) {}

    private final Map<String, Map<String, State>> held = new HashMap<>();
    private final Map<String, String> movedTo = new HashMap<>();

    /** What is known before anything is heard. */
    void begin(String ussfId, License license) {
        hold(
                ussfId,
                license.licenseId().value(),
                new State(
                        !license.removed(),
                        Objects.toString(license.expirationDate()),
                        license.updatedAt().toString(),
                        license.stateRevision()));
    }

    /** Of the types that say what is held; of any other, nothing is done. */
    void hear(JsonNode event) {
        var data = event.path("data");
        switch (event.path("type").asText()) {
            case "license.added", "license.updated", "license.removed" -> {
                var after = data.path("after");
                hold(
                        data.path("ussfId").asText(),
                        data.path("licenseId").asText(),
                        new State(
                                after.path("status").asText().equals("active"),
                                after.path("expirationDate").asText(),
                                after.path("updatedAt").asText(),
                                after.path("revision").asText()));
            }
            case "person.moved" -> {
                var former = data.path("formerUssfId").asText();
                movedTo.put(former, data.path("ussfId").asText());
                var licenses = held.remove(former);
                if (licenses != null) {
                    licenses.forEach((license, state) -> hold(former, license, state));
                }
            }
            default -> {}
        }
    }

    /** Somebody was erased, and whoever erased them has said so. */
    void forget(String ussfId) {
        held.remove(present(ussfId));
    }

    private void hold(String ussfId, String licenseId, State state) {
        held.computeIfAbsent(present(ussfId), _ -> new HashMap<>())
                .merge(licenseId, state, (one, other) -> one.revision().compareTo(other.revision()) < 0 ? other : one);
    }

    private String present(String ussfId) {
        var id = ussfId;
        for (var next = movedTo.get(id); next != null; next = movedTo.get(id)) {
            id = next;
        }
        return id;
    }

    /** A line for each license that is held, without its revision: that another one says the same is not told. */
    List<String> lines() {
        return held.entrySet().stream()
                .flatMap(person -> person.getValue().entrySet().stream()
                        .filter(license -> license.getValue().active())
                        .map(license -> line(
                                person.getKey(),
                                license.getKey(),
                                license.getValue().lastDay(),
                                license.getValue().updatedAt())))
                .sorted()
                .toList();
    }

    /** The line of what the store holds. */
    static String line(String ussfId, License license) {
        return line(
                ussfId,
                license.licenseId().value(),
                Objects.toString(license.expirationDate()),
                license.updatedAt().toString());
    }

    private static String line(String ussfId, String licenseId, String lastDay, String updatedAt) {
        return ussfId + " " + licenseId + " " + lastDay + " " + updatedAt;
    }
}
