package org.touchline.embedded.learningcenter;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What each of the four webhooks says, and where it goes (wire contract §3). */
final class Webhooks {
    static final String USER_LICENSE_UPDATE = "user-license-update";
    static final String USS_LICENSES_UPDATE = "uss-licenses-update";
    static final String USSF_ID_UPDATE = "ussf-id-update";
    static final String USER_UPDATE = "user-update";
    static final List<String> NAMES = List.of(USER_LICENSE_UPDATE, USS_LICENSES_UPDATE, USSF_ID_UPDATE, USER_UPDATE);

    private static final String ROOT = "/webhooks/";

    private final WebhookSender sender;

    Webhooks(WebhookSender sender) {
        this.sender = sender;
    }

    /** All of them go below that URL, as to a stack of ours. */
    void to(URI apiBase, String key) {
        var base = apiBase.toString().replaceFirst("/$", "") + ROOT;
        to(NAMES.stream().collect(Collectors.toMap(name -> name, name -> URI.create(base + name))), key);
    }

    /** Each goes where its name says; one that is not named, nowhere. */
    void to(Map<String, URI> urls, String key) {
        urls.keySet().forEach(name -> {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(name + " is none of " + NAMES);
            }
        });
        sender.target(
                urls.entrySet().stream().collect(Collectors.toMap(url -> ROOT + url.getKey(), Map.Entry::getValue)),
                key);
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
        sender.send(ROOT + USER_LICENSE_UPDATE, change);
    }

    void licensesUpdate(List<License> completeList) {
        sender.send(ROOT + USS_LICENSES_UPDATE, completeList);
    }

    void ussfIdUpdate(String current, String next) {
        sender.send(ROOT + USSF_ID_UPDATE, new UssfIdUpdate(current, next));
    }

    /** One change is a text, several are an array. */
    void userUpdate(String ussfId, List<UserChange> changes) {
        var names = changes.stream().map(change -> change.wireName).toList();
        sender.send(ROOT + USER_UPDATE, new UserUpdate(ussfId, names.size() == 1 ? names.getFirst() : names));
    }
}
