package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as an HTTP API hands it to a function: payload format 2.0 of its Lambda integrations. What a request does not have
 * (cookies, a query, path variables, a body) is left out, not null.
 */
final class HttpApiEvent {
    private static final PojoSerializer<APIGatewayV2HTTPEvent> SERIALIZER =
            LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, HttpApiEvent.class.getClassLoader());
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Pattern TEXT =
            Pattern.compile("(text/.*|application/(json|xml|javascript))\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final String STAGE = "$default";
    private static final String HOST = "localhost";

    private HttpApiEvent() {}

    /**
     * The event of one request.
     *
     * @param body as it was received
     * @param requestId the gateway's, not the invocation's
     * @return JSON
     */
    static byte[] of(HttpExchange request, Routes.Match route, byte[] body, String requestId, Instant now) {
        var headers = headers(request);
        var cookies = headers.remove("cookie");
        var query = Objects.requireNonNullElse(request.getRequestURI().getRawQuery(), "");
        var isText = TEXT.matcher(headers.getOrDefault("content-type", "")).matches();
        var event = APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRouteKey(route.key())
                .withRawPath(path(request.getRequestURI()))
                .withRawQueryString(query)
                .withCookies(cookies == null ? null : List.of(cookies.split(";\\s*")))
                .withHeaders(headers)
                .withQueryStringParameters(nullIfEmpty(parameters(query)))
                .withPathParameters(nullIfEmpty(route.pathParameters()))
                .withRequestContext(context(request, route, requestId, now))
                .withBody(body.length == 0 ? null : isText ? new String(body, UTF_8) : base64(body))
                .withIsBase64Encoded(body.length > 0 && !isText)
                .build();
        var json = new ByteArrayOutputStream();
        SERIALIZER.toJson(event, json);
        return json.toByteArray();
    }

    /** The path that routes are compared with: decoded, so that {@code %2F} splits it, and cut at a {@code %3F}. */
    static String path(URI target) {
        // A target that begins with two slashes reads as a host and a path.
        var start = target.isAbsolute() || target.getAuthority() == null ? "" : "//" + target.getAuthority();
        return (start + target.getPath()).split("\\?", 2)[0];
    }

    /** Names in lower case, repeats joined by commas. */
    private static Map<String, String> headers(HttpExchange request) {
        var headers = new TreeMap<String, String>();
        request.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.put("x-forwarded-for", request.getRemoteAddress().getAddress().getHostAddress());
        headers.put(
                "x-forwarded-port", Integer.toString(request.getLocalAddress().getPort()));
        headers.put("x-forwarded-proto", "http");
        return headers;
    }

    /** Decoded, in order, repeats joined by commas. */
    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(groupingBy(
                        pair -> decode(pair[0]),
                        TreeMap::new,
                        mapping(pair -> pair.length == 1 ? "" : decode(pair[1]), joining(","))));
    }

    private static RequestContext context(HttpExchange request, Routes.Match route, String requestId, Instant now) {
        var http = RequestContext.Http.builder()
                .withMethod(request.getRequestMethod())
                .withPath(path(request.getRequestURI()))
                .withProtocol(request.getProtocol())
                .withSourceIp(request.getRemoteAddress().getAddress().getHostAddress())
                .withUserAgent(request.getRequestHeaders().getFirst("User-Agent"))
                .build();
        return RequestContext.builder()
                .withAccountId("000000000000")
                .withApiId("local")
                .withDomainName(HOST)
                .withDomainPrefix(HOST)
                .withHttp(http)
                .withRequestId(requestId)
                .withRouteKey(route.key())
                .withStage(STAGE)
                .withTime(TIME.format(now))
                .withTimeEpoch(now.toEpochMilli())
                .build();
    }

    private static <K, V> @Nullable Map<K, V> nullIfEmpty(Map<K, V> map) {
        return map.isEmpty() ? null : map;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    private static String base64(byte[] body) {
        return Base64.getEncoder().encodeToString(body);
    }
}
