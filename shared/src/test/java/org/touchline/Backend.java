package org.touchline;

import org.junit.jupiter.api.Assumptions;
import org.touchline.embedded.localstack.LocalStack;

/**
 * Where the stores and the secret readers are tested: in this process always, and on {@link LocalStack}, whose CloudFormation
 * deploys the tables and secrets of the template, where there is one.
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
            Assumptions.assumeFalse(Boolean.getBoolean("touchline.embedded"), "in this process alone, as said");
            var endpoint = LocalStack.endpoint();
            Assumptions.assumeTrue(endpoint.isPresent(), LocalStack.SKIPPED);
            return TestStack.deployedAt(endpoint.orElseThrow());
        }
    };

    /** The template's tables and secrets, made anew. */
    public abstract TestStack newStack();
}
