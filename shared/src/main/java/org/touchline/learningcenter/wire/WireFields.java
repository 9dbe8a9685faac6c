package org.touchline.learningcenter.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which fields the wire contract knows (§2 and §3), by the name of the call or the path of the webhook that has them. A field that the
 * Learning Center turns out to send, and that nobody needs, is added here: then it is no longer {@linkplain UnknownFields unknown}.
 */
final class WireFields {
    private static final List<String> TOKENS = List.of("access_token", "refresh_token");
    private static final List<String> CATALOG_ENTRY = List.of("license_id", "name", "discipline", "type", "rank");
    private static final List<String> SHOWN_LICENSE =
            List.of("ussf_id", "license_id", "issuer", "issue_date", "expiration_date", "updated_at");
    private static final List<String> LICENSE_CHANGE =
            List.of("ussf_id", "action", "license_id", "issuer", "issue_date", "expiration_date", "updated_at");
    private static final List<String> SUBSIDY =
            List.of("subsidy_id", "payer_organization", "ussf_id", "email", "created_at", "expires_at", "used_at");

    /** In the order of the contract. */
    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("POST /login", TOKENS),
            Map.entry("POST /refresh-token", TOKENS),
            Map.entry("GET /licenses", CATALOG_ENTRY),
            Map.entry("GET /users", List.of("result", "ussf_id")),
            Map.entry("GET /users/{ussf_id}/user-licenses", SHOWN_LICENSE),
            Map.entry("GET /users/{ussf_id}/referee-experience", List.of("ussf_id", "referee_experience")),
            Map.entry("GET /users/{ussf_id}/grassroots-referee-certificate", List.of("has_certificate", "issue_date")),
            Map.entry("GET /subscriptions", List.of("ussf_id", "created_at")),
            Map.entry("GET /user-licenses", LICENSE_CHANGE),
            Map.entry("GET /background-checks/organizations", List.of("organization_id", "name")),
            Map.entry("GET /background-checks/subsidies", SUBSIDY),
            Map.entry("POST /background-checks/subsidies", SUBSIDY),
            Map.entry("/webhooks/user-license-update", LICENSE_CHANGE),
            Map.entry("/webhooks/uss-licenses-update", CATALOG_ENTRY),
            Map.entry("/webhooks/ussf-id-update", List.of("current_ussf_id", "new_ussf_id")),
            Map.entry("/webhooks/user-update", List.of("ussf_id", "changed")));

    /** What is read beside them, where it is there: a license id that is a bare number needs it (wire contract §1). */
    private static final String READ_WITH_A_LICENSE_ID = "discipline";

    /** Where an object may hold a list (wire contract §1), normalized. */
    private static final Set<String> LISTS =
            Set.of("data", "licenses", "userlicenses", "subscriptions", "users", "organizations", "subsidies");

    private static final String PAGINATION = "pagination";
    private static final List<String> OF_PAGINATION = List.of("current_page", "per_page", "last_page", "total");
    private static final Set<String> READ_OF_PAGINATION = normalized(OF_PAGINATION.stream());

    private static final Map<String, Set<String>> NORMALIZED = FIELDS.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> readable(entry.getValue())));

    private WireFields() {}

    /** Whether the contract says what comes from there. */
    static boolean knows(String source) {
        return FIELDS.containsKey(source);
    }

    /** The fields that should be there, spelled as they should be; none for a source that is not known. */
    static List<String> of(String source) {
        return FIELDS.getOrDefault(source, List.of());
    }

    /** All that are read, normalized. */
    static Set<String> readFrom(String source) {
        return NORMALIZED.getOrDefault(source, Set.of());
    }

    /** Whether a field of that name, normalized, may hold a list's rows. */
    static boolean isList(String name) {
        return LISTS.contains(name);
    }

    static boolean isPagination(String name) {
        return PAGINATION.equals(name);
    }

    /** The fields that {@code pagination} should have. */
    static List<String> ofPagination() {
        return OF_PAGINATION;
    }

    /** The same, normalized. */
    static Set<String> readFromPagination() {
        return READ_OF_PAGINATION;
    }

    private static Set<String> readable(List<String> fields) {
        var all = new ArrayList<>(fields);
        if (fields.contains("license_id")) {
            all.add(READ_WITH_A_LICENSE_ID);
        }
        return normalized(all.stream());
    }

    private static Set<String> normalized(Stream<String> names) {
        return names.map(LearningCenterRecord::normalized).collect(Collectors.toUnmodifiableSet());
    }
}
