package org.touchline.license;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How people are written in the table of the license store: {@code pk = person#<ussf id>}; {@code sk = license#<license id>}
 * for each license, tombstones included, and {@code sk = profile} for the rest of what is known of the person.
 *
 * <p>A license that is held and ends has {@code endsIn = <year>#<last digit of the USSF-ID mod 4>} and {@code endsOn = <date>#<ussf
 * id>#<license id>}, by which the index {@code by-end} lists it; a row that is not held, or does not end, has neither.
 *
 * <p>What is public here reads an item as a stream of the table shows it.
 */
public final class PersonItems {
    static final String PROFILE = "profile";
    static final String LICENSE = "license#";
    /** Since when a license counts as removed, for a full answer did not show it. */
    static final String ABSENT_SINCE = "absentSince";
    /** Since when it does no longer: a later full answer showed it. A row has one of the two at most. */
    static final String SHOWN_SINCE = "shownSince";

    /** The keys of the index {@code by-end}. */
    static final String ENDS_IN = "endsIn";

    static final String ENDS_ON = "endsOn";

    /** {@linkplain LearnedBy How} the row came to say what it says; missing on those that an earlier version wrote. */
    static final String LEARNED_BY = "learnedBy";

    /** Whether reconciliation brought what a webhook should have (design rule 14). */
    static final String MISSED = "missed";

    /** Of a profile: the Learning Center told of the person under their former id, and nothing was done about that since they moved. */
    static final String SUBSCRIPTION_MOVED = "subscriptionMoved";

    private static final String PERSON = "person#";

    private PersonItems() {}

    static String partition(UssfId ussfId) {
        return PERSON + ussfId;
    }

    /** Whether an item is a person's, and no checkpoint, note or catalog. */
    public static boolean isOfPerson(Item item) {
        return item.text("pk").startsWith(PERSON);
    }

    /** Whether an item is a license of a person. */
    public static boolean isLicense(Item item) {
        return isOfPerson(item) && item.text("sk").startsWith(LICENSE);
    }

    /** Whether an item is what is known of a person beside the licenses. */
    public static boolean isProfile(Item item) {
        return isOfPerson(item) && item.text("sk").equals(PROFILE);
    }

    /** The person whose item it is. */
    public static UssfId person(Item item) {
        return new UssfId(item.text("pk").substring(PERSON.length()));
    }

    /** The same of an item among many (design rule 24). */
    static Stream<UssfId> personIfReadable(Item item, Runnable unreadable) {
        var partition = item.text("pk");
        return UssfId.ofStored(partition.startsWith(PERSON) ? partition.substring(PERSON.length()) : "", unreadable);
    }

    static Map<String, AttributeValue> profileKey(UssfId ussfId) {
        return new Item().with("pk", partition(ussfId)).with("sk", PROFILE).attributes();
    }

    static Map<String, AttributeValue> licenseKey(UssfId ussfId, LicenseId licenseId) {
        return new Item()
                .with("pk", partition(ussfId))
                .with("sk", LICENSE + licenseId)
                .attributes();
    }

    static Map<String, AttributeValue> licenseKey(LicenseChange change) {
        return licenseKey(change.ussfId(), change.licenseId());
    }

    /** The licenses among a person's items. */
    static List<Item> licenses(List<Item> items) {
        return items.stream()
                .filter(item -> item.text("sk").startsWith(LICENSE))
                .toList();
    }

    /** The profile among a person's items; empty if there is none. */
    static Item profileItem(List<Item> items) {
        return items.stream()
                .filter(item -> item.text("sk").equals(PROFILE))
                .findFirst()
                .orElseGet(Item::new);
    }

    /** Without a mark of absence: whoever writes a higher revision ends that (design rule 3b). */
    static Item license(LicenseChange change, @Nullable LearnedBy learnedBy) {
        return withEnd(new Item(licenseKey(change))
                .with(LEARNED_BY, learnedBy == null ? null : learnedBy.wireName())
                .with("revision", change.revision())
                .withBoolean("removed", !change.state().held())
                .with("issuer", change.issuer())
                .with("issueDate", change.issueDate())
                .with("expirationDate", change.expirationDate()));
    }

    /** The row with what the index {@code by-end} knows it by, as its person, its state and its expiration date are now. */
    static Item withEnd(Item license) {
        license.attributes().remove(ENDS_IN);
        license.attributes().remove(ENDS_ON);
        var expirationDate = license.date("expirationDate");
        if (expirationDate == null || !isHeld(license)) {
            return license;
        }
        var ussfId = person(license);
        return license.with(ENDS_IN, EndingLicense.partition(expirationDate, EndingLicense.shard(ussfId)))
                .with(ENDS_ON, new EndingLicense(expirationDate, ussfId, licenseId(license)).position());
    }

    static LicenseId licenseId(Item item) {
        return new LicenseId(item.text("sk").substring(LICENSE.length()));
    }

    /** The license of an item. */
    public static License license(Item item) {
        return new License(
                licenseId(item),
                !isHeld(item),
                item.textOrNull("issuer"),
                item.date("issueDate"),
                item.date("expirationDate"),
                revision(item),
                answeredAt(item));
    }

    /** How an item of a license came to say what it says; null if it does not say so. */
    public static @Nullable LearnedBy learnedBy(Item license) {
        var text = license.textOrNull(LEARNED_BY);
        return text == null ? null : LearnedBy.ofWireName(text).orElse(null);
    }

    /** Whether reconciliation brought what a webhook should have (design rule 14). */
    public static boolean isMissed(Item license) {
        return license.flag(MISSED);
    }

    /**
     * Whether the Learning Center tells of the person, or did so under their former id, and nothing was done about that since they
     * moved.
     */
    public static boolean isToldOf(Item profile) {
        return profile.has("subscribedSince") || profile.has(SUBSCRIPTION_MOVED);
    }

    /** Whether experience or certificate came along from a former id. */
    public static boolean cameAlong(Item profile, String what) {
        return LearnedBy.MOVE.wireName().equals(profile.textOrNull(what + "By"));
    }

    static Revision revision(Item license) {
        return new Revision(license.text("revision"));
    }

    /** Neither removed nor marked as missing in a full answer: its own row says so, and nothing else (design rule 3b). */
    static boolean isHeld(Item license) {
        return !license.flag("removed") && !license.has(ABSENT_SINCE);
    }

    /** The instant of the full answer that marked a license, or ended its mark, since its revision was written; null if none did. */
    static @Nullable Instant answeredAt(Item license) {
        var absentSince = license.instant(ABSENT_SINCE);
        return absentSince == null ? license.instant(SHOWN_SINCE) : absentSince;
    }

    /**
     * The last full answer for a person. One whose profile lists what it showed is of a version of Touchline that read absence from
     * there: what it ended is on no row, so that it does not count.
     */
    static @Nullable Instant lastAnswer(Item profile) {
        return profile.has("shown") ? null : profile.instant("refreshedAt");
    }

    /** The profile of an item. */
    public static Profile profile(Item item) {
        return new Profile(
                movedTo(item),
                item.instant("subscribedSince"),
                lastAnswer(item),
                item.integer("refereeExperience"),
                item.has("hasCertificate")
                        ? new GrassrootsCertificate(item.flag("hasCertificate"), item.date("certificateIssueDate"))
                        : null);
    }

    static @Nullable UssfId movedTo(Item profile) {
        var movedTo = profile.textOrNull("movedTo");
        return movedTo == null ? null : new UssfId(movedTo);
    }

    /** The latest instant that a full answer left on an item; null if there is none. */
    static @Nullable Instant lastAnsweredAt(Item item) {
        return item.text("sk").equals(PROFILE) ? item.instant("refreshedAt") : answeredAt(item);
    }
}
