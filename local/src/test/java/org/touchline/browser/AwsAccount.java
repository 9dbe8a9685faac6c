package org.touchline.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.touchline.local.LocalRun;
import org.touchline.local.SignatureV4;

/**
 * An AWS account in which the stack {@value #STACK} is deployed: a local run behind checks of each signature, with the part of
 * CloudFormation and CloudWatch that is asked. Whoever may only read may neither put nor invoke.
 */
final class AwsAccount implements AutoCloseable {
    static final String STACK = "touchline-staging";
    private static final String RANDOM = "-1X2Y3Z";

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final LocalRun.Endpoints endpoints;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean onlyReads;

    private record Answer(int status, String type, byte[] body, boolean failed) {
        static Answer json(int status, String body) {
            return new Answer(status, "application/json", body.getBytes(UTF_8), false);
        }

        static Answer xml(int status, String body) {
            return new Answer(status, "text/xml", body.getBytes(UTF_8), false);
        }
    }

    AwsAccount(LocalRun.Endpoints endpoints) throws IOException {
        this.endpoints = endpoints;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What was asked, such as {@code cloudformation DescribeStackResources Api}, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    void onlyReads(boolean onlyReads) {
        this.onlyReads = onlyReads;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var answer = answer(exchange, body);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            if (answer.failed()) {
                exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException, GeneralSecurityException {
        var service = SignatureV4.service(exchange).orElse("unsigned");
        if (!SignatureV4.isOn(exchange, service, encodedAgain(exchange.getRequestURI()), body)) {
            asked.add("badly signed: " + exchange.getRequestURI());
            return Answer.json(403, "{\"message\":\"The request signature we calculated does not match\"}");
        }
        return switch (service) {
            case "execute-api" -> api(exchange, body);
            case "lambda" -> lambda(exchange, body);
            case "cloudformation" -> cloudFormation(form(body));
            case "monitoring" -> monitoring(form(body));
            default -> Answer.json(400, "{\"message\":\"no such service\"}");
        };
    }

    private static String encodedAgain(URI uri) {
        return Arrays.stream(uri.getRawPath().split("/", -1))
                .map(segment -> URLEncoder.encode(segment, UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    private Answer api(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        asked.add("execute-api " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (onlyReads && !exchange.getRequestMethod().equals("GET")) {
            return Answer.json(403, "{\"message\":\"Forbidden\"}");
        }
        return forward(exchange.getRequestMethod(), endpoints.api().resolve(exchange.getRequestURI()), body);
    }

    private Answer lambda(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        var path = exchange.getRequestURI().getPath();
        asked.add("lambda " + path);
        if (onlyReads) {
            return Answer.json(
                    403,
                    "{\"Message\":\"User: arn:aws:iam::111122223333:user/reader is not authorized to perform:"
                            + " lambda:InvokeFunction\"}");
        }
        var logical = path.replace("/" + STACK + "-", "/").replace(RANDOM, "");
        return forward("POST", endpoints.lambda().resolve(logical), body);
    }

    private Answer forward(String method, URI uri, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        var type = answer.headers().firstValue("Content-Type").orElse("application/json");
        return new Answer(
                answer.statusCode(),
                type,
                answer.body(),
                answer.headers().firstValue("X-Amz-Function-Error").isPresent());
    }

    private Answer cloudFormation(Map<String, String> form) {
        var wanted = form.getOrDefault("LogicalResourceId", "");
        asked.add("cloudformation " + form.get("Action") + " " + wanted);
        if (!form.get("Action").equals("DescribeStackResources") || !STACK.equals(form.get("StackName"))) {
            return Answer.xml(400, """
                    <ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>\
                    <Message>Stack with id %s does not exist</Message></Error></ErrorResponse>""".formatted(form.get("StackName")));
        }
        return Answer.xml(200, """
                <DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources><member>\
                <LogicalResourceId>%s</LogicalResourceId><PhysicalResourceId>%s-%s%s</PhysicalResourceId>\
                </member></StackResources></DescribeStackResourcesResult></DescribeStackResourcesResponse>""".formatted(wanted, STACK, wanted, RANDOM));
    }

    /** Two pages: one alarm of the stack, and one of a stack whose name begins the same. */
    private Answer monitoring(Map<String, String> form) {
        var second = form.containsKey("NextToken");
        asked.add(
                "monitoring " + form.get("Action") + " " + form.get("AlarmNamePrefix") + " " + form.get("StateValue"));
        var name = second ? STACK + "-QuarantineAlarm" + RANDOM : STACK + "-2-QuarantineAlarm" + RANDOM;
        return Answer.xml(200, """
                <DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>%s</AlarmName>\
                <AlarmDescription>What could not be understood waits &amp; waits</AlarmDescription><StateReason>1 datapoint</StateReason>\
                <StateUpdatedTimestamp>2026-11-30T08:00:00Z</StateUpdatedTimestamp><Dimensions><member><Name>x</Name></member>\
                </Dimensions></member></MetricAlarms>%s</DescribeAlarmsResult></DescribeAlarmsResponse>""".formatted(name, second ? "" : "<NextToken>more</NextToken>"));
    }

    private static Map<String, String> form(byte[] body) {
        return Arrays.stream(new String(body, UTF_8).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
