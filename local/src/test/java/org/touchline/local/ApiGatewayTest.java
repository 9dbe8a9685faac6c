package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.console.LoopbackServer;

class ApiGatewayTest {
    private static final Instant NOW = Instant.parse("2026-03-12T19:03:58.390Z");
    private static final Output OUTPUT = new Output();

    @TempDir
    private static Path folder;

    private static Functions functions;
    private static LoopbackServer server;

    @BeforeAll
    static void serve() throws IOException {
        functions = TestStack.functions(folder, OUTPUT);
        server = LoopbackServer.bind(0, OUTPUT.stream());
        server.serve(new ApiGateway(
                functions, "what runs where", TestStack.console(), Duration.ofMillis(500), InstantSource.fixed(NOW)));
    }

    @AfterAll
    static void stop() {
        server.close();
        functions.close();
    }

    // ------------------------------------------------------------------------------------------------------------
    // events

    @Test
    void eventHasTheFieldsOfPayloadFormat2() throws Exception {
        var event = eventOf(TestStack.get(uri("/members/M-1?a=1&b=x%20y&a=2&flag&c=d=e+f"), "User-Agent", "tests/1"));

        assertEquals("2.0", event.get("version").asText());
        assertEquals("GET /members/{memberIdentifier}", event.get("routeKey").asText());
        assertEquals("/members/M-1", event.get("rawPath").asText());
        assertEquals("a=1&b=x%20y&a=2&flag&c=d=e+f", event.get("rawQueryString").asText());
        assertEquals(
                json("{\"a\":\"1,2\",\"b\":\"x y\",\"flag\":\"\",\"c\":\"d=e f\"}"),
                event.get("queryStringParameters"));
        assertEquals(json("{\"memberIdentifier\":\"M-1\"}"), event.get("pathParameters"));
        var context = event.get("requestContext");
        assertEquals("GET /members/{memberIdentifier}", context.get("routeKey").asText());
        assertEquals("$default", context.get("stage").asText());
        assertEquals("12/Mar/2026:19:03:58 +0000", context.get("time").asText());
        assertEquals(NOW.toEpochMilli(), context.get("timeEpoch").asLong());
        assertEquals(json("""
                        {"method":"GET","path":"/members/M-1","protocol":"HTTP/1.1","sourceIp":"127.0.0.1",
                         "userAgent":"tests/1"}
                        """), context.get("http"));
        for (var field : List.of("requestId", "accountId", "apiId", "domainName", "domainPrefix")) {
            assertTrue(context.hasNonNull(field), field);
        }
    }

    @Test
    void whatARequestDoesNotHaveIsAbsentRatherThanNull() throws Exception {
        var event = eventOf(TestStack.get(uri("/echo")));

        for (var field : List.of("cookies", "queryStringParameters", "pathParameters", "stageVariables", "body")) {
            assertFalse(event.has(field), field);
        }
        assertEquals("", event.get("rawQueryString").asText());
        assertFalse(event.get("isBase64Encoded").asBoolean(true));
    }

    @Test
    void headerNamesAreInLowerCaseAndRepeatsJoinedByCommas() throws Exception {
        var event = eventOf(TestStack.get(uri("/echo"), "X-Access-Token", "one", "X-Access-Token", "two"));

        assertEquals("one,two", event.at("/headers/x-access-token").asText());
        assertEquals("127.0.0.1", event.at("/headers/x-forwarded-for").asText());
    }

    @Test
    void cookiesStandBesideTheHeadersNotAmongThem() throws Exception {
        var event = eventOf(TestStack.get(uri("/echo"), "Cookie", "a=1; b=2"));

        assertEquals(json("[\"a=1\",\"b=2\"]"), event.get("cookies"));
        assertFalse(event.get("headers").has("cookie"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "Application/XML",
                "application/javascript",
                "text/csv"
            })
    void textBodiesArriveAsTheyAre(String contentType) throws Exception {
        var event = eventOf(TestStack.send("POST", uri("/echo"), "{\"name\":\"José\"}", "Content-Type", contentType));

        assertEquals("{\"name\":\"José\"}", event.get("body").asText());
        assertFalse(event.get("isBase64Encoded").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "application/problem+json", "application/octet-stream", ""})
    void allOtherBodiesArriveInBase64FormsAndThoseWithoutATypeIncluded(String contentType) throws Exception {
        var headers = contentType.isEmpty() ? new String[0] : new String[] {"Content-Type", contentType};

        var event = eventOf(TestStack.send("POST", uri("/echo"), "a=1", headers));

        assertEquals(
                Base64.getEncoder().encodeToString("a=1".getBytes(UTF_8)),
                event.get("body").asText());
        assertTrue(event.get("isBase64Encoded").asBoolean());
    }

    // ------------------------------------------------------------------------------------------------------------
    // routes

    @ParameterizedTest
    @CsvSource({
        "GET, /members/import, GET /members/import",
        "GET, /members/M-1, GET /members/{memberIdentifier}",
        "PUT, /members/M-1, ANY /members/{anyIdentifier}",
        "PUT, /members/import, ANY /members/{anyIdentifier}",
        "GET, /members/M%2D1, GET /members/{memberIdentifier}",
        "GET, /members/M-1%2Flicenses, GET /members/{memberIdentifier}/licenses",
        "GET, /members/M-1%3Fx=/licenses, GET /members/{memberIdentifier}",
        "GET, /files/a/b/c, GET /files/{proxy+}",
        "DELETE, /echo, ANY /echo",
    })
    void mostSpecificRouteOfTheDecodedPathIsTaken(String method, String path, String routeKey) throws Exception {
        var event = eventOf(TestStack.send(method, uri(path), ""));

        assertEquals(routeKey, event.get("routeKey").asText());
    }

    @Test
    void encodedSlashSplitsAndEncodedQuestionMarkCutsThePath() throws Exception {
        var split = eventOf(TestStack.get(uri("/files/a%2Fb%20c")));
        var cut = eventOf(TestStack.get(uri("/members/M-1%3Ffoo?a=1")));

        assertEquals("/files/a/b c", split.get("rawPath").asText());
        assertEquals("a/b c", split.at("/pathParameters/proxy").asText());
        assertEquals("/members/M-1", cut.get("rawPath").asText());
        assertEquals("a=1", cut.get("rawQueryString").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nowhere",
        "PATCH, /returning",
        "POST, /",
        "GET, /members",
        "GET, /members/",
        "GET, /members/M-1/",
        "GET, /members/a%2Fb",
        "GET, //members/M-1",
        "OPTIONS, /members/import/x",
        "GET, /files/",
    })
    void whatTheTemplateDoesNotHaveIsNotFound(String method, String path) throws Exception {
        var response = TestStack.send(method, uri(path), "");

        assertEquals(404, response.statusCode());
        assertEquals("{\"message\":\"Not Found\"}", response.body());
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void rootAnswersWithTheRunsOwnPage() throws Exception {
        var response = TestStack.get(uri("/"));

        assertEquals(200, response.statusCode());
        assertEquals("what runs where", response.body());
    }

    // -----------------------------------------------------------------------------------------------------------
    // answers

    @Test
    void answerWithAStatusIsSentAsItSays() throws Exception {
        var response = returned("""
                {"statusCode":401,"headers":{"WWW-Authenticate":"Bearer","X-Count":7},"cookies":["a=1","b=2"],
                 "body":"no","isBase64Encoded":false}
                """);

        assertEquals(401, response.statusCode());
        assertEquals("no", response.body());
        assertEquals("Bearer", response.headers().firstValue("www-authenticate").orElseThrow());
        assertEquals("7", response.headers().firstValue("x-count").orElseThrow());
        assertEquals(List.of("a=1", "b=2"), response.headers().allValues("set-cookie"));
        assertEquals(
                "text/plain; charset=utf-8",
                response.headers().firstValue("content-type").orElseThrow());
        assertTrue(response.headers().firstValue("apigw-requestid").isPresent());
    }

    @Test
    void base64BodyIsDecoded() throws Exception {
        var response = returned("""
                {"statusCode":200,"headers":{"content-type":"text/csv"},"body":"YSxi","isBase64Encoded":true}
                """);

        assertEquals("a,b", response.body());
        assertEquals(List.of("text/csv"), response.headers().allValues("content-type"));
    }

    @Test
    void answerWithoutBodyIsEmpty() throws Exception {
        var response = returned("{\"statusCode\":204}");

        assertEquals(204, response.statusCode());
        assertEquals("", response.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\":1}|{\"a\":1}", "[1,2]|[1,2]", "\"hello\"|hello", "7|7"})
    void answerWithoutStatusIsTheBodyOfA200(String answer, String body) throws Exception {
        var response = returned(answer);

        assertEquals(200, response.statusCode());
        assertEquals(body, response.body());
        assertEquals(
                "application/json",
                response.headers().firstValue("content-type").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                " ",
                "{\"statusCode\":\"two hundred\"}",
                "{\"statusCode\":99}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"body\":\"*\",\"isBase64Encoded\":true}",
                "{\"statusCode\":200,\"headers\":{\"a\":[]}}"
            })
    void malformedAnswerIsAnInternalServerError(String answer) throws Exception {
        assertMessage(500, "Internal Server Error", returned(answer));
    }

    @Test
    void failedFunctionIsAnInternalServerErrorThatTellsNothing() throws Exception {
        assertMessage(500, "Internal Server Error", TestStack.get(uri("/failing")));
    }

    @Test
    void functionThatTakesLongerThanTheGatewayWaitsIsUnavailable() throws Exception {
        assertMessage(503, "Service Unavailable", TestStack.get(uri("/waiting")));
    }

    @Test
    void bodyAboveTenMegabytesIsTooLarge() throws Exception {
        var tooLarge = "x".repeat(ApiGateway.BODY_LIMIT + 1);

        assertMessage(413, "Request Entity Too Large", TestStack.send("POST", uri("/echo"), tooLarge));
    }

    @Test
    void logTellsWhichFunctionAnswered() throws Exception {
        TestStack.get(uri("/members/M-7?a=1"));
        TestStack.get(uri("/nowhere"));

        OUTPUT.await(lines -> lines.stream().anyMatch(line -> line.matches("GET /members/M-7 200 \\d+ ms EchoFunction"))
                && lines.stream().anyMatch(line -> line.matches("GET /nowhere 404 \\d+ ms")));
    }

    private static void assertMessage(int status, String message, HttpResponse<String> response) {
        assertEquals(status, response.statusCode());
        assertEquals("{\"message\":\"" + message + "\"}", response.body());
    }

    /** What the gateway makes of a function that answers these bytes. */
    private static HttpResponse<String> returned(String answer) throws Exception {
        return TestStack.send("POST", uri("/returning"), answer, "Content-Type", "application/json");
    }

    private static JsonNode eventOf(HttpResponse<String> echoed) throws Exception {
        assertEquals(200, echoed.statusCode(), echoed.body());
        return json(echoed.body()).get("event");
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }

    private static URI uri(String pathAndQuery) {
        return URI.create(server.uri() + pathAndQuery);
    }
}
