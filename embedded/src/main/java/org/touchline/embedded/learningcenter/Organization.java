package org.touchline.embedded.learningcenter;

import static java.util.Objects.requireNonNull;

/**
 * A member organization that pays for background checks, and has authorized whoever logs in here.
 *
 * @param organizationId what {@code payer_organization} names
 * @param name for people
 */
public record Organization(String organizationId, String name) {
    public Organization {
        requireNonNull(organizationId, "organization_id is missing");
        requireNonNull(name, "name is missing");
    }
}
