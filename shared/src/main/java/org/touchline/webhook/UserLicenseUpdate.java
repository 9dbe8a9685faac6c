package org.touchline.webhook;

import java.time.InstantSource;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseStore;
import org.touchline.reconciliation.Reconciliation;

/**
 * A license of a person was added, updated or removed (Connect API, "Update of subscribed user's licenses"); or a row of
 * reconciliation, which looks the same, says so.
 */
public final class UserLicenseUpdate implements Webhook {
    private final String path;
    private final LicenseStore licenses;
    private final InstantSource clock;

    private UserLicenseUpdate(String path, LicenseStore licenses, InstantSource clock) {
        this.path = path;
        this.licenses = licenses;
        this.clock = clock;
    }

    /** @param clock tells what is too far ahead */
    public UserLicenseUpdate(LicenseStore licenses, InstantSource clock) {
        this("/webhooks/user-license-update", licenses, clock);
    }

    /** A row of reconciliation that was quarantined, for its replay. */
    public static UserLicenseUpdate ofReconciliation(LicenseStore licenses, InstantSource clock) {
        return new UserLicenseUpdate(Reconciliation.SOURCE, licenses, clock);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Outcome apply(Payload payload) {
        var change = LearningCenterJson.licenseChange(payload.json(), clock.instant());
        return switch (licenses.apply(change)) {
            case WRITTEN -> Outcome.APPLIED;
            case UNCHANGED -> Outcome.UNCHANGED;
        };
    }
}
