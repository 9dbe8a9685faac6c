package org.touchline.webhook;

import java.time.Duration;
import java.time.InstantSource;
import org.touchline.learningcenter.LearningCenterJson;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.LicenseStore;

/** A license of a person was added, updated or removed (Connect API, "Update of subscribed user's licenses"). */
public final class UserLicenseUpdate implements Webhook {
    /** What is later than this is no clock that runs ahead, but a mistake that would win over every real change. */
    private static final Duration MOST_AHEAD = Duration.ofHours(24);

    private final LicenseStore licenses;
    private final InstantSource clock;

    /** @param clock tells what is too far ahead */
    public UserLicenseUpdate(LicenseStore licenses, InstantSource clock) {
        this.licenses = licenses;
        this.clock = clock;
    }

    @Override
    public String path() {
        return "/webhooks/user-license-update";
    }

    @Override
    public Outcome apply(Payload payload) {
        var change = LearningCenterJson.licenseChange(LearningCenterJson.parse(payload.body()));
        if (change.updatedAt().isAfter(clock.instant().plus(MOST_AHEAD))) {
            throw new UnintelligibleException("updated_at is more than 24 hours ahead");
        }
        return switch (licenses.apply(change)) {
            case WRITTEN -> Outcome.APPLIED;
            case UNCHANGED -> Outcome.UNCHANGED;
        };
    }
}
