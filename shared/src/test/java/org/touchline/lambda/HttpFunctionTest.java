package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

class HttpFunctionTest {
    @Test
    void decodesAnEventAsLambdaSerializesIt() {
        var event = APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRouteKey("GET /members/{memberIdentifier}")
                .withRawPath("/members/A 1")
                .withRawQueryString("a=1&a=2&b=%C3%A9+%2B&c")
                .withHeaders(Map.of("authorization", "key", "x-many", "1,2"))
                .withPathParameters(Map.of("memberIdentifier", "A 1"))
                .withBody("aMOpbGxv")
                .withIsBase64Encoded(true)
                .build();

        handle(event, request -> {
            assertEquals("GET /members/{memberIdentifier}", request.routeKey());
            assertEquals("A 1", request.pathParameter("memberIdentifier"));
            assertEquals("key", request.header("authorization").orElseThrow());
            assertEquals(List.of("1", "2"), request.query().all("a"));
            assertEquals("é +", request.query().one("b").orElseThrow());
            assertThrows(BadRequestException.class, () -> request.query().one("c"));
            assertTrue(request.query().one("d").isEmpty());
            assertThrows(BadRequestException.class, () -> request.query().one("a"));
            assertArrayEquals("héllo".getBytes(StandardCharsets.UTF_8), request.body());
            return HttpResponse.noContent();
        });
    }

    @Test
    void decodesAnEventOfWhichNearlyEverythingIsMissing() {
        var answer = handle(event().build(), request -> {
            assertEquals(0, request.body().length);
            assertTrue(request.header("authorization").isEmpty());
            assertEquals(Map.of(), request.query().parameters());
            return HttpResponse.noContent();
        });

        assertEquals(204, answer.status());
        assertEquals("", answer.body());
    }

    @Test
    void refusesWhatIsNoEventOfAnHttpApi() {
        var function = harness(request -> HttpResponse.noContent());

        assertThrows(UncheckedIOException.class, () -> function.invoke("{\"Records\":[]}"));
        assertThrows(UncheckedIOException.class, () -> function.invoke("[]"));
    }

    @Test
    void encodesAnAnswerForTheGateway() {
        var answer = handle(
                event().build(),
                request ->
                        HttpResponse.json(202, new JsonObject().put("a", "é")).with("x-more", "1"));

        assertEquals(202, answer.status());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("1", answer.header("x-more"));
        assertEquals("{\"a\":\"é\"}", answer.body());
        assertFalse(answer.event().get("isBase64Encoded").booleanValue());
    }

    /** RFC 9457. */
    @Test
    void problemsHaveTypeTitleStatusAndDetail() throws IOException {
        var answer = handle(event().build(), request -> {
            throw new BadRequestException("limit is a whole number");
        });

        assertEquals(400, answer.status());
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals(
                Json.read("{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"limit is a"
                        + " whole number\"}"),
                Json.read(answer.body()));
    }

    @Test
    void storeThatFailsAsksTheSenderToTryAgain() {
        var answer = handle(event().build(), request -> {
            throw InternalServerErrorException.builder()
                    .message("born 1977-01-31")
                    .build();
        });

        assertEquals(503, answer.status());
        assertEquals("30", answer.header("retry-after"));
    }

    /** Rule 21: neither log nor answer holds what an exception may have picked up. */
    @Test
    @Tag("rule-21")
    void failuresAreLoggedByClassAndPlaceAndWithoutTheirMessages() {
        var function = harness(request -> {
            throw new IllegalStateException("John Doe", new IllegalArgumentException("born 1977-01-31"));
        });

        var answer = function.handle(event().build());

        assertEquals(500, answer.status());
        var said = function.logged() + answer;
        assertTrue(said.contains("IllegalStateException at org.touchline.lambda.HttpFunctionTest"), said);
        assertTrue(said.contains("caused by java.lang.IllegalArgumentException"), said);
        assertFalse(said.contains("John Doe"), said);
        assertFalse(said.contains("1977"), said);
    }

    /** Rule 21: DynamoDB's messages hold keys and values. */
    @Test
    @Tag("rule-21")
    void storeThatFailsIsLoggedByClassAndCodeAndWithoutItsMessages() {
        var function = harness(request -> {
            throw InternalServerErrorException.builder()
                    .message("born 1977-01-31")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("InternalServerError")
                            .errorMessage("John Doe")
                            .build())
                    .build();
        });

        var said = function.handle(event().build()) + function.logged();

        assertTrue(said.contains("InternalServerErrorException InternalServerError request "), said);
        assertFalse(said.contains("John Doe"), said);
        assertFalse(said.contains("1977"), said);
    }

    /** Rule 21: what was answered, and what was refused, is no line. */
    @Test
    @Tag("rule-21")
    void requestsThatAreAnsweredAreNotLogged() {
        var function = harness(request -> {
            request.jsonObject();
            return HttpResponse.noContent();
        });

        function.handle(event().withBody("{\"born\":\"1977-01-31\"}").build());
        function.handle(event().withBody("born 1977-01-31").build());

        assertEquals("", function.logged());
    }

    @Test
    void bodyMustBeOneJsonObjectWhereOneIsExpected() {
        for (var body : List.of("", "[]", "{", "{}{}", "{\"a\":1,\"a\":2}", "text")) {
            var answer = handle(event().withBody(body).build(), request -> HttpResponse.ok(request.jsonObject()));
            assertEquals(400, answer.status(), body);
        }
        var answer = handle(event().withBody("{\"a\":1}").build(), request -> HttpResponse.ok(request.jsonObject()));
        assertEquals("{\"a\":1}", answer.body());
    }

    /** Which the JSON library takes for UTF-32. */
    @Test
    void bodyInNoEncodingIsRefused() {
        var bytes = new byte[] {0, 0, 0, 0x7b, 0x7f, -1, -1, -1};

        var answer = handle(
                event().withBody(Base64.getEncoder().encodeToString(bytes))
                        .withIsBase64Encoded(true)
                        .build(),
                request -> HttpResponse.ok(request.jsonObject()));

        assertEquals(400, answer.status());
    }

    @Test
    void queryThatIsNotPercentEncodedIsRefused() {
        var answer = handle(
                event().withRawQueryString("a=%zz").build(),
                request -> HttpResponse.ok(
                        new JsonObject().put("a", request.query().one("a").orElse(""))));

        assertEquals(400, answer.status());
    }

    private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event() {
        return APIGatewayV2HTTPEvent.builder().withVersion("2.0").withRouteKey("GET /members");
    }

    private HttpAnswer handle(APIGatewayV2HTTPEvent event, Function<HttpRequest, HttpResponse> function) {
        return harness(function).handle(event);
    }

    private FunctionHarness harness(Function<HttpRequest, HttpResponse> function) {
        return new FunctionHarness(new HttpFunction() {
            @Override
            protected HttpResponse answer(HttpRequest request) {
                return function.apply(request);
            }
        });
    }
}
