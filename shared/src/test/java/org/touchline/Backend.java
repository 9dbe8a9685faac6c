package org.touchline;

import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Where the stores and the secret readers are tested: in this process always, and on LocalStack where Docker and the image
 * localstack/localstack:4.14.0 are; elsewhere those tests are skipped, and say so. Where {@code LOCALSTACK_IMAGE} names another
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
            return TestStack.at(LocalStack.endpoint());
        }
    };

    private static final String DEFAULT_IMAGE = "localstack/localstack:4.14.0";

    /** The template's tables and secrets, made anew. */
    public abstract TestStack newStack();

    /** One LocalStack for all tests of this JVM, started when it is first needed, gone with the JVM. */
    private static final class LocalStack {
        private static final URI ENDPOINT = start();

        static URI endpoint() {
            Assumptions.assumeTrue(ENDPOINT != null, "skipped: LocalStack needs Docker and the image " + DEFAULT_IMAGE);
            return ENDPOINT;
        }

        private static URI start() {
            var chosen = System.getenv("LOCALSTACK_IMAGE");
            var image = DockerImageName.parse(chosen == null ? DEFAULT_IMAGE : chosen);
            if (chosen == null && !isHere(image)) {
                return null;
            }
            var container = new LocalStackContainer(image.asCompatibleSubstituteFor("localstack/localstack"))
                    .withServices("dynamodb", "secretsmanager");
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
            return container.getEndpoint();
        }

        private static boolean isHere(DockerImageName image) {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return false;
            }
            try {
                DockerClientFactory.lazyClient()
                        .inspectImageCmd(image.asCanonicalNameString())
                        .exec();
                return true;
            } catch (NotFoundException notPulled) {
                return false;
            }
        }
    }
}
