package org.touchline.embedded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A secret with its versions. A staging label such as AWSCURRENT sticks to one version at a time. Not thread-safe: its owner
 * guards it.
 */
final class StoredSecret {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";

    private final String name;
    private final String arn;
    private final Instant created;
    private final Map<String, Version> versions = new LinkedHashMap<>();
    private final Map<String, String> versionsByStage = new LinkedHashMap<>();
    private @Nullable String description;
    private Instant changed;

    /** What a version holds: a text, or bytes in Base64. */
    record Value(@Nullable String text, @Nullable String binary) {}

    /** A version: its id is the token of the request that made it. */
    record Version(String id, Value value, Instant created) {}

    StoredSecret(String name, String arn, Instant created) {
        this.name = name;
        this.arn = arn;
        this.created = created;
        this.changed = created;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    Instant created() {
        return created;
    }

    /** When its value or description last changed. */
    Instant changed() {
        return changed;
    }

    @Nullable String description() {
        return description;
    }

    void describe(String text, Instant now) {
        description = text;
        changed = now;
    }

    /** Whether an id names this secret: its name, its ARN, or its ARN without the random end of seven characters. */
    boolean answersTo(String id) {
        return id.equals(name) || id.equals(arn) || arn.length() == id.length() + 7 && arn.startsWith(id + "-");
    }

    /**
     * Adds a version and moves labels to it; what was current becomes previous. The same id with the same value again changes
     * nothing.
     */
    void put(Version version, List<String> stages) {
        var existing = versions.putIfAbsent(version.id(), version);
        if (existing != null) {
            if (existing.value().equals(version.value())) {
                return;
            }
            throw new RefusedCallException(
                    "ResourceExistsException", "ClientRequestToken " + version.id() + " was used for another value.");
        }
        for (var stage : stages) {
            var before = versionsByStage.put(stage, version.id());
            if (stage.equals(CURRENT) && before != null) {
                versionsByStage.put(PREVIOUS, before);
            }
        }
        changed = version.created();
    }

    boolean holds(String versionId) {
        return versions.containsKey(versionId);
    }

    /** The version of an id, else the one with a label. */
    Version version(@Nullable String versionId, @Nullable String stage) {
        var wanted = stage == null ? CURRENT : stage;
        var id = versionId == null ? versionsByStage.get(wanted) : versionId;
        var version = versions.get(id);
        if (version == null) {
            throw new RefusedCallException(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for "
                            + (versionId == null ? "staging label: " + wanted : "VersionId: " + versionId));
        }
        if (stage != null && !stagesOf(version.id()).contains(stage)) {
            throw new RefusedCallException(
                    "InvalidRequestException", "Version " + version.id() + " does not have the label " + stage + ".");
        }
        return version;
    }

    /** The labels of one version. */
    List<String> stagesOf(String versionId) {
        return stagesByVersion().getOrDefault(versionId, List.of());
    }

    /** The labels of each version that has any. */
    Map<String, List<String>> stagesByVersion() {
        var stages = new LinkedHashMap<String, List<String>>();
        versionsByStage.forEach((stage, id) ->
                stages.computeIfAbsent(id, _ -> new ArrayList<>()).add(stage));
        return stages;
    }
}
