package org.touchline.license;

import java.util.List;

/**
 * What a full answer (design rule 3b) shows of a person's licenses.
 *
 * @param licenses what could be read, as {@link LicenseState#SHOWN_ACTIVE}
 * @param complete whether that is all: then what is missing the person does not have
 */
public record ShownLicenses(List<LicenseChange> licenses, boolean complete) {
    /** The person has none. */
    public static final ShownLicenses NONE = new ShownLicenses(List.of(), true);

    public ShownLicenses {
        licenses = List.copyOf(licenses);
    }
}
