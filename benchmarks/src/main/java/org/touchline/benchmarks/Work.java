package org.touchline.benchmarks;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The kinds of work that are measured with everybody in, in this order, and the function that does each. */
enum Work {
    IMPORT("members stored, by import", "MemberImportFunction"),
    ENROLLING("members enrolled", "FollowUpFunction"),
    SWEEP("the minute's sweep, with nothing to do", "FollowUpFunction"),
    REFRESH("people refreshed", "PersonRefreshFunction"),
    AUDIT("subscriptions audited", "SubscriptionAuditFunction"),
    ALL_NEW("changes reconciled, all new", "UserLicenseReconciliationFunction"),
    ALL_KNOWN("changes reconciled, all known", "UserLicenseReconciliationFunction"),
    ONE_IN_A_HUNDRED("changes reconciled, one in a hundred new", "UserLicenseReconciliationFunction"),
    USER_WEBHOOKS("New Year: user updates received", "UserWebhookFunction"),
    NEW_YEAR("New Year: updates looked into, and members enrolled among them", "FollowUpFunction"),
    ROSTER("members read from the roster", "RosterFunction"),
    LOOKUP("look-ups of a person's licenses", "LicenseLookupFunction"),
    VERIFICATION("verifications", "MemberVerificationFunction"),
    LICENSE_WEBHOOK("license webhooks, all new", "UserLicenseWebhookFunction"),
    QUARANTINED("webhooks quarantined", "UserLicenseWebhookFunction"),
    REPLAY("quarantined webhooks replayed, none understood", "QuarantineReplayFunction"),
    HISTORY("changes kept in the history", "ChangeHistoryFunction"),
    ERASURE("people erased", "PersonErasureFunction");

    private final String title;
    private final String function;

    Work(String title, String function) {
        this.title = title;
        this.function = function;
    }

    /** As it is named on the command line, such as {@code all-new}. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Those of the names, and what they all need; all if none is named.
     *
     * @throws IllegalArgumentException that lists them if there is none of a name
     */
    static Set<Work> named(List<String> options) {
        if (options.isEmpty()) {
            return EnumSet.allOf(Work.class);
        }
        var known = EnumSet.allOf(Work.class).stream().collect(Collectors.toMap(Work::option, work -> work));
        if (!known.keySet().containsAll(options)) {
            throw new IllegalArgumentException("there are " + new TreeSet<>(known.keySet()));
        }
        var named = EnumSet.of(IMPORT, ENROLLING);
        options.forEach(option -> named.add(known.get(option)));
        return named;
    }

    String title() {
        return title;
    }

    /** The function's logical id. */
    String function() {
        return function;
    }
}
