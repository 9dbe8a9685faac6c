package org.touchline.embedded.learningcenter;

import java.util.List;

/** What each of the four webhooks says, and where it goes (wire contract §3). */
final class Webhooks {
    private final WebhookSender sender;

    Webhooks(WebhookSender sender) {
        this.sender = sender;
    }

    private record UssfIdUpdate(String currentUssfId, String newUssfId) {}

    private record UserUpdate(String ussfId, Object changed) {}

    /** What of a person may change apart from their licenses. */
    enum UserChange {
        REFEREE_EXPERIENCE("referee_experience"),
        GRASSROOTS_REFEREE_CERTIFICATE("grassroots_referee_certificate");

        private final String wireName;

        UserChange(String wireName) {
            this.wireName = wireName;
        }
    }

    void userLicenseUpdate(UserLicense change) {
        sender.send("/webhooks/user-license-update", change);
    }

    void licensesUpdate(List<License> completeList) {
        sender.send("/webhooks/uss-licenses-update", completeList);
    }

    void ussfIdUpdate(String current, String next) {
        sender.send("/webhooks/ussf-id-update", new UssfIdUpdate(current, next));
    }

    /** One change is a text, several are an array. */
    void userUpdate(String ussfId, List<UserChange> changes) {
        var names = changes.stream().map(change -> change.wireName).toList();
        sender.send("/webhooks/user-update", new UserUpdate(ussfId, names.size() == 1 ? names.getFirst() : names));
    }
}
