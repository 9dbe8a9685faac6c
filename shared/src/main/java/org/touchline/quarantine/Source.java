package org.touchline.quarantine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where a payload came from: what can be in quarantine, and by which code it is replayed. */
public enum Source {
    /** The webhook that tells of a person's license (Connect API, "Update of subscribed user's licenses"). */
    USER_LICENSE_WEBHOOK("/webhooks/user-license-update"),
    /** The webhook with the complete list of licenses (Connect API, "Update of U.S.Soccer's list of licenses"). */
    LICENSE_CATALOG_WEBHOOK("/webhooks/uss-licenses-update"),
    /** The webhook that tells of a changed USSF-ID (Connect API, "Update of a user's USSF-ID"). */
    USSF_ID_WEBHOOK("/webhooks/ussf-id-update"),
    /** The webhook that tells of what is no license (Connect API, "Update of a user"). */
    USER_WEBHOOK("/webhooks/user-update"),
    /** A row of the list that reconciliation walks: one license of one person, as the webhook tells it. */
    RECONCILIATION_ROW("/user-licenses"),
    /** A row of a full answer, with whose it is (design rule 3b). */
    FULL_ANSWER_ROW("/users/{ussf_id}/user-licenses"),
    /** The complete list of licenses, as the catalog's sync was answered. */
    CATALOG_SYNC("/licenses"),
    /** A record of the stream of license store or member directory, of which no entry of the history could be made. */
    STREAM_RECORD("/streams");

    private static final String WEBHOOKS = "/webhooks/";

    private final String route;

    Source(String route) {
        this.route = route;
    }

    /**
     * Its name outside: the path at which a webhook comes in (wire contract §3), or that of the call that was answered (wire contract
     * §2). It is stored with each entry, and listed by {@code QuarantineReplay} (wire contract §7): it never changes.
     */
    public String route() {
        return route;
    }

    /** The paths of the webhooks. */
    public static List<String> webhooks() {
        return Arrays.stream(values())
                .map(Source::route)
                .filter(route -> route.startsWith(WEBHOOKS))
                .toList();
    }

    /** The source of that route; empty if it is none that this version knows. */
    public static Optional<Source> of(String route) {
        return Arrays.stream(values())
                .filter(source -> source.route.equals(route))
                .findFirst();
    }
}
