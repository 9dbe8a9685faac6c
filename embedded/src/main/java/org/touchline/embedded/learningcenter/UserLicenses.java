package org.touchline.embedded.learningcenter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The latest change of each license of each person. Guarded by whoever holds it. */
final class UserLicenses {
    private final Map<String, NavigableMap<String, UserLicense>> byPerson = new HashMap<>();

    /** All of a person's licenses by id, removed ones included. */
    List<UserLicense> of(String ussfId) {
        return List.copyOf(held(ussfId).values());
    }

    /** Everybody's, removed ones included. */
    List<UserLicense> all() {
        return byPerson.values().stream()
                .flatMap(held -> held.values().stream())
                .toList();
    }

    /** Puts these in the place of all. */
    void replace(List<UserLicense> licenses) {
        byPerson.clear();
        licenses.forEach(this::put);
    }

    @Nullable UserLicense find(String ussfId, String licenseId) {
        return held(ussfId).get(licenseId);
    }

    /** Puts a change in the place of the one before it. */
    void put(UserLicense change) {
        byPerson.computeIfAbsent(change.ussfId(), _ -> new TreeMap<>()).put(change.licenseId(), change);
    }

    /** Gives all of {@code current}'s licenses to {@code next}; of a license that both have, the later change stays. */
    void move(String current, String next) {
        for (var license : of(current)) {
            var theirs = find(next, license.licenseId());
            if (theirs == null || theirs.updatedAt().isBefore(license.updatedAt())) {
                put(license.of(next));
            }
        }
        byPerson.remove(current);
    }

    private NavigableMap<String, UserLicense> held(String ussfId) {
        return byPerson.getOrDefault(ussfId, new TreeMap<>());
    }
}
