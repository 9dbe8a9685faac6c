package org.touchline.console;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Where AWS is asked: in one region, the stack's.
 *
 * @param region such as {@code us-east-1}
 * @param elsewhere takes the place of all of them, as the SDKs' {@code AWS_ENDPOINT_URL} does; null for AWS itself
 */
record AwsEndpoints(String region, @Nullable URI elsewhere) {
    URI cloudFormation() {
        return service("cloudformation");
    }

    URI monitoring() {
        return service("monitoring");
    }

    URI lambda() {
        return service("lambda");
    }

    /** Base of the routes of an HTTP API, whatever domain it has beside this one. */
    URI api(String apiId) {
        return service(apiId + ".execute-api");
    }

    private URI service(String prefix) {
        if (elsewhere != null) {
            return elsewhere;
        }
        var suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
        return URI.create("https://" + prefix + "." + region + "." + suffix);
    }
}
