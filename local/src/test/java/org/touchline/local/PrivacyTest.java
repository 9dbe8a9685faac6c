package org.touchline.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.StandardOutput;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The whole run, over HTTP, with people and secrets that nobody can mistake for anything else: what it prints, measures, publishes and
 * answers with an error holds nothing of them (design rule 21), and once the people are erased, no table does.
 */
@Tag("long")
class PrivacyTest {
    /** In every name, address, secret, token and text of a stranger. */
    private static final String MARK = "zqxjk";

    /** Birth dates, of which there are no others like them. */
    private static final List<String> BIRTH_DATES = List.of("1931-07-23", "1932-08-24");

    private static final String CREDENTIALS = MARK + "-client:" + MARK + "-client-secret";

    /** Known by e-mail. */
    private static final String ANN = "2021999900000001";

    /** Has another birth date than the member who gives the id. */
    private static final String BEN = "2021999900000002";

    /** Somebody's next id. */
    private static final String NEXT = "2021999900000003";

    private static final List<String> IDS = List.of(ANN, BEN, NEXT);
    private static final List<String> MEMBERS = List.of("KEPT-APART-1", "KEPT-APART-2", "KEPT-APART-3", "KEPT-APART-4");

    private static final Set<String> TOLD = Set.of(
            "member.added",
            "member.changed",
            "member.enrollment_changed",
            "license.added",
            "person.subscribed",
            "person.moved");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Output output = new Output();
    private static int welcome;
    private static final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private static final List<String> secrets = new ArrayList<>();
    private static final List<String> sentOut = Collections.synchronizedList(new ArrayList<>());
    private static List<String> metrics;
    private static List<JsonNode> events;
    private static Map<String, List<String>> before;
    private static Map<String, List<String>> after;
    private static LocalRun run;

    @BeforeAll
    static void whatHappens() throws Exception {
        var listener = listener();
        var settings = Map.of(
                "WEBHOOK_KEY", MARK + "-webhook-key",
                "ACCESS_TOKEN_VALUE", MARK + "-access-token",
                "OAUTH_CLIENT_ID", MARK + "-client",
                "OAUTH_CLIENT_SECRET", MARK + "-client-secret",
                "NOTIFY_KEY", MARK + "-notify-key",
                "NOTIFY_URL", "http://127.0.0.1:" + listener.getAddress().getPort() + "/");
        try (var printed = StandardOutput.captured()) {
            run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot(), settings), output.stream());
            welcome = output.lines().size();
            simulator("PUT", "login", "{\"username\":\"%1$s-user\",\"password\":\"%1$s-password\"}".formatted(MARK));
            login(MARK + "-password");
            people();
            membersComeAndAreEnrolled();
            webhooksCome();
            membersAreVerified();
            strangersAskWhatTheyMayNot();
            theLearningCenterFails();
            functionsAreInvoked();
            await(() -> types(published()).containsAll(TOLD)
                    && sentOut.size() >= published().size());
            secrets.addAll(secretsOfTheRun());
            before = tables();
            events = published();
            erase();
            after = tables();
            metrics = printed.metrics().stream().map(JsonNode::toString).toList();
        } finally {
            listener.stop(0);
        }
    }

    @AfterAll
    static void stop() {
        if (run != null) {
            run.close();
        }
    }

    @Test
    @Tag("rule-21")
    void linesOfTheRunHoldNothingSecretOrPersonal() {
        // What the run says of itself when it starts has the key for whoever tries it.
        var lines = output.lines().stream().skip(welcome).toList();
        for (var expected : List.of(
                "[MemberImportFunction] import: ",
                "[PersonErasureFunction] org.touchline.lambda.InvokedFunction$UnknownPayloadException: ",
                "[PersonRefreshFunction] refresh of " + NEXT + " failed: ",
                "[UserLicenseReconciliationFunction] reconciliation is partial: ",
                "LearningCenterCredentialsSecret",
                "POST /webhooks/user-license-update 401",
                "POST /oauth/token 401")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(expected)), () -> expected + " in " + lines);
        }

        assertNothingOf(marks(), lines);
        // Who somebody is among the organization's members is nobody's business either.
        assertNothingOf(
                MEMBERS, lines.stream().filter(line -> line.startsWith("[")).toList());
    }

    @Test
    @Tag("rule-21")
    void metricsHoldNothingSecretOrPersonal() {
        for (var expected : List.of("\"NewFields\":\"extra\"", "\"LoginsRefused\":1", "\"WebhooksRefused\":1")) {
            assertTrue(metrics.stream().anyMatch(line -> line.contains(expected)), () -> expected + " in " + metrics);
        }

        assertNothingOf(marks(), metrics);
        assertNothingOf(MEMBERS, metrics);
        assertNothingOf(IDS, metrics);
    }

    @Test
    @Tag("rule-21")
    void eventsHoldNothingSecretOrPersonal() {
        assertTrue(types(events).containsAll(TOLD));
        assertTrue(sentOut.size() >= events.size(), "each is sent to who is notified, too");

        var texts = Stream.concat(events.stream().map(JsonNode::toString), sentOut.stream())
                .toList();
        assertNothingOf(marks(), texts);
    }

    @Test
    @Tag("rule-21")
    void errorsHoldNothingSecretOrPersonal() {
        for (var status : List.of("400", "401", "404", "410", "413", "200 function error")) {
            assertTrue(errors.stream().anyMatch(error -> error.startsWith(status)), () -> status + " in " + errors);
        }

        assertNothingOf(marks(), errors);
    }

    @Test
    void whoeverIsErasedIsInNoTable() {
        var marks = Stream.of(List.of(MARK), BIRTH_DATES, IDS, MEMBERS)
                .flatMap(List::stream)
                .toList();
        for (var table : List.of(
                "LicenseStoreTable",
                "MemberDirectoryTable",
                "FollowUpTable",
                "QuarantineTable",
                "ChangeHistoryTable")) {
            var items = before.get(table);
            assertTrue(items.stream().anyMatch(item -> marks.stream().anyMatch(item::contains)), table);
        }

        after.forEach((table, items) -> assertNothingOf(
                marks,
                // The session of the Learning Center is nobody's.
                table.equals("TokenCacheTable") ? List.of() : items));
        assertTrue(
                after.get("ChangeHistoryTable").stream().anyMatch(item -> item.contains("erased#")),
                "for two days, a digest is kept");
    }

    /** What may be nowhere. */
    private static List<String> marks() {
        return Stream.of(List.of(MARK), BIRTH_DATES, secrets)
                .flatMap(List::stream)
                .toList();
    }

    private static void assertNothingOf(List<String> marks, List<String> texts) {
        var found = texts.stream()
                .filter(text -> {
                    var lower = text.toLowerCase(Locale.ROOT);
                    return marks.stream().anyMatch(mark -> lower.contains(mark.toLowerCase(Locale.ROOT)));
                })
                .toList();
        assertEquals(List.of(), found);
    }

    private static void people() throws Exception {
        for (var person : List.of(ANN, BEN)) {
            simulator("POST", "people", """
                    {"ussf_id":"%s","first_name":"%2$s-first","last_name":"%2$s-last","email":"%1$s@%2$s.example","dob":"%3$s"}""".formatted(person, MARK, BIRTH_DATES.getFirst()));
            simulator("POST", "user-licenses?webhook=false", """
                    {"ussf_id":"%s","license_id":"referee_8","expiration_date":"2099-12-31"}""".formatted(person));
        }
    }

    private static void membersComeAndAreEnrolled() throws Exception {
        api("PUT", "/members/" + MEMBERS.get(0), member(ANN, BIRTH_DATES.getFirst(), ""));
        api("PUT", "/members/" + MEMBERS.get(1), member(BEN, BIRTH_DATES.getLast(), ",\"ussfId\":\"" + BEN + "\""));
        invoke(
                "MemberImport",
                "{\"members\":[%s,%s,%s]}"
                        .formatted(
                                ofImport(MEMBERS.get(2), member("nobody", BIRTH_DATES.getLast(), "")),
                                ofImport(
                                        MEMBERS.get(3),
                                        member(
                                                "refused",
                                                BIRTH_DATES.getLast(),
                                                ",\"ussfId\":\"%s-no-id\"".formatted(MARK))),
                                ofImport(MEMBERS.get(3), member("last-one-counts", BIRTH_DATES.getLast(), ""))));
        awaitMember(MEMBERS.get(0), "\"status\":\"enrolled\"");
        awaitMember(MEMBERS.get(1), "\"status\":\"dob_mismatch\"");
        awaitMember(MEMBERS.get(2), "\"status\":\"no_match\"");
        api(
                "PUT",
                "/members/" + MEMBERS.get(0),
                member(ANN, BIRTH_DATES.getFirst(), ",\"city\":\"%s-town\"".formatted(MARK)));
    }

    private static String member(String email, String birthDate, String more) {
        return """
                {"firstName":"%1$s-first","lastName":"%1$s-last","email":"%2$s@%1$s.example","dateOfBirth":"%3$s",\
                "position":"%1$s-position","gender":"F","address":"%1$s street 7","postal":"%1$s"%4$s}""".formatted(MARK, email, birthDate, more);
    }

    private static String ofImport(String identifier, String member) {
        return "{\"memberIdentifier\":\"" + identifier + "\"," + member.substring(1);
    }

    private static void webhooksCome() throws Exception {
        var license = """
                {"ussf_id":"%s","action":"added","license_id":"coach_15","updated_at":"2026-01-01T00:00:00Z","extra":"%s"}""";
        var path = address("/webhooks/user-license-update");
        webhook("user-license-update", license.formatted(ANN, MARK));
        refused(TestStack.send("POST", path, license.formatted(ANN, MARK)));
        refused(TestStack.send("POST", path, license.formatted(ANN, MARK), "Authorization", MARK + "-another-key"));
        webhook("user-license-update", """
                {"ussf_id":"%s","action":"%s-action","license_id":"%2$s","updated_at":"%2$s"}""".formatted(ANN, MARK));
        webhook("user-license-update", MARK + " no JSON at all");
        webhook("user-license-update", license.formatted(ANN, "x".repeat(300_000)));
        webhook("user-update", "{\"ussf_id\":\"%s\",\"changed\":[\"referee_experience\",\"%s\"]}".formatted(ANN, MARK));
        webhook("uss-licenses-update", "[{\"license_id\":[\"%s\"]}]".formatted(MARK));
        simulator(
                "POST", "ussf-id-changes", "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(ANN, NEXT));
        awaitMember(MEMBERS.get(0), NEXT);
        api("GET", "/users/" + ANN + "/licenses", "");
        webhook("ussf-id-update", "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(NEXT, ANN));
    }

    private static void membersAreVerified() throws Exception {
        var question = address("/member-verification?memberIdentifier=" + MEMBERS.get(0));
        var answer = TestStack.get(question, "X-Access-Token", MARK + "-access-token");
        assertTrue(answer.body().contains(MARK + "-first"), answer::body);
        refused(TestStack.get(question, "X-Access-Token", MARK + "-guessed-token"));
        refused(TestStack.get(question));
        refused(TestStack.get(address("/member-verification?name=" + MARK), "X-Access-Token", MARK + "-access-token"));
        refused(TestStack.send(
                "POST",
                address("/member-verification"),
                "[\"" + MARK + "\"]",
                "X-Access-Token",
                MARK + "-access-token"));

        var basic = "Basic " + Base64.getEncoder().encodeToString(CREDENTIALS.getBytes(UTF_8));
        var form = "application/x-www-form-urlencoded";
        var tokens = TestStack.send(
                "POST",
                address("/oauth/token"),
                "grant_type=client_credentials",
                "Content-Type",
                form,
                "Authorization",
                basic);
        var issued = FunctionHarness.json(tokens.body());
        for (var token : List.of("access_token", "refresh_token")) {
            secrets.add(issued.path(token).asText());
        }
        assertEquals(
                200,
                TestStack.get(question, "Authorization", "Bearer " + secrets.getFirst())
                        .statusCode());
        refused(TestStack.get(question, "Authorization", "Bearer " + secrets.getFirst() + "x"));
        refused(TestStack.get(question, "Authorization", "Bearer " + secrets.getLast()));
        for (var wrong : List.of(
                "grant_type=client_credentials&client_id=%1$s-client&client_secret=%1$s-guess",
                "grant_type=refresh_token&client_id=%1$s-client&client_secret=%1$s-client-secret&refresh_token=%1$s",
                "grant_type=%1$s&client_id=%1$s-client&client_secret=%1$s-client-secret",
                "grant_type=client_credentials&scope=%1$s&client_id=%1$s-client&client_secret=%1$s-client-secret")) {
            refused(TestStack.send("POST", address("/oauth/token"), wrong.formatted(MARK), "Content-Type", form));
        }
    }

    private static void strangersAskWhatTheyMayNot() throws Exception {
        var path = "/members/" + MEMBERS.get(0);
        api("PUT", path, member(ANN, "%s-birth-date".formatted(MARK), ""));
        api("PUT", path, "{\"firstName\":{\"%1$s\":\"%1$s\"}}".formatted(MARK));
        api("PUT", path, MARK + " no JSON");
        api("PUT", path, member(ANN, BIRTH_DATES.getFirst(), ",\"ussfId\":\"%s\"".formatted(MARK)));
        api("GET", "/members/KEPT-APART-0", "");
        api("GET", "/users/%s/licenses?dob=%s".formatted(NEXT, BIRTH_DATES.getLast()), "");
        api("GET", "/users/%s/licenses?dob=%s".formatted(NEXT, MARK), "");
        api("GET", "/roster?after=" + MARK, "");
        api("GET", "/changes?after=%1$s&since=%1$s".formatted(MARK), "");
        api("GET", "/members?enrollment=" + MARK, "");
        invoke("PersonErasure", "{\"memberIdentifier\":{\"%1$s\":\"%1$s\"}}".formatted(MARK));
        invoke("MemberImport", "{\"members\":\"%s\"}".formatted(MARK));
        invoke("BackgroundCheckSubsidies", "{\"operation\":\"%s\"}".formatted(MARK));
        invoke("ChangeReplay", "{\"from\":\"%1$s\",\"to\":\"%1$s\"}".formatted(MARK));
        TestStack.send("GET", address("/"), "", "Accept", "text/html");
        TestStack.get(address("/console/" + MARK.substring(0, 2)));
    }

    /** Its answers may hold anything. */
    private static void theLearningCenterFails() throws Exception {
        for (var answer : List.of(
                "{\"status\":400,\"body\":\"{\\\"message\\\":\\\"%1$s-first %1$s-last is unknown\\\"}\"}",
                "{\"status\":404,\"body\":\"%1$s has no page\"}",
                "{\"status\":200,\"body\":\"[{\\\"license_id\\\":\\\"%1$s\\\",\\\"expiration_date\\\":\\\"%1$s\\\"}]\"}",
                "{\"status\":200,\"body\":\"%1$s\"}",
                "{\"effect\":\"unknown_field\",\"field\":\"%2$s\"}")) {
            simulator(
                    "POST",
                    "faults",
                    answer.formatted(MARK, "extra")
                            .replaceFirst("}$", ",\"path\":\"/users/%s\",\"times\":6}".formatted(NEXT)));
            invoke("PersonRefresh", "{\"ussfId\":\"%s\"}".formatted(NEXT));
            simulator("DELETE", "faults", "");
        }
        simulator(
                "POST",
                "faults",
                "{\"path\":\"/user-licenses\",\"times\":9,\"status\":403,\"body\":\"%s\"}".formatted(MARK));
        invoke("UserLicenseReconciliation", "{}");
        simulator("DELETE", "faults", "");
        simulator(
                "POST",
                "faults",
                "{\"path\":\"/licenses\",\"effect\":\"odd_row\",\"body\":\"{\\\"name\\\":\\\"%s\\\"}\"}"
                        .formatted(MARK));
        invoke("LicenseCatalogSync", "{}");
        simulator("DELETE", "faults", "");
        // The login is another, and somebody guesses.
        simulator("PUT", "login", "{\"username\":\"%1$s-user\",\"password\":\"%1$s-new-password\"}".formatted(MARK));
        simulator("POST", "sessions/end", "");
        invoke("PersonRefresh", "{\"ussfId\":\"%s\"}".formatted(NEXT));
        login(MARK + "-new-password");
        invoke("IntegrationCheck", "{\"ussfId\":\"%s\"}".formatted(NEXT));
    }

    private static void functionsAreInvoked() throws Exception {
        for (var call : List.of(
                "FollowUp {\"all\":true}",
                "UserLicenseReconciliation {}",
                "LicenseCatalogSync {}",
                "SubscriptionAudit {\"repair\":true}",
                "PersonRefresh {}",
                "LicenseExpiry {}",
                "QuarantineReplay {\"list\":true}",
                "QuarantineReplay {}",
                "BackgroundCheckSubsidies {\"operation\":\"create\",\"payerOrganization\":\"%1$s\",\"email\":\"%1$s@%1$s.example\"}",
                "BackgroundCheckSubsidies {\"operation\":\"organizations\"}")) {
            var parts = call.formatted(MARK).split(" ", 2);
            invoke(parts[0], parts[1]);
        }
    }

    private static void erase() throws Exception {
        for (var identifier : MEMBERS) {
            invoke("PersonErasure", "{\"memberIdentifier\":\"" + identifier + "\",\"preview\":true}");
            invoke("PersonErasure", "{\"memberIdentifier\":\"" + identifier + "\"}");
        }
        for (var ussfId : IDS) {
            invoke("PersonErasure", "{\"ussfId\":\"" + ussfId + "\"}");
        }
        // What names nobody is the Learning Center's to take back, and somebody's to give up.
        for (var entry : quarantined()) {
            invoke("QuarantineReplay", "{\"id\":\"" + entry + "\",\"discard\":true}");
        }
    }

    private static List<String> quarantined() throws Exception {
        var list = FunctionHarness.json(
                invoke("QuarantineReplay", "{\"list\":true}").body());
        return list.path("entries")
                .valueStream()
                .map(entry -> entry.path("id").asText())
                .toList();
    }

    private static void login(String password) {
        try (var client = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            client.putSecretValue(request -> request.secretId("touchline-LearningCenterCredentialsSecret")
                    .secretString("{\"username\":\"%s-user\",\"password\":\"%s\"}".formatted(MARK, password)));
        }
    }

    /** The values that nobody chose: signing keys, and the tokens of the session. */
    private static List<String> secretsOfTheRun() throws IOException {
        var found = new ArrayList<String>();
        try (var client = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            var keys = client.getSecretValue(request -> request.secretId("touchline-TokenSigningKeysSecret"));
            found.add(FunctionHarness.json(keys.secretString()).path("current").asText());
        }
        try (var client = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            client.scan(request -> request.tableName("touchline-TokenCacheTable"))
                    .items()
                    .forEach(session -> {
                        found.add(session.get("accessToken").s());
                        found.add(session.get("refreshToken").s());
                    });
        }
        assertEquals(3, found.size());
        assertFalse(found.contains(""));
        return found;
    }

    private static Map<String, List<String>> tables() {
        try (var client = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            return client.listTables().tableNames().stream()
                    .collect(Collectors.toMap(
                            name -> name.replaceFirst("^touchline-", ""),
                            name ->
                                    client
                                            .scanPaginator(request ->
                                                    request.tableName(name).consistentRead(true))
                                            .items()
                                            .stream()
                                            .map(PrivacyTest::text)
                                            .toList()));
        }
    }

    /** Of what is kept as bytes, too. */
    private static String text(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .map(attribute -> attribute.getKey() + "="
                        + (attribute.getValue().b() == null
                                ? attribute.getValue().toString()
                                : attribute.getValue().b().asString(ISO_8859_1)))
                .collect(Collectors.joining(", "));
    }

    private static List<JsonNode> published() throws Exception {
        var list = TestStack.get(run.endpoints().events().resolve("/events"));
        return FunctionHarness.json(list.body()).path("events").valueStream().toList();
    }

    private static Set<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("detail-type").asText()).collect(Collectors.toSet());
    }

    private static HttpServer listener() throws IOException {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                sentOut.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        return server;
    }

    private static void awaitMember(String identifier, String text) throws Exception {
        await(() -> TestStack.get(address("/members/" + identifier)).body().contains(text));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain:\n" + String.join("\n", output.lines()));
            }
            Thread.sleep(20);
        }
    }

    private static void webhook(String name, String body) throws Exception {
        noted(
                TestStack.send("POST", address("/webhooks/" + name), body, "Authorization", MARK + "-webhook-key"),
                answer -> answer.statusCode() >= 202);
    }

    private static void api(String method, String path, String body) throws Exception {
        noted(
                TestStack.send(method, address(path), body, "Content-Type", "application/json"),
                answer -> answer.statusCode() >= 300);
    }

    private static void refused(HttpResponse<String> answer) {
        noted(answer, _ -> true);
        assertTrue(answer.statusCode() >= 400, answer::body);
    }

    private static HttpResponse<String> invoke(String function, String payload) throws Exception {
        var uri = run.endpoints().lambda().resolve("/2015-03-31/functions/" + function + "Function/invocations");
        var answer = TestStack.send("POST", uri, payload);
        if (answer.headers().firstValue("X-Amz-Function-Error").isPresent()) {
            errors.add(answer.statusCode() + " function error " + answer.body());
        }
        return answer;
    }

    private static void noted(HttpResponse<String> answer, Predicate<HttpResponse<String>> isError) {
        if (isError.test(answer)) {
            errors.add(answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
        }
    }

    private static void simulator(String method, String path, String body) throws Exception {
        var answer = TestStack.send(
                method,
                URI.create(run.endpoints().learningCenter().resolve("/simulator/") + path),
                body,
                "Content-Type",
                "application/json");
        assertTrue(answer.statusCode() < 300, () -> method + " " + path + ": " + answer.body());
    }

    private static URI address(String path) {
        return run.endpoints().api().resolve(path);
    }
}
