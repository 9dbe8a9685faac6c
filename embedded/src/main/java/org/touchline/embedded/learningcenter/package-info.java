/**
 * The Learning Center, simulated: a real HTTP server that answers every call of the Connect API as the wire contract
 * says it (§2), sends the four webhooks (§3), and can be told over HTTP or from a test what changes and what goes
 * wrong.
 *
 * <p>{@link org.touchline.embedded.learningcenter.LearningCenterSimulator} is the way in.
 */
@org.jspecify.annotations.NullMarked
package org.touchline.embedded.learningcenter;
