package org.touchline.local;

import java.io.PrintStream;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.touchline.embedded.FunctionEnvironment;
import org.touchline.embedded.Template;

/** All functions of a stack, each ready to be invoked with the environment of its template entry. */
final class Functions implements AutoCloseable {
    private final Map<String, FunctionPool> byLogicalId = new LinkedHashMap<>();
    private final Instances instances;

    /**
     * Takes the functions from the template.
     *
     * @param dynamoDb where they find DynamoDB
     * @param secrets where they find Secrets Manager
     * @param events where they find EventBridge
     * @param instances what they run in; theirs alone, and closed with them
     * @param out where their logs go
     */
    Functions(Template template, URI dynamoDb, URI secrets, URI events, Instances instances, PrintStream out) {
        this.instances = instances;
        for (var function : template.functions()) {
            var environment = FunctionEnvironment.of(template, function.logicalId(), dynamoDb, secrets, events);
            byLogicalId.put(function.logicalId(), new FunctionPool(function, environment, instances, out));
        }
    }

    /** In the template's order. */
    Collection<FunctionPool> all() {
        return byLogicalId.values();
    }

    /**
     * Finds a function as Lambda's Invoke API names it.
     *
     * @param identifier its logical id, its physical name or its ARN, whole or from the account on; a qualifier behind it is
     *     ignored, since there is one version of everything
     */
    Optional<FunctionPool> find(String identifier) {
        var parts = List.of(identifier.split(":", -1));
        var name = parts.get(Math.min(parts.indexOf("function") + 1, parts.size() - 1));
        var byId = Optional.ofNullable(byLogicalId.get(name));
        return byId.or(() -> all().stream()
                .filter(pool -> pool.function().name().equals(name))
                .findFirst());
    }

    @Override
    public void close() {
        instances.close();
        all().forEach(FunctionPool::close);
    }
}
