package org.touchline.learningcenter;

import java.util.List;
import org.touchline.license.CatalogEntry;

/**
 * The list of licenses that the Learning Center sent, or answered. It always sends the complete one (Connect API, "Update of
 * U.S.Soccer's list of licenses"); but not all of it may be readable.
 *
 * @param entries what could be read; of several with one id, the last counts
 * @param complete whether that is all: then what is missing is no license any more
 */
public record LicenseList(List<CatalogEntry> entries, boolean complete) {
    public LicenseList {
        entries = List.copyOf(entries);
    }
}
