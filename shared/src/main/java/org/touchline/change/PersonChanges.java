package org.touchline.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.StreamRecord;
import org.touchline.license.LearnedBy;
import org.touchline.license.License;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.PersonItems;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;

/** What the stream of the license store says of people, as entries (wire contract §9). */
final class PersonChanges {
    private final Surroundings surroundings;

    PersonChanges(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * What a license became.
     *
     * @param pending entries that are to be kept first
     */
    List<Entry> ofLicense(StreamRecord change, List<Entry> pending) {
        var ussfId = PersonItems.person(change.keys());
        var before = license(change.before());
        if (change.after() == null) {
            return before == null ? List.of() : takenAlong(change, ussfId, before, pending);
        }
        var after = PersonItems.license(change.after());
        var learnedBy = PersonItems.learnedBy(change.after());
        // Who follows takes it along as well.
        var isCopy = before == null && learnedBy == LearnedBy.MOVE;
        var type = type(before, after);
        if (isCopy || type.isEmpty()) {
            return List.of();
        }
        var data = data(ussfId, before, after, learnedBy);
        if (PersonItems.isMissed(change.after())) {
            data.put("missed", true);
        }
        return List.of(entry(change, type.get(), ussfId, data));
    }

    /** What differs that is told: not another revision of the same content, nor what was not held and is not held. */
    private static Optional<ChangeType> type(@Nullable License before, License after) {
        if (before == null || before.removed()) {
            return after.removed() ? Optional.empty() : Optional.of(ChangeType.LICENSE_ADDED);
        }
        if (after.removed()) {
            return Optional.of(ChangeType.LICENSE_REMOVED);
        }
        return isSame(before, after) ? Optional.empty() : Optional.of(ChangeType.LICENSE_UPDATED);
    }

    private static boolean isSame(License one, License other) {
        return one.removed() == other.removed()
                && Objects.equals(one.issuer(), other.issuer())
                && Objects.equals(one.issueDate(), other.issueDate())
                && Objects.equals(one.expirationDate(), other.expirationDate())
                && one.updatedAt().equals(other.updatedAt());
    }

    /**
     * A row is deleted once it is taken along to the id that the person has now. Who follows gives the license to that id, and the
     * higher revision wins. Where what is there has the higher one, and it was never told, for it said nothing new of itself
     * (removed before and after, or the same content), it is told now: else who follows would end with another license.
     */
    private List<Entry> takenAlong(StreamRecord change, UssfId former, License gone, List<Entry> pending) {
        var whereabouts = surroundings.whereabouts(former, gone.licenseId());
        var present = whereabouts.present();
        if (present.equals(former)) {
            return List.of();
        }
        return whereabouts.state().stream()
                .filter(there -> there.stateRevision().compareTo(gone.stateRevision()) > 0)
                .flatMap(there -> type(gone, there)
                        .filter(_ -> !surroundings.isTold(whereabouts.ids(), there, pending))
                        .map(type -> entry(change, type, present, data(present, gone, there, LearnedBy.MOVE)))
                        .stream())
                .toList();
    }

    /** What became of what is known beside the licenses. */
    List<Entry> ofProfile(StreamRecord change) {
        var after = change.after();
        if (after == null) {
            return List.of();
        }
        var before = change.before() == null ? new Item() : change.before();
        var ussfId = PersonItems.person(change.keys());
        var was = PersonItems.profile(before);
        var is = PersonItems.profile(after);
        if (is.movedTo() != null) {
            return was.movedTo() == null ? List.of(moved(change, ussfId, is.movedTo())) : List.of();
        }
        var entries = new ArrayList<Entry>();
        if (!PersonItems.isToldOf(before) && is.subscribed()) {
            entries.add(entry(change, ChangeType.PERSON_SUBSCRIBED, ussfId, about(ussfId)));
        }
        if (PersonItems.isToldOf(before) && !PersonItems.isToldOf(after)) {
            entries.add(entry(change, ChangeType.PERSON_UNSUBSCRIBED, ussfId, about(ussfId)));
        }
        if (!Objects.equals(was.refereeExperience(), is.refereeExperience())
                && !(was.refereeExperience() == null && PersonItems.cameAlong(after, ProfileStore.EXPERIENCE))) {
            var data = about(ussfId);
            data.put("before", was.refereeExperience());
            data.put("after", is.refereeExperience());
            entries.add(entry(change, ChangeType.PERSON_EXPERIENCE_CHANGED, ussfId, data));
        }
        if (!Objects.equals(was.grassrootsCertificate(), is.grassrootsCertificate())
                && !(was.grassrootsCertificate() == null && PersonItems.cameAlong(after, ProfileStore.CERTIFICATE))) {
            var data = about(ussfId);
            put(data, "before", certificate(was.grassrootsCertificate()));
            put(data, "after", certificate(is.grassrootsCertificate()));
            entries.add(entry(change, ChangeType.PERSON_CERTIFICATE_CHANGED, ussfId, data));
        }
        return entries;
    }

    private Entry moved(StreamRecord change, UssfId former, UssfId successor) {
        var data = new JsonObject().put("formerUssfId", former.value());
        about(successor, former).properties().forEach(field -> data.set(field.getKey(), field.getValue()));
        return entry(change, ChangeType.PERSON_MOVED, successor, data);
    }

    private static Entry entry(StreamRecord change, ChangeType type, UssfId ussfId, JsonObject data) {
        return new Entry(Entry.id(change.eventId(), type), type, ussfId.value(), change.at(), data);
    }

    private JsonObject data(UssfId ussfId, @Nullable License before, License after, @Nullable LearnedBy learnedBy) {
        var data = about(ussfId);
        surroundings.describe(after.licenseId(), data);
        put(data, "before", before == null ? null : state(before));
        data.set("after", state(after));
        return data.put("learnedBy", learnedBy == null ? null : learnedBy.wireName());
    }

    /** @param former of these, the index may not know yet that they are former ones */
    private JsonObject about(UssfId ussfId, UssfId... former) {
        var data = new JsonObject().put("ussfId", ussfId.value());
        var identifiers = data.putArray("memberIdentifiers");
        surroundings.membersOf(ussfId, former).forEach(member -> identifiers.add(member.value()));
        return data;
    }

    private static JsonObject state(License license) {
        return new JsonObject()
                .put("status", license.removed() ? "removed" : "active")
                .put("issuer", license.issuer())
                .put("issueDate", Objects.toString(license.issueDate(), null))
                .put("expirationDate", Objects.toString(license.expirationDate(), null))
                .put("updatedAt", license.updatedAt().toString())
                .put("revision", license.stateRevision());
    }

    private static @Nullable JsonObject certificate(@Nullable GrassrootsCertificate certificate) {
        return certificate == null
                ? null
                : new JsonObject()
                        .put("hasCertificate", certificate.hasCertificate())
                        .put("issueDate", Objects.toString(certificate.issueDate(), null));
    }

    private static void put(JsonObject data, String name, @Nullable JsonObject value) {
        if (value == null) {
            data.putNull(name);
        } else {
            data.set(name, value);
        }
    }

    private static @Nullable License license(@Nullable Item image) {
        return image == null ? null : PersonItems.license(image);
    }
}
