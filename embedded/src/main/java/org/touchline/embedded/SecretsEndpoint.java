package org.touchline.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;

/**
 * The part of Secrets Manager that the connector and the ordinary AWS CLI use, in this process, in memory, on 127.0.0.1 only:
 * GetSecretValue, PutSecretValue, UpdateSecret, CreateSecret, DescribeSecret and ListSecrets (no filters), with its errors.
 * Secrets are found by name, ARN, or ARN without its random end. Signatures are not checked.
 *
 * <p>Thread-safe.
 */
public final class SecretsEndpoint implements AutoCloseable {
    private final SecretsProtocol secrets;
    private final AwsJsonServer server;

    private SecretsEndpoint(int port, InstantSource clock) {
        secrets = new SecretsProtocol(clock);
        server = AwsJsonServer.start(port, "Secrets Manager", "secretsmanager.", new AwsJsonServer.Operations() {
            @Override
            public void called(String operation, ObjectNode request) {
                if (operation.equals("GetSecretValue")) {
                    secrets.countRead(request);
                }
            }

            @Override
            public ObjectNode call(String operation, ObjectNode request) {
                return secrets.call(operation, request);
            }
        });
    }

    /** Starts it as {@link #start(int, InstantSource)} does, on the system's clock. */
    public static SecretsEndpoint start(int port) {
        return start(port, InstantSource.system());
    }

    /**
     * Starts it without any secret.
     *
     * @param port where it listens; 0 takes any free port
     * @param clock when secrets and versions are made
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static SecretsEndpoint start(int port, InstantSource clock) {
        return new SecretsEndpoint(port, clock);
    }

    /** Where it listens, such as {@code http://127.0.0.1:8001}. */
    public URI endpoint() {
        return server.endpoint();
    }

    /** Gives a secret a new current value, as PutSecretValue would; makes the secret if there is none of that name. */
    public void put(String name, String arn, String value) {
        secrets.put(name, arn, value);
    }

    /** The current value of a secret, by name or ARN, as a deployment reads it. */
    public String value(String id) {
        return secrets.call(
                        "GetSecretValue", JsonNodeFactory.instance.objectNode().put("SecretId", id))
                .path("SecretString")
                .asText();
    }

    /** The current value of each secret that is a text, by name. */
    public Map<String, String> values() {
        return secrets.values();
    }

    /** From now on every call fails with a status from 500 to 599. The SDK tries such a call again before it gives up. */
    public void failWith(int status) {
        server.failWith(status);
    }

    /** Ends what {@link #failWith} began. */
    public void restore() {
        server.restore();
    }

    /** How often a secret's value was asked for, by name or ARN; failed and repeated requests count. */
    public int reads(String name) {
        return secrets.reads(name);
    }

    /** Stops it at once; the secrets are gone. */
    @Override
    public void close() {
        server.close();
    }
}
