package org.touchline.embedded.learningcenter;

import static java.util.Objects.requireNonNull;

/**
 * A license of the catalog, as {@code GET /licenses} lists it.
 *
 * @param licenseId text such as {@code referee_8}
 * @param name the official name, for people
 * @param discipline {@code coach}, {@code referee} or {@code safety}
 * @param type the pathway within the discipline, such as {@code referee_futsal}
 * @param rank 1 is the highest of its type; several may share one
 */
public record License(String licenseId, String name, String discipline, String type, int rank) {
    /** @throws IllegalArgumentException if the id is blank or the rank below 1 */
    public License {
        requireNonNull(licenseId, "license_id is missing");
        requireNonNull(name, "name is missing");
        requireNonNull(discipline, "discipline is missing");
        requireNonNull(type, "type is missing");
        if (licenseId.isBlank()) {
            throw new IllegalArgumentException("license_id is blank");
        }
        if (rank < 1) {
            throw new IllegalArgumentException("rank is missing or below 1");
        }
    }
}
