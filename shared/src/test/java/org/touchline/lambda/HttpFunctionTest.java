package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.touchline.Json;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

class HttpFunctionTest {
    private final RecordingContext context = new RecordingContext();

    @Test
    void decodesAnEventAsLambdaSerializesIt() throws IOException {
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
            assertTrue(request.query().one("c").isEmpty());
            assertTrue(request.query().one("d").isEmpty());
            assertThrows(BadRequestException.class, () -> request.query().one("a"));
            assertArrayEquals("héllo".getBytes(StandardCharsets.UTF_8), request.body());
            return HttpResponse.noContent();
        });
    }

    @Test
    void decodesAnEventOfWhichNearlyEverythingIsMissing() throws IOException {
        var answer = handle(event().build(), request -> {
            assertEquals(0, request.body().length);
            assertTrue(request.header("authorization").isEmpty());
            assertEquals(Map.of(), request.query().parameters());
            return HttpResponse.noContent();
        });

        assertEquals(204, answer.get("statusCode").intValue());
        assertFalse(answer.has("body"));
    }

    @Test
    void refusesWhatIsNoEventOfAnHttpApi() {
        assertThrows(IOException.class, () -> handle("{\"Records\":[]}", request -> HttpResponse.noContent()));
        assertThrows(IOException.class, () -> handle("[]", request -> HttpResponse.noContent()));
    }

    @Test
    void encodesAnAnswerForTheGateway() throws IOException {
        var answer = handle(
                event().build(),
                request -> HttpResponse.json(202, HttpResponse.object().put("a", "é"))
                        .with("x-more", "1"));

        assertEquals(202, answer.get("statusCode").intValue());
        assertEquals(
                "application/json", answer.get("headers").get("content-type").asText());
        assertEquals("1", answer.get("headers").get("x-more").asText());
        assertEquals("{\"a\":\"é\"}", answer.get("body").asText());
        assertFalse(answer.get("isBase64Encoded").booleanValue());
    }

    /** RFC 9457. */
    @Test
    void problemsHaveTypeTitleStatusAndDetail() throws IOException {
        var answer = handle(event().build(), request -> {
            throw new BadRequestException("limit is a whole number");
        });

        assertEquals(400, answer.get("statusCode").intValue());
        assertEquals(
                "application/problem+json",
                answer.get("headers").get("content-type").asText());
        assertEquals(
                Json.MAPPER.readTree(
                        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"limit is a whole number\"}"),
                Json.MAPPER.readTree(answer.get("body").asText()));
    }

    @Test
    void storeThatFailsAsksTheSenderToTryAgain() throws IOException {
        var answer = handle(event().build(), request -> {
            throw InternalServerErrorException.builder()
                    .message("born 1977-01-31")
                    .build();
        });

        assertEquals(503, answer.get("statusCode").intValue());
        assertEquals("30", answer.get("headers").get("retry-after").asText());
    }

    /** Rule 21: neither log nor answer holds what an exception may have picked up. */
    @Test
    void failuresAreLoggedByClassAndPlaceAndWithoutTheirMessages() throws IOException {
        var answer = handle(event().build(), request -> {
            throw new IllegalStateException("John Doe", new IllegalArgumentException("born 1977-01-31"));
        });

        assertEquals(500, answer.get("statusCode").intValue());
        var said = context.logged() + answer;
        assertTrue(said.contains("IllegalStateException at org.touchline.lambda.HttpFunctionTest"), said);
        assertTrue(said.contains("caused by java.lang.IllegalArgumentException"), said);
        assertFalse(said.contains("John Doe"), said);
        assertFalse(said.contains("1977"), said);
    }

    @Test
    void bodyMustBeOneJsonObjectWhereOneIsExpected() throws IOException {
        for (var body : List.of("", "[]", "{", "{}{}", "{\"a\":1,\"a\":2}", "text")) {
            var answer = handle(event().withBody(body).build(), request -> HttpResponse.ok(request.jsonObject()));
            assertEquals(400, answer.get("statusCode").intValue(), body);
        }
        var answer = handle(event().withBody("{\"a\":1}").build(), request -> HttpResponse.ok(request.jsonObject()));
        assertEquals("{\"a\":1}", answer.get("body").asText());
    }

    @Test
    void queryThatIsNotPercentEncodedIsRefused() throws IOException {
        var answer = handle(
                event().withRawQueryString("a=%zz").build(),
                request -> HttpResponse.ok(
                        HttpResponse.object().put("a", request.query().one("a").orElse(""))));

        assertEquals(400, answer.get("statusCode").intValue());
    }

    private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event() {
        return APIGatewayV2HTTPEvent.builder().withVersion("2.0").withRouteKey("GET /members");
    }

    private JsonNode handle(APIGatewayV2HTTPEvent event, Function<HttpRequest, HttpResponse> function)
            throws IOException {
        var serialized = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(
                        APIGatewayV2HTTPEvent.class, getClass().getClassLoader())
                .toJson(event, serialized);
        return handle(serialized.toString(StandardCharsets.UTF_8), function);
    }

    private JsonNode handle(String event, Function<HttpRequest, HttpResponse> function) throws IOException {
        var answer = new ByteArrayOutputStream();
        new HttpFunction() {
            @Override
            protected HttpResponse answer(HttpRequest request) {
                return function.apply(request);
            }
        }.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, context);
        return Json.MAPPER.readTree(answer.toByteArray());
    }
}
