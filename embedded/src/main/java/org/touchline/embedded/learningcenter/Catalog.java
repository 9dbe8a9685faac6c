package org.touchline.embedded.learningcenter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The complete list of licenses, in the order in which it is listed. Guarded by whoever holds it. */
final class Catalog {
    private final Map<String, License> byId = new LinkedHashMap<>();

    Catalog(Collection<License> licenses) {
        replace(licenses);
    }

    /** The 82 licenses of U.S. Soccer's public listing; the file has no quotes and no commas inside a field. */
    static List<License> published() {
        try (var file = Catalog.class.getResourceAsStream("license-catalog.csv")) {
            if (file == null) {
                throw new IllegalStateException("license-catalog.csv is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(field -> new License(field[0], field[1], field[2], field[3], Integer.parseInt(field[4])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<License> all() {
        return List.copyOf(byId.values());
    }

    @Nullable License find(String licenseId) {
        return byId.get(licenseId);
    }

    void replace(Collection<License> licenses) {
        byId.clear();
        licenses.forEach(this::put);
    }

    void put(License license) {
        byId.put(license.licenseId(), license);
    }

    void remove(String licenseId) {
        if (byId.remove(licenseId) == null) {
            throw Refusal.of(404, "license_id does not exist");
        }
    }
}
