package org.touchline.embedded.learningcenter;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Background check subsidies (U.S. Soccer's document, "Background checks"): valid for one year, renewed while unused,
 * and only for organizations that have authorized us. Guarded by the lock of the {@link LearningCenter}.
 */
final class Subsidies {
    private final LearningCenter center;
    private final InstantSource clock;
    private final Map<String, Subsidy> byId = new LinkedHashMap<>();
    private List<Organization> organizations = List.of(new Organization("1001", "Touchline Youth Soccer Association"));
    private int created;

    Subsidies(LearningCenter center, InstantSource clock) {
        this.center = center;
        this.clock = clock;
    }

    /** Body of the call that creates one: the payer, and one of the other two. */
    record Request(
            @Nullable String payerOrganization,
            @Nullable String ussfId,
            @Nullable String email) {}

    List<Organization> organizations() {
        synchronized (center) {
            return organizations;
        }
    }

    /** From now on these have authorized us, and no others. */
    void authorizedBy(List<Organization> organizations) {
        synchronized (center) {
            this.organizations = List.copyOf(organizations);
        }
    }

    /** Those that an authorized payer gave, for one person unless both are null. */
    List<Subsidy> list(@Nullable String payer, @Nullable String ussfId, @Nullable String email) {
        synchronized (center) {
            authorize(payer);
            return byId.values().stream()
                    .filter(subsidy -> subsidy.payerOrganization().equals(payer))
                    .filter(subsidy -> ussfId == null || ussfId.equals(subsidy.ussfId()))
                    .filter(subsidy -> email == null || email.equals(subsidy.email()))
                    .toList();
        }
    }

    /** Creates one, or renews the dates of the unused one that the payer gave that person before. */
    Subsidy create(Request request) {
        synchronized (center) {
            var payer = authorize(request.payerOrganization());
            var ussfId = personOf(request);
            var subsidy = byId.values().stream()
                    .filter(before -> before.usedAt() == null
                            && before.payerOrganization().equals(payer))
                    .filter(before -> isFor(before, ussfId, request.email()))
                    .findFirst()
                    .map(before -> before.renewed(now()))
                    .orElseGet(() -> Subsidy.unused(nextId(), payer, ussfId, request.email(), now()));
            byId.put(subsidy.subsidyId(), subsidy);
            return subsidy;
        }
    }

    /** Takes an unused one back. */
    void delete(String subsidyId) {
        synchronized (center) {
            authorizeAny();
            var subsidy = get(subsidyId);
            authorize(subsidy.payerOrganization());
            if (subsidy.usedAt() != null) {
                throw Refusal.of(409, "the subsidy has been used");
            }
            byId.remove(subsidyId);
        }
    }

    /** The person begins a background check, and this subsidy pays for it. */
    Subsidy use(String subsidyId) {
        synchronized (center) {
            var used = get(subsidyId).used(now());
            byId.put(subsidyId, used);
            return used;
        }
    }

    /** Takes the subsidies of a person along to their new id. */
    void move(String current, String next) {
        synchronized (center) {
            byId.replaceAll((_, subsidy) -> current.equals(subsidy.ussfId()) ? subsidy.of(next) : subsidy);
        }
    }

    private Subsidy get(String subsidyId) {
        var subsidy = byId.get(subsidyId);
        if (subsidy == null) {
            throw Refusal.of(404, "subsidy_id does not exist");
        }
        return subsidy;
    }

    private String authorize(@Nullable String payer) {
        authorizeAny();
        if (payer == null) {
            throw Refusal.badRequest("payer_organization is required");
        }
        if (organizations.stream()
                .noneMatch(organization -> organization.organizationId().equals(payer))) {
            throw Refusal.of(403, "payer_organization has not authorized you");
        }
        return payer;
    }

    private void authorizeAny() {
        if (organizations.isEmpty()) {
            throw Refusal.of(403, "no organization has authorized you");
        }
    }

    /** The person who is meant, or null if there is nobody with that e-mail yet. */
    private @Nullable String personOf(Request request) {
        if ((request.ussfId() == null) == (request.email() == null)) {
            throw Refusal.badRequest("either ussf_id or email is required");
        }
        if (request.ussfId() != null) {
            return center.person(request.ussfId()).ussfId();
        }
        return center.find(new People.Query(request.email(), null, null, null)).stream()
                .map(Person::ussfId)
                .findFirst()
                .orElse(null);
    }

    private static boolean isFor(Subsidy subsidy, @Nullable String ussfId, @Nullable String email) {
        return ussfId != null ? ussfId.equals(subsidy.ussfId()) : Objects.equals(email, subsidy.email());
    }

    private String nextId() {
        return "subsidy-" + ++created;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
