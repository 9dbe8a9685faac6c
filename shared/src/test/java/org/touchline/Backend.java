package org.touchline;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Where the stores and the secret readers are tested: in this process always, and on LocalStack, whose CloudFormation deploys
 * the tables and secrets of the template, where Docker and the image localstack/localstack:4.14.0 are; elsewhere those tests are skipped, and say so. Where {@code LOCALSTACK_IMAGE} names another
 * image, as in {@code .ci/run}, they must run.
 */
public enum Backend {
    EMBEDDED {
        @Override
        public TestStack newStack() {
            return TestStack.embedded();
        }
    },
    LOCALSTACK {
        @Override
        public TestStack newStack() {
            return TestStack.deployedAt(LocalStack.endpoint());
        }
    };

    private static final String DEFAULT_IMAGE = "localstack/localstack:4.14.0";

    /** The template's tables and secrets, made anew. */
    public abstract TestStack newStack();

    /** One LocalStack for all tests of this JVM, started when it is first needed, gone with the JVM. */
    private static final class LocalStack {
        private static final String SKIPPED =
                "LocalStack's tests are skipped: no Docker, or not its image " + DEFAULT_IMAGE;
        private static final URI ENDPOINT = start();

        static URI endpoint() {
            Assumptions.assumeTrue(ENDPOINT != null, SKIPPED);
            return ENDPOINT;
        }

        private static URI start() {
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
}
