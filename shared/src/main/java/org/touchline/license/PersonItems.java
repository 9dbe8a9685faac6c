package org.touchline.license;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.license.Person.FullAnswer;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How people are written in the table of the license store: {@code pk = person#<ussf id>}; {@code sk = license#<license id>}
 * for each license, tombstones included, and {@code sk = profile} for the rest of what is known of the person.
 */
final class PersonItems {
    static final String PROFILE = "profile";
    static final String LICENSE = "license#";
    private static final String PERSON = "person#";

    private PersonItems() {}

    static String partition(UssfId ussfId) {
        return PERSON + ussfId;
    }

    /** The person whose item it is. */
    static UssfId person(Item item) {
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
    static Item license(LicenseChange change) {
        return new Item(licenseKey(change))
                .with("revision", change.revision())
                .withBoolean("removed", !change.state().held())
                .with("issuer", change.issuer())
                .with("issueDate", change.issueDate())
                .with("expirationDate", change.expirationDate());
    }

    static LicenseId licenseId(Item item) {
        return new LicenseId(item.text("sk").substring(LICENSE.length()));
    }

    /** @param lastAnswer the person's last full answer, which may have ended an absence */
    static License license(Item item, @Nullable FullAnswer lastAnswer) {
        return new License(
                licenseId(item),
                item.flag("removed") || isAbsent(item, lastAnswer),
                item.textOrNull("issuer"),
                item.date("issueDate"),
                item.date("expirationDate"),
                new Revision(item.text("revision")));
    }

    /** Design rule 3b: missing in a full answer, and in no later one shown. */
    static boolean isAbsent(Item license, @Nullable FullAnswer lastAnswer) {
        var since = license.instant("absentSince");
        return since != null
                && (lastAnswer == null
                        || !lastAnswer.at().isAfter(since)
                        || !lastAnswer.shown().contains(licenseId(license)));
    }

    static @Nullable FullAnswer lastAnswer(Item profile) {
        var at = profile.instant("refreshedAt");
        return at == null
                ? null
                : new FullAnswer(
                        at,
                        profile.textSet("shown").stream().map(LicenseId::new).collect(Collectors.toUnmodifiableSet()));
    }

    static Profile profile(Item item) {
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
        return item.instant(item.text("sk").equals(PROFILE) ? "refreshedAt" : "absentSince");
    }
}
