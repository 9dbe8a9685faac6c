package org.touchline.lookup;

import org.touchline.license.CatalogEntry;
import org.touchline.license.License;
import org.touchline.license.LicenseStatus;

/**
 * A license of a person, with what the catalog says of it.
 *
 * @param status as of the day of the look-up
 */
public record HeldLicense(License license, CatalogEntry entry, LicenseStatus status) {}
