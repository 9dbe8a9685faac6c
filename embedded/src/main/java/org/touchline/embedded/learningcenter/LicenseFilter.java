package org.touchline.embedded.learningcenter;

import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a person's licenses are asked for. The highest are looked for among what the other filters leave: of each
 * discipline and type those with the lowest rank number, ties included. A license that is not in the catalog has no
 * discipline, type or rank: it matches neither of the first two, and is never outranked.
 */
record LicenseFilter(
        @Nullable String discipline,
        @Nullable String type,
        @Nullable String licenseId,
        boolean highestOnly) {

    private record Pathway(String discipline, String type) {
        static Pathway of(License license) {
            return new Pathway(license.discipline(), license.type());
        }
    }

    List<UserLicense> apply(List<UserLicense> licenses, Catalog catalog) {
        var asked = licenses.stream().filter(held -> matches(held, catalog)).toList();
        return highestOnly ? highest(asked, catalog) : asked;
    }

    private boolean matches(UserLicense held, Catalog catalog) {
        var license = catalog.find(held.licenseId());
        return (licenseId == null || licenseId.equals(held.licenseId()))
                && (discipline == null || license != null && discipline.equals(license.discipline()))
                && (type == null || license != null && type.equals(license.type()));
    }

    private static List<UserLicense> highest(List<UserLicense> licenses, Catalog catalog) {
        var highestRanks = new HashMap<Pathway, Integer>();
        for (var held : licenses) {
            var license = catalog.find(held.licenseId());
            if (license != null) {
                highestRanks.merge(Pathway.of(license), license.rank(), Math::min);
            }
        }
        return licenses.stream()
                .filter(held -> {
                    var license = catalog.find(held.licenseId());
                    return license == null
                            || Integer.valueOf(license.rank()).equals(highestRanks.get(Pathway.of(license)));
                })
                .toList();
    }
}
