package org.touchline.embedded.localstack;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * One LocalStack for all tests of this JVM, started when it is first asked for, gone with the JVM: where Docker and the image
 * localstack/localstack:4.14.0 are. Elsewhere there is none, and a line says so. Where {@code LOCALSTACK_IMAGE} names another
 * image, as in {@code .ci/run}, it must start. Thread-safe.
 */
public final class LocalStack {
    private static final String DEFAULT_IMAGE = "localstack/localstack:4.14.0";

    /** What is said where there is none. */
    public static final String SKIPPED =
            "LocalStack's tests are skipped: no Docker, or not its image, which docker pull " + DEFAULT_IMAGE
                    + " brings";

    private static final @Nullable URI ENDPOINT = start();

    private LocalStack() {}

    /** Where it listens; empty if there is none on this machine. */
    public static Optional<URI> endpoint() {
        return Optional.ofNullable(ENDPOINT);
    }

    private static @Nullable URI start() {
        var chosen = System.getenv("LOCALSTACK_IMAGE");
        var image = DockerImageName.parse(chosen == null ? DEFAULT_IMAGE : chosen);
        if (chosen == null && !isHere(image)) {
            System.out.println(SKIPPED);
            return null;
        }
        var container = new LocalStackContainer(image.asCompatibleSubstituteFor("localstack/localstack"))
                .withServices("cloudformation", "dynamodb", "secretsmanager");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return container.getEndpoint();
    }

    /** Asked of Docker itself: Testcontainers would first try to pull images of its own, for minutes where it cannot. */
    private static boolean isHere(DockerImageName image) {
        try {
            var docker = new ProcessBuilder("docker", "image", "inspect", image.asCanonicalNameString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return docker.waitFor(10, TimeUnit.SECONDS) && docker.exitValue() == 0;
            } finally {
                docker.destroyForcibly();
            }
        } catch (IOException noDocker) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
