package org.touchline.embedded.learningcenter;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Webhooks.UserChange;

/**
 * What the Learning Center knows and does, without HTTP. This object's monitor is the one lock over all of it: a change
 * and the queueing of its webhook are one step, so webhooks leave in the order of the changes.
 *
 * <p>What concerns somebody who moved or never was ends in a {@link Refusal}.
 */
final class LearningCenter {
    private final InstantSource clock;
    private final Webhooks webhooks;
    private final int pageSize;
    private final Catalog catalog = new Catalog(Catalog.published());
    private final PeopleGenerator generator = new PeopleGenerator(Catalog.published());
    private final People people = new People();
    private final UserLicenses licenses = new UserLicenses();
    private final Subscriptions subscriptions = new Subscriptions();

    /** Changes of those subscribed to; null once there are others. Made when asked for: that comes page by page. */
    private @Nullable ChangeLog changeLog;

    LearningCenter(InstantSource clock, Webhooks webhooks, int pageSize) {
        this.clock = clock;
        this.webhooks = webhooks;
        this.pageSize = pageSize;
        TestUsers.in(today().getYear()).forEach(this::add);
    }

    // ------------------------------------------------------------------------------------------------------- questions

    synchronized List<License> catalog() {
        return catalog.all();
    }

    synchronized List<Person> people() {
        return people.all();
    }

    synchronized Person person(String ussfId) {
        return people.get(ussfId);
    }

    synchronized List<Person> find(People.Query query) {
        return people.find(query);
    }

    /** All licenses of a person, removed ones included. */
    synchronized List<UserLicense> licenses(String ussfId) {
        return licenses.of(person(ussfId).ussfId());
    }

    synchronized List<UserLicense> activeLicenses(String ussfId, LicenseFilter filter) {
        return filter.apply(
                licenses(ussfId).stream().filter(UserLicense::isActive).toList(), catalog);
    }

    /** What changed in the time given, ends included, for everyone who is subscribed to, oldest first. */
    synchronized Page<UserLicense> changes(Instant start, Instant end, int page) {
        if (changeLog == null) {
            changeLog = ChangeLog.of(
                    subscriptions.ussfIds().stream().map(licenses::of).flatMap(List::stream));
        }
        return Page.of(changeLog.between(start, end), page, pageSize);
    }

    // --------------------------------------------------------------------------------------------------- subscriptions

    synchronized void subscribe(String ussfId) {
        subscriptions.add(person(ussfId).ussfId(), now());
        changeLog = null;
    }

    synchronized void unsubscribe(String ussfId) {
        subscriptions.remove(person(ussfId).ussfId());
        changeLog = null;
    }

    synchronized boolean isSubscribed(String ussfId) {
        return subscriptions.contains(ussfId);
    }

    /** The oldest first; only that of {@code ussfId} unless it is null. */
    synchronized Page<Subscriptions.Subscription> subscriptions(@Nullable String ussfId, int page) {
        return Page.of(ussfId == null ? subscriptions.all() : subscriptions.of(ussfId), page, pageSize);
    }

    // --------------------------------------------------------------------------------------------------------- changes

    /** Adds a person, or replaces one; the licenses, each in the place of what it was. */
    synchronized void put(UserRecord user) {
        add(user);
        changeLog = null;
    }

    /** Adds a person without licenses, or replaces one. */
    synchronized void put(Person person) {
        people.put(person);
    }

    /** Makes up that many people. */
    synchronized List<Person> generate(int count) {
        return Stream.generate(() -> generator.next(clock.instant()))
                .limit(count)
                .peek(this::add)
                .map(UserRecord::person)
                .toList();
    }

    /**
     * What a person's license becomes when it changes now and nothing more is said: active, the rest as it was. Its
     * time is after that of its last change, however quickly they follow.
     */
    synchronized UserLicense touched(String ussfId, String licenseId) {
        var before = licenses.find(person(ussfId).ussfId(), licenseId);
        if (before == null) {
            return added(ussfId, licenseId);
        }
        return new UserLicense(
                ussfId,
                before.isActive() ? LicenseAction.UPDATED : LicenseAction.ADDED,
                licenseId,
                before.issuer(),
                before.issueDate(),
                before.expirationDate(),
                Collections.max(List.of(now(), before.updatedAt().plusMillis(1))));
    }

    /** A license that somebody gets now, of which nothing more is said. */
    UserLicense added(String ussfId, String licenseId) {
        return new UserLicense(ussfId, LicenseAction.ADDED, licenseId, "U.S. Soccer", today(), null, now());
    }

    /** Puts a change in the place of the license's last one, whatever their times. */
    synchronized void put(UserLicense change, boolean tell) {
        person(change.ussfId());
        licenses.put(change);
        changeLog = null;
        if (tell && isSubscribed(change.ussfId())) {
            webhooks.userLicenseUpdate(change);
        }
    }

    /**
     * Gives a person another id; licenses and subscription go along. Where that id is somebody's already, two become
     * one.
     */
    synchronized void changeUssfId(String current, String next, boolean tell) {
        people.move(current, next);
        licenses.move(current, next);
        boolean subscribed = subscriptions.move(current, next);
        changeLog = null;
        if (tell && subscribed) {
            webhooks.ussfIdUpdate(current, next);
        }
    }

    /** Replaces what is not null; one webhook tells of both. */
    synchronized void change(
            String ussfId,
            @Nullable Integer refereeExperience,
            @Nullable GrassrootsCertificate certificate,
            boolean tell) {
        var person = person(ussfId);
        var changed = new ArrayList<UserChange>();
        if (refereeExperience != null) {
            person = person.withRefereeExperience(refereeExperience);
            changed.add(UserChange.REFEREE_EXPERIENCE);
        }
        if (certificate != null) {
            person = person.withGrassrootsRefereeCertificate(certificate);
            changed.add(UserChange.GRASSROOTS_REFEREE_CERTIFICATE);
        }
        people.put(person);
        if (tell && !changed.isEmpty() && isSubscribed(ussfId)) {
            webhooks.userUpdate(ussfId, changed);
        }
    }

    synchronized void replaceCatalog(Collection<License> list, boolean tell) {
        catalog.replace(list);
        tellCatalog(tell);
    }

    synchronized void put(License license, boolean tell) {
        catalog.put(license);
        tellCatalog(tell);
    }

    synchronized void removeLicense(String licenseId, boolean tell) {
        catalog.remove(licenseId);
        tellCatalog(tell);
    }

    private void tellCatalog(boolean tell) {
        if (tell) {
            webhooks.licensesUpdate(catalog.all());
        }
    }

    // --------------------------------------------------------------------------------------------------- from run to
    // run

    /** All that is known, for another to go on with. */
    synchronized Memory memory() {
        return new Memory(
                people.all(), people.moves(), licenses.all(), subscriptions.all(), catalog.all(), generator.made());
    }

    /** Goes on where another ended. */
    synchronized void remember(Memory memory) {
        people.replace(memory.people(), memory.moves());
        licenses.replace(memory.licenses());
        subscriptions.replace(memory.subscriptions());
        catalog.replace(memory.catalog());
        // The same people again: those to come are made up as they would have been.
        while (generator.made() < memory.made()) {
            generator.next(clock.instant());
        }
        changeLog = null;
    }

    private void add(UserRecord user) {
        people.put(user.person());
        user.licenses().forEach(licenses::put);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
