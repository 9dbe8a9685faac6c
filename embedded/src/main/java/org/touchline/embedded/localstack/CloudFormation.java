package org.touchline.embedded.localstack;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.touchline.embedded.Template;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The three calls of CloudFormation's HTTP API that make a stack, list what is in it, and take it away again. */
final class CloudFormation implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;

    /** @param endpoint where no signature is checked */
    CloudFormation(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Makes a stack and waits until it is there: what its resources are called, by logical id. */
    Map<String, String> create(String stackName, String template) {
        call("CreateStack", Map.of("StackName", stackName, "TemplateBody", template));
        var until = Instant.now().plus(LONGEST);
        var status = status(stackName);
        while (status.endsWith("_IN_PROGRESS") && Instant.now().isBefore(until)) {
            pause();
            status = status(stackName);
        }
        if (!status.equals("CREATE_COMPLETE")) {
            throw new IllegalStateException("the stack " + stackName + " is in the state " + status);
        }
        return physicalIds(call("DescribeStackResources", Map.of("StackName", stackName)));
    }

    /** Begins to take a stack away; tables that the template retains stay. */
    void delete(String stackName) {
        call("DeleteStack", Map.of("StackName", stackName));
    }

    private String status(String stackName) {
        return call("DescribeStacks", Map.of("StackName", stackName))
                .getElementsByTagName("StackStatus")
                .item(0)
                .getTextContent();
    }

    private static Map<String, String> physicalIds(Document answer) {
        var resources = answer.getElementsByTagName("member");
        var ids = new HashMap<String, String>();
        IntStream.range(0, resources.getLength())
                .mapToObj(index -> (Element) resources.item(index))
                .forEach(
                        resource -> ids.put(text(resource, "LogicalResourceId"), text(resource, "PhysicalResourceId")));
        return ids;
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }

    private Document call(String action, Map<String, String> parameters) {
        var form = new TreeMap<>(parameters);
        form.put("Action", action);
        form.put("Version", "2010-05-15");
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                // It tells LocalStack which service is meant.
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=local/20260101/" + Template.REGION
                                + "/cloudformation/aws4_request, SignedHeaders=host, Signature=local")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(action + ": " + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(answer.body()));
        } catch (IOException | SAXException | ParserConfigurationException failed) {
            throw new IllegalStateException(action, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(action, interrupted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
