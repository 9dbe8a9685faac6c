package org.touchline.learningcenter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * A person of whose changes the Learning Center tells us.
 *
 * @param createdAt since when; null if it does not say
 */
public record Subscription(UssfId ussfId, @Nullable Instant createdAt) {}
