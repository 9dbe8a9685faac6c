package org.touchline.change;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an entry tells (wire contract §9). The names on the wire are those of the constants, with a dot behind the first word. */
public enum ChangeType {
    LICENSE_ADDED,
    LICENSE_UPDATED,
    LICENSE_REMOVED,
    LICENSE_EXPIRING,
    LICENSE_EXPIRED,
    PERSON_MOVED,
    PERSON_SUBSCRIBED,
    PERSON_UNSUBSCRIBED,
    PERSON_EXPERIENCE_CHANGED,
    PERSON_CERTIFICATE_CHANGED,
    MEMBER_ADDED,
    MEMBER_CHANGED,
    MEMBER_REMOVED,
    MEMBER_ENROLLMENT_CHANGED,
    CATALOG_CHANGED,
    HISTORY_GAP;

    private final String wireName = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");

    /** The spelling on the wire, such as {@code license.added}. */
    public String wireName() {
        return wireName;
    }

    /** The type of a spelling on the wire; empty for any other text. */
    public static Optional<ChangeType> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(name))
                .findFirst();
    }

    /** Whether it is about a member: then the subject is their identifier. */
    public boolean isOfMember() {
        return wireName.startsWith("member.");
    }

    /** Whether it is about a person: then the subject is a USSF-ID. */
    public boolean isOfPerson() {
        return wireName.startsWith("license.") || wireName.startsWith("person.");
    }
}
