package org.touchline.person;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.change.HistoryErasure;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.client.UssfIdMoves;
import org.touchline.license.LicenseStoreErasure;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.quarantine.Quarantine;
import org.touchline.time.Deadline;

/**
 * Forgets a person everywhere: under every USSF-ID that they have, or had, licenses, profile and moves; the members who hold one
 * of them; what is owed to them; what in quarantine names them; and what happened to them. The subscription is ended first.
 *
 * <p><b>The order.</b> First the subscription is ended and follow-ups go, which would bring the person back. Then what has piled up.
 * Last, in one transaction, the members and the profiles with their moves: they are what leads from a member or a former id to all
 * the rest, so whatever ends an erasure in between, the same call again finds the whole person, and does what is left. More than
 * 100 of them take several transactions, the last of which takes what the call named. A
 * round that deleted something is followed by another, which takes what was written meanwhile.
 *
 * <p><b>Moves</b> ({@code movedTo}) go as well, although rule 5 needs them: with the person, nothing is left to be taken along, and
 * if they ever come back under a former id, the Learning Center says so anew.
 *
 * <p><b>What cannot be prevented.</b> A webhook that was sent before the subscription ended, and a function that was at work on the
 * person, may write after the last look; to refuse that, the person would have to be remembered. No function lives
 * longer than a quarter of an hour: who repeats the call after that takes what came, and zeros say that nothing did. An
 * organization that puts the member in again begins anew. An audit, or a share of the refresh, that is unfinished keeps numbers of
 * people, and nothing else of them, for eight days at most, and brings nobody back; backups keep what they hold until they expire.
 *
 * <p>Safe for use by several threads. Throws what {@link LearningCenterClient} throws, except that a person whom it does not know, or
 * knows by another id, is no obstacle; and {@code SdkException} if DynamoDB cannot do it within the client's time limits.
 */
public final class PersonErasure {
    private static final int MOST_ROUNDS = 3;

    private final LearningCenterClient learningCenter;
    private final ProfileStore profiles;
    private final LicenseStoreErasure licenseStore;
    private final MemberDirectory directory;
    private final FollowUpStore followUps;
    private final Quarantine quarantine;
    private final HistoryErasure history;

    /** Forgets people in these stores. */
    public PersonErasure(
            LearningCenterClient learningCenter,
            ProfileStore profiles,
            LicenseStoreErasure licenseStore,
            MemberDirectory directory,
            FollowUpStore followUps,
            Quarantine quarantine,
            HistoryErasure history) {
        this.learningCenter = learningCenter;
        this.profiles = profiles;
        this.licenseStore = licenseStore;
        this.directory = directory;
        this.followUps = followUps;
        this.quarantine = quarantine;
        this.history = history;
    }

    /** How many items were deleted, or would be, by table. */
    public record Deleted(int licenseStore, int memberDirectory, int followUps, int quarantine, int changeHistory) {
        private static final Deleted NOTHING = new Deleted(0, 0, 0, 0, 0);

        /** Whether anything was held or kept. */
        public boolean known() {
            return !equals(NOTHING);
        }

        private Deleted plus(Deleted other) {
            return new Deleted(
                    licenseStore + other.licenseStore,
                    memberDirectory + other.memberDirectory,
                    followUps + other.followUps,
                    quarantine + other.quarantine,
                    changeHistory + other.changeHistory);
        }
    }

    /**
     * Forgets a person, and every member who holds one of their USSF-IDs.
     *
     * @param ussfId any that they have, or had
     */
    public Deleted erase(UssfId ussfId, Deadline deadline) {
        return rounds(new Named(ussfId, null), profiles.idsOf(ussfId), deadline);
    }

    /** What {@link #erase(UssfId, Deadline)} would delete. Changes nothing, and asks nobody. */
    public Deleted preview(UssfId ussfId) {
        return count(new Named(ussfId, null), profiles.idsOf(ussfId));
    }

    /**
     * Forgets a member, and the person whose USSF-ID they hold, unless another member holds it too, or the Learning Center has
     * said that it is not the member's.
     */
    public Deleted erase(MemberIdentifier identifier, Deadline deadline) {
        var named = named(identifier);
        return rounds(named, idsOf(named), deadline);
    }

    /** What {@link #erase(MemberIdentifier, Deadline)} would delete. Changes nothing, and asks nobody. */
    public Deleted preview(MemberIdentifier identifier) {
        var named = named(identifier);
        return count(named, idsOf(named));
    }

    private Named named(MemberIdentifier identifier) {
        var held = directory
                .find(identifier)
                .flatMap(enrolled -> Optional.ofNullable(enrolled.enrollment().heldUssfId()));
        var ids = held.map(profiles::idsOf)
                .filter(found -> holders(found).allMatch(identifier::equals))
                .orElse(Set.of());
        return new Named(ids.isEmpty() ? null : held.get(), identifier);
    }

    /** What a call named: an id, or a member and the id that they hold, if it is to be forgotten. */
    private record Named(@Nullable UssfId ussfId, @Nullable MemberIdentifier identifier) {}

    private Set<UssfId> idsOf(Named named) {
        return named.ussfId() == null ? Set.of() : profiles.idsOf(named.ussfId());
    }

    private Stream<MemberIdentifier> holders(Collection<UssfId> ids) {
        return ids.stream().map(directory::holdersOf).flatMap(List::stream);
    }

    private Deleted rounds(Named named, Set<UssfId> ids, Deadline deadline) {
        var all = Deleted.NOTHING;
        var forgotten = new Forgotten(new HashSet<>(ids), new HashSet<>());
        Stream.ofNullable(named.identifier()).forEach(forgotten.members()::add);
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var deleted = round(named, ids, forgotten, deadline);
            all = all.plus(deleted);
            if (deleted.equals(Deleted.NOTHING)) {
                break;
            }
        }
        // By now they are gone: what streams still say of that is not told, and what they said meanwhile goes.
        history.remember(forgotten.people(), forgotten.members());
        history.erase(forgotten.people(), forgotten.members());
        return all;
    }

    /** Whom the rounds of an erasure have met. */
    private record Forgotten(Set<UssfId> people, Set<MemberIdentifier> members) {}

    private Deleted round(Named call, Set<UssfId> known, Forgotten forgotten, Deadline deadline) {
        var ids = endSubscriptions(known, deadline);
        var identifiers = Stream.ofNullable(call.identifier()).toList();
        var members = members(call, ids);
        forgotten.people().addAll(ids);
        members.forEach(member -> forgotten.members().add(member.identifier()));
        // Only now: where the subscription cannot be ended, nothing is erased, and all is told as ever.
        history.remember(forgotten.people(), forgotten.members());
        // Before the history goes: it leads to who has left.
        var named = quarantine.forget(mentions(forgotten.people(), members, forgotten.members()));
        var entries = history.erase(forgotten.people(), forgotten.members());
        var owed = followUps.forgetAbout(subjects(call, ids, members));
        var licenses = ids.stream().mapToInt(licenseStore::eraseLicenses).sum();
        if (!members.isEmpty()) {
            // The stream says at once that they are taken out: nobody is told of that.
            history.remember(forgotten.people(), forgotten.members());
        }
        var deletions = members.stream()
                .map(Member::identifier)
                .collect(Collectors.partitioningBy(
                        identifiers::contains, Collectors.mapping(directory::deleting, Collectors.toList())));
        var profilesDeleted = licenseStore.eraseProfiles(
                ids, call.ussfId(), requireNonNull(deletions.get(false)), requireNonNull(deletions.get(true)));
        return new Deleted(licenses + profilesDeleted, members.size(), owed, named, entries);
    }

    private Deleted count(Named call, Set<UssfId> ids) {
        var members = members(call, ids);
        var identifiers = Stream.concat(
                        Stream.ofNullable(call.identifier()), members.stream().map(Member::identifier))
                .collect(Collectors.toSet());
        return new Deleted(
                licenseStore.held(ids),
                members.size(),
                followUps.countAbout(subjects(call, ids, members)),
                quarantine.countNaming(mentions(ids, members, identifiers)),
                history.count(ids, identifiers));
    }

    /** Those who left as well, of whom a record of a stream may be in quarantine (design rule 29). */
    private PersonMentions mentions(
            Collection<UssfId> ids, Collection<Member> members, Collection<MemberIdentifier> others) {
        var gone = new HashSet<>(others);
        gone.addAll(history.membersWhoLeft(ids));
        return new PersonMentions(ids, members, gone);
    }

    private List<Member> members(Named call, Set<UssfId> ids) {
        return Stream.concat(Stream.ofNullable(call.identifier()), holders(ids))
                .distinct()
                .flatMap(identifier -> directory.find(identifier).stream())
                .map(EnrolledMember::member)
                .toList();
    }

    /** As follow-ups name them. */
    private static Set<String> subjects(Named call, Set<UssfId> ids, List<Member> members) {
        return Stream.of(
                        ids.stream().map(UssfId::value),
                        Stream.ofNullable(call.identifier()).map(MemberIdentifier::value),
                        members.stream().map(member -> member.identifier().value()))
                .flatMap(names -> names)
                .collect(Collectors.toSet());
    }

    /**
     * Ends them all: those of the ids, and of the ids that these have moved to without our knowing. A hop to an id that is known is
     * none of the five of rule 18: that one is asked about as well, however often a person has moved.
     */
    private Set<UssfId> endSubscriptions(Set<UssfId> known, Deadline deadline) {
        var ids = new HashSet<>(known);
        for (var ussfId : known) {
            UssfIdMoves.follow(
                    ussfId,
                    present -> {
                        if (present.equals(ussfId) || !known.contains(present)) {
                            learningCenter.unsubscribe(present, deadline);
                        }
                        return present;
                    },
                    (_, successor) -> ids.add(successor));
        }
        return ids;
    }
}
