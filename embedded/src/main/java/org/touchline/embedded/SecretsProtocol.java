package org.touchline.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.StoredSecret.Value;
import org.touchline.embedded.StoredSecret.Version;

/** The operations of Secrets Manager, on secrets in memory: JSON in, JSON out. Thread-safe. */
final class SecretsProtocol {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@-]{1,512}");
    private static final int MAX_PAGE = 100;

    private final InstantSource clock;
    private final Map<String, StoredSecret> secrets = new LinkedHashMap<>();
    private final Map<String, Integer> reads = new HashMap<>();

    SecretsProtocol(InstantSource clock) {
        this.clock = clock;
    }

    /** Sets the current value of a secret; makes it if there is none of that name. */
    synchronized void put(String name, String arn, String value) {
        secrets.computeIfAbsent(name, _ -> new StoredSecret(name, arn, clock.instant()))
                .put(version(UUID.randomUUID().toString(), new Value(value, null)), List.of(StoredSecret.CURRENT));
    }

    /** The current value of each secret that is a text, by name. */
    synchronized Map<String, String> values() {
        var values = new TreeMap<String, String>();
        secrets.values().forEach(secret -> {
            var text = secret.version(null, null).value().text();
            if (text != null) {
                values.put(secret.name(), text);
            }
        });
        return values;
    }

    synchronized int reads(String id) {
        return find(id).map(secret -> reads.getOrDefault(secret.name(), 0)).orElse(0);
    }

    /** Counts a request for a value, answered or not. */
    synchronized void countRead(ObjectNode request) {
        find(request.path("SecretId").asText()).ifPresent(secret -> reads.merge(secret.name(), 1, Integer::sum));
    }

    /**
     * Does one operation.
     *
     * @throws RefusedCallException when Secrets Manager would refuse it
     */
    synchronized ObjectNode call(String operation, ObjectNode request) {
        return switch (operation) {
            case "GetSecretValue" -> getSecretValue(request);
            case "PutSecretValue" -> putSecretValue(request);
            case "UpdateSecret" -> change(secret(request), request);
            case "CreateSecret" -> createSecret(request);
            case "DescribeSecret" -> describe(secret(request), "VersionIdsToStages");
            case "ListSecrets" -> listSecrets(request);
            default ->
                throw new RefusedCallException("UnknownOperationException", "There is no " + operation + " here.");
        };
    }

    private ObjectNode getSecretValue(ObjectNode request) {
        var secret = secret(request);
        var version = secret.version(text(request, "VersionId"), text(request, "VersionStage"));
        var answer = identify(secret).put("VersionId", version.id());
        putIfPresent(answer, "SecretString", version.value().text());
        putIfPresent(answer, "SecretBinary", version.value().binary());
        secret.stagesOf(version.id()).forEach(answer.putArray("VersionStages")::add);
        return answer.put("CreatedDate", seconds(version.created()));
    }

    private ObjectNode putSecretValue(ObjectNode request) {
        var secret = secret(request);
        var version = requestedVersion(request)
                .orElseThrow(() -> new RefusedCallException(
                        "InvalidRequestException", "Either SecretString or SecretBinary must be given."));
        var stages = StreamSupport.stream(request.path("VersionStages").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        secret.put(version, stages.isEmpty() ? List.of(StoredSecret.CURRENT) : stages);
        var answer = identify(secret).put("VersionId", version.id());
        secret.stagesOf(version.id()).forEach(answer.putArray("VersionStages")::add);
        return answer;
    }

    private ObjectNode createSecret(ObjectNode request) {
        var name = Optional.ofNullable(text(request, "Name"))
                .filter(wanted -> NAME.matcher(wanted).matches())
                .orElseThrow(
                        () -> RefusedCallException.validation("Name is missing, or holds characters that it may not."));
        var isRepeated = Optional.ofNullable(text(request, "ClientRequestToken"))
                .flatMap(token -> find(name).map(secret -> secret.holds(token)))
                .orElse(false);
        if (secrets.containsKey(name) && !isRepeated) {
            throw new RefusedCallException(
                    "ResourceExistsException", "The operation failed because the secret " + name + " already exists.");
        }
        var arn = "arn:aws:secretsmanager:%s:%s:secret:%s-%s"
                .formatted(
                        Template.REGION,
                        Template.ACCOUNT,
                        name,
                        UUID.randomUUID().toString().substring(0, 6));
        return change(secrets.computeIfAbsent(name, _ -> new StoredSecret(name, arn, clock.instant())), request);
    }

    private ObjectNode change(StoredSecret secret, ObjectNode request) {
        var answer = identify(secret);
        requestedVersion(request).ifPresent(version -> {
            secret.put(version, List.of(StoredSecret.CURRENT));
            answer.put("VersionId", version.id());
        });
        var description = text(request, "Description");
        if (description != null) {
            secret.describe(description, clock.instant());
        }
        return answer;
    }

    private ObjectNode listSecrets(ObjectNode request) {
        if (request.has("Filters") || request.has("SortOrder")) {
            throw invalidParameter("Filters and SortOrder are not supported here.");
        }
        var size = request.path("MaxResults").asInt(MAX_PAGE);
        if (size < 1 || size > MAX_PAGE) {
            throw RefusedCallException.validation("MaxResults must be 1 to " + MAX_PAGE + ".");
        }
        var start = start(text(request, "NextToken"));
        var answer = JsonNodeFactory.instance.objectNode();
        var page = answer.putArray("SecretList");
        secrets.values().stream()
                .skip(start)
                .limit(size)
                .map(secret -> describe(secret, "SecretVersionsToStages"))
                .forEach(page::add);
        if (start + size < secrets.size()) {
            answer.put("NextToken", Integer.toString(start + size));
        }
        return answer;
    }

    private int start(@Nullable String token) {
        if (token == null) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(token);
        } catch (NumberFormatException e) {
            throw new RefusedCallException("InvalidNextTokenException", "The NextToken is not one of ours.");
        }
    }

    /** The API calls one thing by two names: the field of the versions is another in a list. */
    private ObjectNode describe(StoredSecret secret, String versionsField) {
        var answer = identify(secret);
        putIfPresent(answer, "Description", secret.description());
        answer.put("CreatedDate", seconds(secret.created())).put("LastChangedDate", seconds(secret.changed()));
        var versions = answer.putObject(versionsField);
        secret.stagesByVersion().forEach((id, stages) -> stages.forEach(versions.putArray(id)::add));
        return answer;
    }

    private StoredSecret secret(ObjectNode request) {
        var id = text(request, "SecretId");
        if (id == null) {
            throw RefusedCallException.validation("SecretId is missing.");
        }
        return find(id).orElseThrow(SecretsProtocol::notFound);
    }

    private Optional<StoredSecret> find(String id) {
        return secrets.values().stream().filter(secret -> secret.answersTo(id)).findFirst();
    }

    /** The version that a request asks for, if it brings a value. The SDK and the CLI always send a token for its id. */
    private Optional<Version> requestedVersion(ObjectNode request) {
        var value = new Value(text(request, "SecretString"), text(request, "SecretBinary"));
        if (value.text() != null && value.binary() != null) {
            throw invalidParameter("Only one of SecretString and SecretBinary may be given.");
        }
        if (value.text() == null && value.binary() == null) {
            return Optional.empty();
        }
        var token = text(request, "ClientRequestToken");
        return Optional.of(version(token == null ? UUID.randomUUID().toString() : token, value));
    }

    private Version version(String id, Value value) {
        return new Version(id, value, clock.instant());
    }

    private static ObjectNode identify(StoredSecret secret) {
        return JsonNodeFactory.instance.objectNode().put("ARN", secret.arn()).put("Name", secret.name());
    }

    private static void putIfPresent(ObjectNode answer, String field, @Nullable String text) {
        if (text != null) {
            answer.put(field, text);
        }
    }

    private static @Nullable String text(ObjectNode request, String field) {
        return request.hasNonNull(field) ? request.get(field).asText() : null;
    }

    private static RefusedCallException notFound() {
        return new RefusedCallException(
                "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }

    private static RefusedCallException invalidParameter(String message) {
        return new RefusedCallException("InvalidParameterException", message);
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1_000.0;
    }
}
