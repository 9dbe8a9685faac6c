package org.touchline.statement;

import java.time.InstantSource;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseStore;

/**
 * A license of a person was added, updated or removed (Connect API, "Update of subscribed user's licenses"); or a row of
 * reconciliation, which looks the same, says so.
 */
public final class UserLicenseUpdate implements Statement {
    private final LicenseStore licenses;
    private final InstantSource clock;

    /** @param clock tells what is too far ahead */
    public UserLicenseUpdate(LicenseStore licenses, InstantSource clock) {
        this.licenses = licenses;
        this.clock = clock;
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
