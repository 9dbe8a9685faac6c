/** The same stack on LocalStack, in Docker, as CloudFormation makes it. For tests that have Testcontainers. */
@NullMarked
package org.touchline.embedded.localstack;

import org.jspecify.annotations.NullMarked;
