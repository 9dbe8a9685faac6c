package org.touchline.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * A deployed stack, asked with the operator's own AWS credentials. Beside the API and {@code Invoke} it asks for two things:
 * {@code DescribeStackResources}, one resource a call since the whole list ends after 100, and {@code DescribeAlarms}. Who may do
 * what, IAM decides. Thread-safe.
 */
final class DeployedStack implements Stack {
    private static final String API = "Api";
    /** A stack that is deleted and made anew under the same name has other resources. */
    private static final Duration RESOURCES_ARE_REMEMBERED = Duration.ofMinutes(5);

    private static final Duration OF_A_QUESTION = Duration.ofSeconds(20);
    /** Of 100 alarms each: an account's other stacks whose names begin the same are passed over. */
    private static final int MOST_PAGES_OF_ALARMS = 10;

    private final String name;
    private final ZoneId timeZone;
    private final AwsEndpoints endpoints;
    private final Signer signer;
    private final Http http;
    private final InstantSource clock;
    private final Map<String, Resource> resources = new ConcurrentHashMap<>();

    private record Resource(String physicalId, Instant readAt) {}

    DeployedStack(String name, ZoneId timeZone, AwsEndpoints endpoints, Signer signer, Http http, InstantSource clock) {
        this.name = name;
        this.timeZone = timeZone;
        this.endpoints = endpoints;
        this.signer = signer;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> about() {
        return Map.of(
                "name",
                name,
                "place",
                endpoints.region(),
                "zone",
                timeZone.getId(),
                "local",
                false,
                "simulated",
                false);
    }

    @Override
    public HttpAnswer api(PermittedCalls.Call call, byte[] body) throws IOException, InterruptedException {
        try {
            var uri = URI.create(endpoints.api(physicalId(API)) + call.pathAndQuery());
            var answer = http.send(signer.sign("execute-api", call.method(), uri, json(body), body, Http.OF_THE_API));
            return answer.status() == 403 ? Http.refusal(call.template(), answer) : answer;
        } catch (RefusedException e) {
            return e.answer();
        }
    }

    private static Map<String, String> json(byte[] body) {
        return body.length == 0 ? Map.of() : Map.of("Content-Type", "application/json");
    }

    @Override
    public HttpAnswer invoke(String logicalId, byte[] payload) throws IOException, InterruptedException {
        try {
            var uri = endpoints.lambda().resolve("/2015-03-31/functions/" + physicalId(logicalId) + "/invocations");
            var signed = signer.sign("lambda", "POST", uri, json(payload), payload, Http.OF_A_FUNCTION);
            return Http.result(logicalId, http.exchange(signed));
        } catch (RefusedException e) {
            return e.answer();
        }
    }

    /** The name that the stack gave a resource. */
    private String physicalId(String logicalId) throws IOException, InterruptedException, RefusedException {
        var known = resources.get(logicalId);
        if (known != null && known.readAt().plus(RESOURCES_ARE_REMEMBERED).isAfter(clock.instant())) {
            return known.physicalId();
        }
        var parameters = Map.of("StackName", name, "LogicalResourceId", logicalId);
        var answer =
                query("cloudformation", endpoints.cloudFormation(), "DescribeStackResources", "2010-05-15", parameters);
        var physicalId = texts(answer.getDocumentElement(), "PhysicalResourceId").stream()
                .findFirst()
                .orElseThrow(() -> new RefusedException(Problem.of(
                        404,
                        "Not in this stack",
                        "The stack " + name + " has no " + logicalId + ": is it deployed from this version?")));
        resources.put(logicalId, new Resource(physicalId, clock.instant()));
        return physicalId;
    }

    @Override
    public HttpAnswer alarms() throws IOException, InterruptedException {
        // Whose name is generated: the stack's, the logical id, and some capitals. A stack called like ours and a dash
        // is another.
        var ours = Pattern.compile(Pattern.quote(name) + "-([A-Za-z0-9]+)-[A-Z0-9]+");
        var alarms = new ArrayList<Map<String, String>>();
        try {
            @Nullable String next = null;
            for (var page = 0; page < MOST_PAGES_OF_ALARMS && (page == 0 || next != null); page++) {
                var parameters = new TreeMap<>(Map.of("AlarmNamePrefix", name + "-", "StateValue", "ALARM"));
                if (next != null) {
                    parameters.put("NextToken", next);
                }
                var answer = query("monitoring", endpoints.monitoring(), "DescribeAlarms", "2010-08-01", parameters);
                for (var member : elements(answer.getDocumentElement(), "member")) {
                    var alarm = ours.matcher(text(member, "AlarmName"));
                    if (alarm.matches()) {
                        alarms.add(Map.of(
                                "name", alarm.group(1),
                                "description", text(member, "AlarmDescription"),
                                "reason", text(member, "StateReason"),
                                "since", text(member, "StateUpdatedTimestamp")));
                    }
                }
                next = texts(answer.getDocumentElement(), "NextToken").stream()
                        .findFirst()
                        .orElse(null);
            }
            return HttpAnswer.json(200, Map.of("alarms", alarms));
        } catch (RefusedException e) {
            return e.answer();
        }
    }

    @Override
    public HttpAnswer simulator(PermittedCalls.Call call, byte[] body) {
        return Problem.of(404, "No simulator", "A deployed stack talks to U.S. Soccer's own Learning Center.");
    }

    // ------------------------------------------------------------------------------------- AWS's query protocol, and
    // its XML

    private Document query(String service, URI endpoint, String action, String version, Map<String, String> parameters)
            throws IOException, InterruptedException, RefusedException {
        var all = new TreeMap<>(parameters);
        all.put("Action", action);
        all.put("Version", version);
        var form = new ArrayList<String>();
        all.forEach((key, value) -> form.add(key + "=" + Percent.encode(value)));
        var body = String.join("&", form).getBytes(StandardCharsets.UTF_8);
        var type = Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        HttpRequest signed = signer.sign(service, "POST", endpoint.resolve("/"), type, body, OF_A_QUESTION);
        var answer = http.send(signed);
        if (answer.status() != 200) {
            throw new RefusedException(Http.refusal(service + ":" + action, said(answer)));
        }
        return parse(answer.body());
    }

    /** What an error's XML says, as JSON. */
    private static HttpAnswer said(HttpAnswer answer) {
        try {
            var message = text(parse(answer.body()).getDocumentElement(), "Message");
            return HttpAnswer.message(answer.status(), message);
        } catch (IOException notXml) {
            return answer;
        }
    }

    private static Document parse(byte[] xml) throws IOException {
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(xml));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("an answer that is no XML", e);
        }
    }

    private static List<Element> elements(Element parent, String name) {
        var found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .map(Element.class::cast)
                .toList();
    }

    private static List<String> texts(Element parent, String name) {
        return elements(parent, name).stream()
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    private static String text(Element parent, String name) {
        return texts(parent, name).stream().findFirst().orElse("");
    }

    /** AWS does not let us: what the page is told instead. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient HttpAnswer answer;

        RefusedException(HttpAnswer answer) {
            super("refused");
            this.answer = answer;
        }

        HttpAnswer answer() {
            return answer;
        }
    }
}
