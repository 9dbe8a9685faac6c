package org.touchline.person;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.client.UssfIdMoves;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ShownLicenses;
import org.touchline.license.TakenOver;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;

/**
 * Asks the Learning Center about one person, under the id that they have now, and stores what it says. Where it answers that the
 * id has changed, the person is moved and the question repeated (design rule 18).
 *
 * <p>Safe for use by several threads. Every method throws what {@link LearningCenterClient} throws, and {@code SdkException} if
 * DynamoDB cannot do it within the client's time limits.
 */
public final class PersonRefresh {
    /** By then what was doubted is believed (design rule 25). */
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofHours(4);

    private final LearningCenterClient learningCenter;
    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final PersonMove moves;
    private final FollowUpStore followUps;
    private final Quarantine quarantine;
    private final Extras extras;
    private final OrganizationCalendar calendar;
    private final InstantSource clock;
    private final Consumer<TakenOver> answered;

    /**
     * Refreshes people in these stores.
     *
     * @param members who holds the ids of those who are subscribed to
     * @param followUps where it is recorded that somebody is to be asked about again
     * @param quarantine where licenses go that cannot be read
     * @param calendar tells when the Learning Center was asked, and which licenses have ended by then
     * @param answered is told what came of each answer about licenses
     */
    public PersonRefresh(
            LearningCenterClient learningCenter,
            LicenseStore licenses,
            ProfileStore profiles,
            MemberDirectory members,
            PersonMove moves,
            FollowUpStore followUps,
            Quarantine quarantine,
            Extras extras,
            OrganizationCalendar calendar,
            Consumer<TakenOver> answered) {
        this.learningCenter = learningCenter;
        this.licenses = licenses;
        this.profiles = profiles;
        this.members = members;
        this.moves = moves;
        this.followUps = followUps;
        this.quarantine = quarantine;
        this.extras = extras;
        this.calendar = calendar;
        this.clock = calendar.clock();
        this.answered = answered;
    }

    /**
     * What an organization wants to know of everybody beside the licenses (design §5). A webhook that names one of them has it
     * fetched all the same.
     */
    public record Extras(boolean refereeExperience, boolean grassrootsCertificate) {}

    /**
     * What came of a refresh.
     *
     * @param changed how many licenses, and other things, are not what they were
     * @param tookEverything whether the answer, believed or not, takes all licenses away that were good (design rule 25)
     */
    public record Refreshed(int changed, boolean tookEverything) {}

    /**
     * Asks for everything. What is optional beside the licenses may be refused: that decides nothing.
     *
     * @return how many licenses, and other things, are not what they were
     */
    public int refresh(UssfId ussfId, Deadline deadline) {
        return refresh(ussfId, false, deadline).changed();
    }

    /**
     * Asks for everything.
     *
     * @param accepted whether a person has said that the answer is right, whatever it takes away (design rule 25)
     */
    public Refreshed refresh(UssfId ussfId, boolean accepted, Deadline deadline) {
        return following(ussfId, present -> refreshPresent(present, accepted, deadline));
    }

    /**
     * Subscribes to the person, then asks for everything: the other way round, a change in between would be lost (design §5). Members
     * who had failed are enrolled again (design rule 26).
     *
     * @return how many licenses, and other things, are not what they were
     */
    public int subscribe(UssfId ussfId, Deadline deadline) {
        return following(ussfId, present -> {
            learningCenter.subscribe(present, deadline);
            profiles.subscribed(present, clock.instant());
            var changed = refreshPresent(present, false, deadline).changed();
            members.enrollUssfId(present, clock.instant());
            return changed;
        });
    }

    /**
     * Asks whether a birth date is the person's (design §5).
     *
     * @return the id that they have now
     * @throws BirthDateMismatchException if it is not
     */
    public UssfId confirm(UssfId ussfId, LocalDate birthDate, Deadline deadline) {
        return following(ussfId, present -> {
            // With the birth date it is not the full answer of rule 3b, which comes once the person is subscribed to:
            // that
            // it was answered is enough, and it may hold a license that cannot be read.
            learningCenter.licensesAnswer(present, birthDate, deadline);
            return present;
        });
    }

    /**
     * Has the Learning Center tell us of the person no longer. One whom it does not know, it does not tell of.
     *
     * @return the id that they have now
     */
    public UssfId unsubscribe(UssfId ussfId, Deadline deadline) {
        return following(ussfId, present -> {
            // First what we say, then what is so: `subscribed` is never true of a person whose changes would be missed.
            profiles.unsubscribed(present);
            learningCenter.unsubscribe(present, deadline);
            return present;
        });
    }

    /**
     * Asks for how many years the person has been a referee.
     *
     * @return 1 if that was news, else 0
     */
    public int fetchRefereeExperience(UssfId ussfId, Deadline deadline) {
        return following(ussfId, present -> refereeExperience(present, deadline));
    }

    /**
     * Asks whether the person has the certificate.
     *
     * @return 1 if that was news, else 0
     */
    public int fetchGrassrootsCertificate(UssfId ussfId, Deadline deadline) {
        return following(ussfId, present -> grassrootsCertificate(present, deadline));
    }

    private Refreshed refreshPresent(UssfId present, boolean accepted, Deadline deadline) {
        var taken = takeOver(present, accepted, deadline);
        var changed = taken.changed()
                + (extras.refereeExperience() ? ifAnswered(() -> refereeExperience(present, deadline)) : 0)
                + (extras.grassrootsCertificate() ? ifAnswered(() -> grassrootsCertificate(present, deadline)) : 0);
        return new Refreshed(changed, taken.tookEverything());
    }

    /** What is doubted is asked for again (design rule 25): that is recorded first, in case this dies. */
    private TakenOver takeOver(UssfId present, boolean accepted, Deadline deadline) {
        var taken = licenses.takeOver(present, () -> licensesOf(present, deadline), accepted, calendar);
        var doubtedAt = taken.doubtedAt();
        if (doubtedAt != null) {
            followUps.askNotBefore(new Refresh(present), ASKED_AGAIN_AFTER);
            profiles.doubted(present, doubtedAt);
        }
        answered.accept(taken);
        return taken;
    }

    /**
     * What is optional decides nothing (design rule 24): where it is refused, or its answer cannot be read, what is known of it stays,
     * and the next refresh tries it again. An outage is no refusal, and a changed id no less true here than elsewhere.
     */
    private static int ifAnswered(IntSupplier optional) {
        try {
            return optional.getAsInt();
        } catch (RefusedException | UnintelligibleException counted) {
            return 0;
        }
    }

    /** What can be read is used; the rest is quarantined, with its source (design rule 7). */
    private ShownLicenses licensesOf(UssfId present, Deadline deadline) {
        var rows = LearningCenterJson.shownLicenses(learningCenter.licensesAnswer(present, null, deadline));
        var shown = new ArrayList<LicenseChange>();
        for (var row : rows) {
            var now = clock.instant();
            try {
                shown.add(LearningCenterJson.shownLicense(present, row, now));
            } catch (UnintelligibleException unreadable) {
                quarantine.keep(
                        Source.FULL_ANSWER_ROW, UnreadableLicense.payload(present, row), unreadable.getMessage(), now);
            }
        }
        return new ShownLicenses(shown, shown.size() == rows.size());
    }

    private int refereeExperience(UssfId present, Deadline deadline) {
        var askedAt = clock.instant();
        var years = learningCenter.refereeExperience(present, deadline);
        return profiles.refereeExperience(present, years, askedAt) ? 1 : 0;
    }

    private int grassrootsCertificate(UssfId present, Deadline deadline) {
        var askedAt = clock.instant();
        var certificate = learningCenter.grassrootsCertificate(present, deadline);
        return profiles.grassrootsCertificate(present, certificate, askedAt) ? 1 : 0;
    }

    private <T> T following(UssfId ussfId, Function<UssfId, T> call) {
        return UssfIdMoves.follow(profiles.present(ussfId), call, this::moved);
    }

    private void moved(UssfId former, UssfId successor) {
        try {
            moves.recordAndMove(former, successor);
        } catch (ContradictoryMoveException contradictory) {
            throw new UnintelligibleException(contradictory.getMessage());
        }
    }
}
