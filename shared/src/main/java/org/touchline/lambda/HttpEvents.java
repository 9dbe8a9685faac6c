package org.touchline.lambda;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.Json;

/**
 * Between the HTTP API's payload format 2.0 and requests and answers. It reads the event's tokens and keeps the few it needs:
 * the event classes would load a thousand classes more before the first answer.
 */
final class HttpEvents {
    private HttpEvents() {}

    /** @throws IOException if it is not such an event */
    static HttpRequest read(InputStream event) throws IOException {
        var routeKey = "";
        var rawQueryString = "";
        Map<String, String> headers = Map.of();
        Map<String, String> pathParameters = Map.of();
        String body = null;
        var isBase64Encoded = false;
        try (var parser = Json.TOKENS.createParser(event)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "routeKey" -> routeKey = orEmpty(parser.getValueAsString());
                    case "rawQueryString" -> rawQueryString = orEmpty(parser.getValueAsString());
                    case "headers" -> headers = texts(parser);
                    case "pathParameters" -> pathParameters = texts(parser);
                    case "body" -> body = parser.getValueAsString();
                    case "isBase64Encoded" -> isBase64Encoded = parser.getValueAsBoolean();
                    default -> parser.skipChildren();
                }
            }
        }
        require(!routeKey.isEmpty());
        return new HttpRequest(routeKey, pathParameters, rawQueryString, headers, body, isBase64Encoded);
    }

    static void write(HttpResponse response, OutputStream answer) throws IOException {
        try (var generator = Json.TOKENS.createGenerator(answer, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            generator.writeNumberField("statusCode", response.status());
            generator.writeObjectFieldStart("headers");
            for (var header : response.headers().entrySet()) {
                generator.writeStringField(header.getKey(), header.getValue());
            }
            generator.writeEndObject();
            if (response.body() != null) {
                generator.writeStringField("body", response.body().toString());
            }
            generator.writeBooleanField("isBase64Encoded", false);
            generator.writeEndObject();
        }
    }

    private static Map<String, String> texts(JsonParser parser) throws IOException {
        var texts = new HashMap<String, String>();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                var value = parser.getValueAsString();
                if (value != null) {
                    texts.put(name, value);
                }
            }
        }
        return texts;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static void require(boolean isEvent) throws IOException {
        if (!isEvent) {
            throw new IOException("not an event of an HTTP API (payload format 2.0)");
        }
    }
}
