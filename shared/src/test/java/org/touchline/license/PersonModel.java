package org.touchline.license;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the Learning Center knows of one person, and all that it ever said of them. It tells the time of a change in whole seconds,
 * so that several of one license may have the same.
 */
final class PersonModel {
    private static final int MOST_IDS = 4;

    /** What a webhook, or a row of reconciliation, says. */
    sealed interface Event {}

    /** A license was added, updated or removed. */
    record Told(LicenseChange change) implements Event {}

    /** The person got another USSF-ID. */
    record Renamed(UssfId former, UssfId successor) implements Event {}

    final List<Event> events = new ArrayList<>();
    final List<UssfId> ids = new ArrayList<>();
    private final Random random;
    private final Duration leastStep;
    private final Map<LicenseId, LicenseChange> licenses = new TreeMap<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    /** @param leastStep between two changes: under a second, and some of one license share theirs */
    PersonModel(Random random, Duration leastStep) {
        this.random = random;
        this.leastStep = leastStep;
        ids.add(newId());
    }

    Instant now() {
        return now;
    }

    UssfId present() {
        return ids.getLast();
    }

    /** The id that came after a former one, or the last one: what a 410 names, nobody has said. */
    UssfId successor(UssfId former) {
        return random.nextBoolean() ? present() : ids.get(ids.indexOf(former) + 1);
    }

    void changeLicense() {
        pass();
        var licenseId = List.of("referee_8", "coach_41", "safety_1").get(random.nextInt(3));
        var before = licenses.get(new LicenseId(licenseId));
        var removed = before != null && before.state().held() && random.nextBoolean();
        var change = Changes.active(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .of(present())
                .license(licenseId)
                .issuer("Issuer " + random.nextInt(3))
                .state(removed ? LicenseState.REMOVED : LicenseState.ACTIVE)
                .change();
        licenses.put(change.licenseId(), change);
        events.add(new Told(change));
    }

    void changeId() {
        if (ids.size() < MOST_IDS) {
            pass();
            var successor = newId();
            events.add(new Renamed(present(), successor));
            ids.add(successor);
        }
    }

    /** What it answers when it is asked for all licenses that the person has now. */
    ShownLicenses fullAnswer() {
        var shown = licenses.values().stream()
                .filter(license -> license.state().held())
                .map(license -> new LicenseChange(
                        present(),
                        license.licenseId(),
                        LicenseState.SHOWN_ACTIVE,
                        license.issuer(),
                        license.issueDate(),
                        license.expirationDate(),
                        license.updatedAt()))
                .toList();
        return new ShownLicenses(shown, true);
    }

    /** The truth: who issued what the person holds. */
    Map<LicenseId, String> held() {
        return fullAnswer().licenses().stream()
                .collect(Collectors.toMap(LicenseChange::licenseId, LicenseChange::issuer));
    }

    Set<UssfId> formerIds() {
        return Set.copyOf(ids.subList(0, ids.size() - 1));
    }

    private void pass() {
        now = now.plus(leastStep).plusMillis(random.nextInt(700));
    }

    private UssfId newId() {
        return new UssfId(String.format(Locale.ROOT, "%016d", random.nextLong(10_000_000_000_000_000L)));
    }
}
