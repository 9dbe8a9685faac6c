package org.touchline.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.touchline.learningcenter.LearningCenterJson;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseStore;
import org.touchline.person.UnreadableLicense;
import org.touchline.reconciliation.Reconciliation;

/**
 * A license of a person was added, updated or removed (Connect API, "Update of subscribed user's licenses"); or a row of
 * reconciliation, which looks the same, or one of a full answer says so.
 */
public final class UserLicenseUpdate implements Webhook {
    private final String path;
    private final BiFunction<JsonNode, Instant, LicenseChange> reading;
    private final LicenseStore licenses;
    private final InstantSource clock;

    private UserLicenseUpdate(
            String path,
            BiFunction<JsonNode, Instant, LicenseChange> reading,
            LicenseStore licenses,
            InstantSource clock) {
        this.path = path;
        this.reading = reading;
        this.licenses = licenses;
        this.clock = clock;
    }

    /** @param clock tells what is too far ahead */
    public UserLicenseUpdate(LicenseStore licenses, InstantSource clock) {
        this("/webhooks/user-license-update", LearningCenterJson::licenseChange, licenses, clock);
    }

    /** A row of reconciliation that was quarantined, for its replay. */
    public static UserLicenseUpdate ofReconciliation(LicenseStore licenses, InstantSource clock) {
        return new UserLicenseUpdate(Reconciliation.SOURCE, LearningCenterJson::licenseChange, licenses, clock);
    }

    /** A row of a full answer that was quarantined, for its replay. */
    public static UserLicenseUpdate ofFullAnswer(LicenseStore licenses, InstantSource clock) {
        return new UserLicenseUpdate(UnreadableLicense.SOURCE, UnreadableLicense::read, licenses, clock);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Outcome apply(Payload payload) {
        var change = reading.apply(payload.json(), clock.instant());
        return switch (licenses.apply(change)) {
            case WRITTEN -> Outcome.APPLIED;
            case UNCHANGED -> Outcome.UNCHANGED;
        };
    }
}
