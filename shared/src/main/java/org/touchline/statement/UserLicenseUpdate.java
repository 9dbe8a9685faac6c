package org.touchline.statement;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseStore;

/**
 * A license of a person was added, updated or removed (Connect API, "Update of subscribed user's licenses"); or a row of
 * reconciliation, which looks the same, says so.
 */
public final class UserLicenseUpdate implements Statement {
    /** Of nobody: no person has sixteen zeros. */
    private static final String SAMPLE = """
        {"ussf_id":"0000000000000000","action":"added","license_id":"sample_1","issuer":"","issue_date":"2026-01-01",
        "expiration_date":"2026-12-31","updated_at":"2026-01-01T00:00:00Z"}\
        """;

    private final LicenseStore licenses;
    private final InstantSource clock;

    /** @param clock tells what is too far ahead */
    public UserLicenseUpdate(LicenseStore licenses, InstantSource clock) {
        this.licenses = licenses;
        this.clock = clock;
    }

    @Override
    public void rehearse() {
        var json = LearningCenterJson.parse(SAMPLE.getBytes(StandardCharsets.UTF_8));
        licenses.rehearse(LearningCenterJson.licenseChange(json, clock.instant()));
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
