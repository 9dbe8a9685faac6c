package org.touchline.learningcenter;

import org.jspecify.annotations.Nullable;

/**
 * A member organization of U.S. Soccer that lets us create background check subsidies for it.
 *
 * @param organizationId what a subsidy names as its payer
 */
public record SubsidyOrganization(
        String organizationId, @Nullable String name) {}
