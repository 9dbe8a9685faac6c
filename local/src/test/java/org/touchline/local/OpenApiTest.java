package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/** {@code docs/openapi.yaml} describes the routes that there are, and what the real functions answer. */
class OpenApiTest {
    private static final Template TEMPLATE =
            Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "staging", Map.of());
    /** By the gateway, which does neither in the local run; and 503 has a test of its own. */
    private static final Set<String> NOT_SEEN_HERE = Set.of("403", "429", "503");

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String KEY = "Authorization: local-webhook-key";
    private static final String TOKEN = "X-Access-Token: local-access-token";
    private static final String CLIENT = "Authorization: Basic "
            + Base64.getEncoder().encodeToString("local-client:local-client-secret".getBytes(StandardCharsets.UTF_8));
    private static final String LICENSE = """
            {"ussf_id":"2020000004136762","action":"added","license_id":"referee_7","updated_at":"2026-03-01T12:00:00Z"}""";
    private static final String CATALOG = """
            [{"license_id":"referee_7","name":"Regional Referee","discipline":"referee","type":"referee_pathway","rank":7}]""";
    private static final String MEMBER = """
            {"firstName":"Vidar","lastName":"Mlakar","email":"2020000004136762@test.com","dateOfBirth":"1999-01-01",
             "ussfId":"2020000004136762","expiresOn":"2099-12-31","city":"Oakland"}""";

    private final OpenApi api = new OpenApi(EmbeddedStack.projectRoot().resolve("docs/openapi.yaml"));

    OpenApiTest() throws Exception {}

    /**
     * A request whose answer is compared.
     *
     * @param operation as the description calls it
     * @param path with its query
     * @param headers of the form {@code Name: value}
     */
    private record Asked(int status, String operation, String path, String type, String body, List<String> headers) {}

    @Test
    void routesAreThoseOfTheTemplate() {
        assertEquals(routes(false), api.operations());
    }

    @Test
    void routesOfTheOrganizationsSystemsAskForIam() {
        var described = api.operations().stream()
                .filter(operation -> api.operation(operation).at("/security/0").has("iam"))
                .collect(Collectors.toSet());

        assertEquals(routes(true), described);
    }

    @Test
    void examplesAreAsTheirSchemasSay() {
        for (var operation : api.operations()) {
            assertEquals(List.of(), api.differencesOfExample(operation), operation);
        }
    }

    /** And every status that is described is really answered. */
    @Test
    void answersOfTheRunAreAsDescribed() throws Exception {
        var seen = new TreeMap<String, Set<String>>();

        try (var run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), new Output().stream())) {
            for (var asked : everything()) {
                var answer = send(run, asked);

                assertEquals(asked.status(), answer.statusCode(), () -> asked + ": " + answer.body());
                assertEquals(List.of(), api.differences(asked.operation(), answer), asked::toString);
                seen.computeIfAbsent(asked.operation(), _ -> new TreeSet<>()).add("" + asked.status());
            }
        }
        for (var operation : api.operations()) {
            var described = new TreeSet<>(api.operation(operation).path("responses").properties().stream()
                    .map(Map.Entry::getKey)
                    .toList());
            described.removeAll(NOT_SEEN_HERE);
            assertEquals(described, seen.get(operation), operation);
        }
    }

    /** Rule 20: what is not configured yet says so. */
    @Test
    void answersOfAStackWithoutSecretsAreAsDescribed() throws Exception {
        var placeholders = Map.of("WEBHOOK_KEY", "replace-me", "ACCESS_TOKEN_VALUE", "replace-me");
        var settings = Settings.onFreePorts(EmbeddedStack.projectRoot(), placeholders);

        try (var run = LocalRun.start(settings, new Output().stream())) {
            for (var asked : List.of(
                    webhook(503, "user-license-update", LICENSE, KEY),
                    get(503, "/member-verification", "?memberIdentifier=CYSA-1001", TOKEN))) {
                var answer = send(run, asked);

                assertEquals(503, answer.statusCode(), answer::body);
                assertEquals(List.of(), api.differences(asked.operation(), answer), asked::toString);
            }
        }
    }

    /** The comparison itself notices what is not as described. */
    @Test
    void answerWithAnotherFieldDiffers() throws Exception {
        try (var run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), new Output().stream())) {
            var catalog = send(run, get(200, "/licenses", ""));

            assertEquals(List.of(), api.differences("GET /licenses", catalog));
            assertFalse(api.differences("GET /members", catalog).isEmpty());
            assertTrue(api.differences("GET /members/{memberIdentifier}/licenses", catalog).stream()
                    .anyMatch(difference -> difference.contains("ussfId")));
        }
    }

    /** In this order: later ones ask for what earlier ones stored. */
    private static List<Asked> everything() {
        return Stream.of(
                        webhooks().stream(),
                        members().stream(),
                        licenses().stream(),
                        verification().stream(),
                        Stream.of(
                                new Asked(
                                        204, "DELETE /members/{memberIdentifier}", "/members/A-1", JSON, "", List.of()),
                                new Asked(
                                        404, "DELETE /members/{memberIdentifier}", "/members/A-1", JSON, "", List.of()),
                                new Asked(
                                        400,
                                        "DELETE /members/{memberIdentifier}",
                                        "/members/%21",
                                        JSON,
                                        "",
                                        List.of())))
                .flatMap(asked -> asked)
                .toList();
    }

    private static List<Asked> webhooks() {
        var tooLarge = "[" + " ".repeat(256 * 1024) + "]";
        var bodies = Map.of(
                "user-license-update",
                LICENSE,
                "uss-licenses-update",
                CATALOG,
                "ussf-id-update",
                "{\"current_ussf_id\":\"2020000004152809\",\"new_ussf_id\":\"2020000004152810\"}",
                "user-update",
                "{\"ussf_id\":\"2020000004136762\",\"changed\":\"referee_experience\"}");
        return bodies.entrySet().stream()
                .flatMap(webhook -> Stream.of(
                        webhook(200, webhook.getKey(), webhook.getValue(), KEY),
                        webhook(202, webhook.getKey(), "\"unknown\"", KEY),
                        webhook(401, webhook.getKey(), webhook.getValue(), "Authorization: guess"),
                        webhook(413, webhook.getKey(), tooLarge, KEY)))
                .toList();
    }

    private static List<Asked> members() {
        var one = "/members/{memberIdentifier}";
        return List.of(
                new Asked(200, "PUT " + one, "/members/a-1", JSON, MEMBER, List.of()),
                new Asked(400, "PUT " + one, "/members/A-1", JSON, "{\"firstName\":7}", List.of()),
                new Asked(400, "PUT " + one, "/members/A-1", JSON, "nothing", List.of()),
                new Asked(200, "GET " + one, "/members/A-1", JSON, "", List.of()),
                new Asked(400, "GET " + one, "/members/%21", JSON, "", List.of()),
                new Asked(404, "GET " + one, "/members/A-2", JSON, "", List.of()),
                get(200, "/members", "?enrollment=pending"),
                get(200, "/members", "?enrollment=enrolled"),
                get(200, "/members", ""),
                get(400, "/members", "?enrollment=unknown"));
    }

    private static List<Asked> licenses() {
        var member = "GET /members/{memberIdentifier}/licenses";
        var user = "GET /users/{ussfId}/licenses";
        var memberHistory = "GET /members/{memberIdentifier}/history";
        var userHistory = "GET /users/{ussfId}/history";
        return List.of(
                get(200, "/licenses", ""),
                get(400, "/licenses", "?status=active"),
                get(200, "/roster", "?include_inactive=true&limit=1"),
                get(400, "/roster", "?on=yesterday"),
                get(200, "/expirations", ""),
                get(400, "/expirations", "?limit=0"),
                get(200, "/changes", "?since=2026-03-01T12:00:00Z"),
                get(400, "/changes", "?since=yesterday"),
                new Asked(200, memberHistory, "/members/A-1/history", JSON, "", List.of()),
                new Asked(400, memberHistory, "/members/A-1/history?limit=0", JSON, "", List.of()),
                new Asked(404, memberHistory, "/members/A-2/history", JSON, "", List.of()),
                new Asked(200, userHistory, "/users/2020000004136762/history", JSON, "", List.of()),
                new Asked(400, userHistory, "/users/7/history", JSON, "", List.of()),
                new Asked(404, userHistory, "/users/2020000004149753/history", JSON, "", List.of()),
                get(200, "/status", ""),
                get(400, "/status", "?limit=1"),
                new Asked(200, member, "/members/A-1/licenses?include_inactive=TRUE", JSON, "", List.of()),
                new Asked(400, member, "/members/A-1/licenses?highest_only=maybe", JSON, "", List.of()),
                new Asked(404, member, "/members/A-2/licenses", JSON, "", List.of()),
                new Asked(200, user, "/users/2020000004136762/licenses?highest_only=true", JSON, "", List.of()),
                new Asked(400, user, "/users/7/licenses", JSON, "", List.of()),
                new Asked(404, user, "/users/2020000004149753/licenses", JSON, "", List.of()),
                new Asked(410, user, "/users/2020000004152809/licenses", JSON, "", List.of()));
    }

    private static List<Asked> verification() {
        var post = "POST /member-verification";
        var token = "POST /oauth/token";
        return List.of(
                get(200, "/member-verification", "?memberIdentifier=A-1", TOKEN),
                get(200, "/member-verification", "?memberIdentifier=A-2", TOKEN),
                get(400, "/member-verification", "", TOKEN),
                get(401, "/member-verification", "?memberIdentifier=A-1"),
                new Asked(200, post, "/member-verification", JSON, "{\"memberIdentifier\":\"A-1\"}", List.of(TOKEN)),
                new Asked(400, post, "/member-verification", JSON, "[]", List.of(TOKEN)),
                new Asked(401, post, "/member-verification", JSON, "[]", List.of()),
                new Asked(200, token, "/oauth/token", FORM, "grant_type=client_credentials", List.of(CLIENT)),
                new Asked(400, token, "/oauth/token", FORM, "grant_type=password", List.of(CLIENT)),
                new Asked(401, token, "/oauth/token", FORM, "grant_type=client_credentials", List.of()));
    }

    private static Asked webhook(int status, String name, String body, String key) {
        return new Asked(status, "POST /webhooks/" + name, "/webhooks/" + name, JSON, body, List.of(key));
    }

    private static Asked get(int status, String path, String query, String... headers) {
        return new Asked(status, "GET " + path, path + query, JSON, "", List.of(headers));
    }

    private static HttpResponse<String> send(LocalRun run, Asked asked) throws Exception {
        var headers = Stream.concat(Stream.of("Content-Type: " + asked.type()), asked.headers().stream())
                .flatMap(header -> Stream.of(header.split(": ", 2)))
                .toArray(String[]::new);
        var method = asked.operation().split(" ")[0];
        return TestStack.send(method, run.endpoints().api().resolve(asked.path()), asked.body(), headers);
    }

    private static Set<String> routes(boolean onlyIam) {
        return TEMPLATE.functions().stream()
                .flatMap(function -> function.routes().stream())
                .filter(route -> route.iam() || !onlyIam)
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
