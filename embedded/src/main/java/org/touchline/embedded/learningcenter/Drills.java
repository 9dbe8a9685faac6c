package org.touchline.embedded.learningcenter;

import java.util.List;
import org.touchline.embedded.learningcenter.Webhooks.UserChange;

/**
 * The four webhook drills: each sends one webhook as it would come by itself, and changes nothing. None asks for a
 * subscription. {@link LearningCenterSimulator} says what they hold.
 */
final class Drills {
    /** The id that the ussf-id-update drill calls current; nobody has it. */
    static final String CURRENT_USSF_ID = "0000000000000001";

    /** The id that the ussf-id-update drill calls new; nobody has it. */
    static final String NEW_USSF_ID = "0000000000000002";

    private final LearningCenter center;
    private final Webhooks webhooks;

    Drills(LearningCenter center, Webhooks webhooks) {
        this.center = center;
        this.webhooks = webhooks;
    }

    void licensesUpdate() {
        webhooks.licensesUpdate(center.catalog());
    }

    /** Refused for somebody without an active license: there would be nothing true to say. */
    void userLicenseUpdate(String ussfId) {
        var license = center.licenses(ussfId).stream()
                .filter(UserLicense::isActive)
                .findFirst()
                .orElseThrow(() -> Refusal.badRequest("the user has no licenses"));
        webhooks.userLicenseUpdate(license.with(LicenseAction.UPDATED));
    }

    void ussfIdUpdate() {
        webhooks.ussfIdUpdate(CURRENT_USSF_ID, NEW_USSF_ID);
    }

    /** About the first person there is: a real one, since the receiver asks for the details. */
    void userUpdate() {
        var ussfId = center.people().getFirst().ussfId();
        webhooks.userUpdate(ussfId, List.of(UserChange.values()));
    }
}
