package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/**
 * {@code docs/openapi.yaml} allows nothing that the API refuses, and refuses nothing but what the API refuses, or what it takes
 * although nobody should send it so: each field and each parameter with each of many values.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "local-webhook-key";
    private static final String TOKEN = "local-access-token";
    private static final String MEMBER = """
            {"firstName":"Vidar","lastName":"Mlakar","email":"2020000004136762@test.com","dateOfBirth":"1999-01-01"}""";

    /** What people, and programs, put where something else belongs; each for every field. */
    private static final List<String> VALUES = List.of(
            "\"\"",
            "\" \"",
            "\"\\t\"",
            "\"\\u001c\"",
            "\"\\u00a0\"",
            "\" x \"",
            "\"x\"",
            "\"é\"",
            "\"a!b\"",
            "\"@\"",
            "\"@b\"",
            "\"a@\"",
            "\"a@b\"",
            "\"a @b\"",
            "\"" + "x".repeat(64) + "\"",
            "\"" + "x".repeat(65) + "\"",
            "\"" + "x".repeat(100) + "\"",
            "\"" + "x".repeat(201) + "\"",
            "\"" + "x".repeat(500) + "\"",
            "\"" + "x".repeat(501) + "\"",
            "\"" + "\\ud83d\\ude00".repeat(500) + "\"",
            "\"" + "x".repeat(490) + "@" + "x".repeat(9) + "\"",
            "\"1899-12-31\"",
            "\"1900-01-01\"",
            "\"1990-02-30\"",
            "\"1990-2-3\"",
            "\"2004-02-29\"",
            "\"2004-02-29T00:00:00Z\"",
            "\"2100-01-01\"",
            "\"9999-12-31\"",
            "\"12345-01-01\"",
            "\"true\"",
            "\"2020000004136762\"",
            "\"2020-0000-0413-6762\"",
            "\"202000000413676\"",
            "\"20200000041367620\"",
            "\"coach\"",
            "\"referee_8\"",
            "null",
            "true",
            "7",
            "1.5",
            "3000000000",
            "[]",
            "[\"x\"]",
            "{}");

    private final OpenApi api = new OpenApi(EmbeddedStack.projectRoot().resolve("docs/openapi.yaml"));
    private LocalRun run;

    OpenApiRequestsTest() throws Exception {}

    @BeforeAll
    void start() throws Exception {
        run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), new Output().stream());
        var put = TestStack.send(
                "PUT",
                run.endpoints().api().resolve("/members/A-1"),
                MEMBER.replace("}", ",\"ussfId\":\"2020000004136762\"}"));
        assertEquals(200, put.statusCode(), put.body());
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @Test
    void membersThatAreDescribedAreStoredAndNoOthers() throws Exception {
        var operation = "PUT /members/{memberIdentifier}";
        var fields = new ArrayList<>(api.names("/components/schemas/MemberDetails/properties"));
        fields.addAll(List.of("memberIdentifiers", "expireson"));
        var differences = new ArrayList<String>();
        for (var field : fields) {
            for (var value : VALUES) {
                var body = object(MEMBER, field, value);
                // Nobody is born after today, which no schema can say.
                var described = api.differencesOfRequest(operation, body).isEmpty()
                        && !(field.equals("dateOfBirth") && value.equals("\"2099-01-01\""));
                var taken = send(operation, "/members/B-1", body) == 200;
                if (described != taken && !(taken && isLenient(field, value))) {
                    differences.add(field + " " + value + (described ? " is described" : " is taken"));
                }
            }
        }
        for (var field : List.of("firstName", "lastName", "email", "dateOfBirth")) {
            var body = object(MEMBER, field, "0");
            body.remove(field);
            if (api.differencesOfRequest(operation, body).isEmpty() || send(operation, "/members/B-1", body) != 400) {
                differences.add("without " + field);
            }
        }
        assertEquals(List.of(), differences);
    }

    /** Null and blank optional fields count as left out, space around a text does not count, nor what stands within a USSF-ID. */
    private static boolean isLenient(String field, String value) {
        var text = node(value);
        return text.isNull()
                || text.isTextual()
                        && (!text.asText().equals(text.asText().strip())
                                || text.asText().isEmpty())
                || field.equals("ussfId") && value.equals("\"2020-0000-0413-6762\"")
                || value.equals("\"\\u00a0\"");
    }

    @Test
    void parametersThatAreDescribedAreTakenAndNoOthers() throws Exception {
        var differences = new ArrayList<String>();
        for (var route : Map.of(
                        "GET /members/{memberIdentifier}/licenses", "/members/A-1/licenses",
                        "GET /users/{ussfId}/licenses", "/users/2020000004136762/licenses",
                        "GET /members", "/members?enrollment=pending",
                        "GET /roster", "/roster",
                        "GET /expirations", "/expirations",
                        "GET /changes", "/changes",
                        "GET /members/{memberIdentifier}/history", "/members/A-1/history",
                        "GET /users/{ussfId}/history", "/users/2020000004136762/history",
                        "GET /member-verification", "/member-verification")
                .entrySet()) {
            for (var parameter : api.parameters(route.getKey())) {
                var name = parameter.path("name").asText();
                for (var text : texts()) {
                    var path = parameter.path("in").asText().equals("path")
                            ? route.getValue().replaceFirst("A-1|2020000004136762", "{it}")
                            : route.getValue().replaceFirst("[?].*", "")
                                    + (name.equals("enrollment")
                                                    || !route.getValue().contains("?")
                                            ? "?"
                                            : "?enrollment=pending&")
                                    + name + "={it}";
                    var status = send(route.getKey(), path.replace("{it}", encoded(text)), null);
                    var described = api.describes(parameter, text);
                    var taken = status != 400;
                    assertTrue(status < 500, () -> name + "=" + text + ": " + status);
                    if (described != taken && !isKnown(name, text, taken)) {
                        differences.add(
                                route.getKey() + " " + name + "=" + text + (described ? " is described" : " is taken"));
                    }
                }
            }
        }
        assertEquals(List.of(), differences);
    }

    /**
     * What is taken although it is not described; and what no schema can say: that a birth date must be the member's, that a day is none
     * that has passed, and which cursor was handed out.
     */
    private static boolean isKnown(String name, String text, boolean taken) {
        if (!taken) {
            return Set.of("dob", "on", "from", "to", "after").contains(name);
        }
        var spaceAround = !text.equals(text.strip());
        return switch (name) {
            case "memberIdentifier" -> spaceAround || text.codePoints().noneMatch(c -> c > ' ' && c < 127);
            // An empty one is another path.
            case "ussfId" -> text.isEmpty() || text.equals("2020-0000-0413-6762");
            case "discipline", "type", "license_id" ->
                spaceAround || text.length() > 100 || text.codePoints().noneMatch(c -> c > ' ' && c < 127);
            default -> false;
        };
    }

    /** Wire contract §5, on every route of §4 and §5, the token endpoint aside: an answer that ignores a filter looks right and is not. */
    @Test
    void queryParameterThatARouteDoesNotKnowOrThatIsThereTwiceIsRefusedAndNamed() throws Exception {
        var differences = new ArrayList<String>();
        for (var operation : organizationsOperations()) {
            var path = operation
                    .split(" ")[1]
                    .replace("{memberIdentifier}", "A-1")
                    .replace("{ussfId}", "2020000004136762");
            var known = api.parameters(operation).stream()
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .map(parameter -> parameter.path("name").asText())
                    .toList();
            var detail = refusal(operation, path + "?surprise=1");
            var listed = known.isEmpty() ? List.of("none") : known;
            if (!detail.startsWith("the query parameter surprise is unknown")
                    || !listed.stream().allMatch(detail::contains)) {
                differences.add(operation + ": " + detail);
            }
            for (var name : known) {
                detail = refusal(operation, path + "?" + name + "=1&" + name + "=1");
                if (!detail.startsWith("the query parameter " + name + " may be given once")) {
                    differences.add(operation + ": " + detail);
                }
            }
        }
        assertEquals(List.of(), differences);
        assertEquals(200, send("GET /members/{memberIdentifier}", "/members/A-1", null), "nothing was deleted");
    }

    private static List<String> organizationsOperations() {
        return Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "touchline", Map.of())
                .functions()
                .stream()
                .flatMap(function -> function.routes().stream())
                .filter(route -> route.iam() || route.path().equals("/member-verification"))
                .map(route -> route.method() + " " + route.path())
                .toList();
    }

    /** The detail of a 400; of another answer, its status. */
    private String refusal(String operation, String path) throws Exception {
        var body = operation.startsWith("PUT")
                ? node(MEMBER)
                : operation.startsWith("POST") ? node("{\"memberIdentifier\":\"A-1\"}") : null;
        var answer = answer(operation, path, body);
        return answer.statusCode() == 400
                ? node(answer.body()).path("detail").asText()
                : "status " + answer.statusCode();
    }

    @Test
    void verificationsThatAreDescribedAreAnsweredAndNoOthers() throws Exception {
        var operation = "POST /member-verification";
        var differences = new ArrayList<String>();
        for (var field : List.of("memberIdentifier", "membershipIdentifier")) {
            for (var value : VALUES) {
                var body = object("{\"memberIdentifier\":\"A-1\"}", field, value);
                var described = api.differencesOfRequest(operation, body).isEmpty();
                var taken = send(operation, "/member-verification", body) == 200;
                // A number, a field that is null, and letters that no identifier has, are taken too.
                if (described != taken
                        && !(taken
                                && (node(value).isIntegralNumber()
                                        || node(value).isNull()
                                        || value.equals("\"é\"")
                                        || value.contains("\\u")))) {
                    differences.add(field + " " + value + (described ? " is described" : " is taken"));
                }
            }
        }
        assertEquals(List.of(), differences);
    }

    /** The Learning Center's are read with tolerance: more is taken than is described, and never less. */
    @Test
    void webhooksThatAreDescribedAreNotQuarantined() throws Exception {
        var differences = new ArrayList<String>();
        var webhooks = List.of("user-license-update", "uss-licenses-update", "ussf-id-update", "user-update");
        for (var webhook : webhooks) {
            var operation = "POST /webhooks/" + webhook;
            var example = api.exampleOfRequest(operation);
            var object = example.isArray() ? example.get(0) : example;
            for (var field : object.properties()) {
                for (var value : VALUES) {
                    var changed = object(object.toString(), field.getKey(), value);
                    var status = send(operation, "/webhooks/" + webhook, completed(example, changed));
                    assertTrue(status < 400, () -> webhook + " " + field.getKey() + " " + value + ": " + status);
                    // That the two ids of a change differ, no schema can say.
                    if (status != 200
                            && isDescribed(operation, example, changed)
                            && !(changed.has("new_ussf_id")
                                    && changed.get("new_ussf_id").equals(changed.get("current_ussf_id")))) {
                        differences.add(webhook + " " + field.getKey() + " " + value + " is described");
                    }
                }
                var without = object(object.toString(), field.getKey(), "0");
                without.remove(field.getKey());
                var status = send(operation, "/webhooks/" + webhook, completed(example, without));
                if (isDescribed(operation, example, without) != (status == 200)) {
                    differences.add(webhook + " without " + field.getKey());
                }
            }
        }
        assertEquals(List.of(), differences);
    }

    private boolean isDescribed(String operation, JsonNode example, JsonNode row) {
        return api.differencesOfRequest(
                        operation, example.isArray() ? JSON.createArrayNode().add(row) : row)
                .isEmpty();
    }

    /** Where a list belongs, the whole catalog, as it is now, with another row: one that retires too much would wait. */
    private JsonNode completed(JsonNode example, JsonNode row) throws Exception {
        if (!example.isArray()) {
            return row;
        }
        var catalog = TestStack.send("GET", run.endpoints().api().resolve("/licenses"), "")
                .body();
        var list = JSON.createArrayNode();
        for (var license : node(catalog).path("licenses")) {
            list.addObject().put("license_id", license.path("licenseId").asText());
        }
        return list.add(row);
    }

    private int send(String operation, String path, @Nullable JsonNode body) throws Exception {
        return answer(operation, path, body).statusCode();
    }

    private HttpResponse<String> answer(String operation, String path, @Nullable JsonNode body) throws Exception {
        return TestStack.send(
                operation.split(" ", 2)[0],
                run.endpoints().api().resolve(path),
                body == null ? "" : body.toString(),
                "Content-Type",
                "application/json",
                "X-Access-Token",
                TOKEN,
                "Authorization",
                KEY);
    }

    private static Set<String> texts() {
        return VALUES.stream()
                .map(OpenApiRequestsTest::node)
                .filter(value -> !value.isContainerNode() && !value.isNull())
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static ObjectNode object(String json, String field, String value) {
        return ((ObjectNode) node(json)).set(field, node(value));
    }

    private static JsonNode node(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
