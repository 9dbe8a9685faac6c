package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.InvalidValueException;

/** Design rule 1: a revision is a total order over changes. */
class RevisionTest {
    @Test
    @Tag("rule-1")
    void laterChangeIsHigherWhateverItsState() {
        assertAscending(
                active("2026-03-01T12:00:00Z"),
                removed("2026-03-01T12:00:00Z"),
                active("2026-03-01T12:00:00.000000001Z"),
                removed("2026-03-01T12:00:00.5Z"),
                active("2026-03-01T12:00:01Z"),
                active("2027-01-01T00:00:00Z"));
    }

    @Test
    @Tag("rule-1")
    void atOneInstantActiveIsBelowRemovedIsBelowShownActive() {
        var active = active("2026-03-01T12:00:00Z");

        assertAscending(active, active.state(LicenseState.REMOVED), active.state(LicenseState.SHOWN_ACTIVE));
    }

    @Test
    @Tag("rule-1")
    void stateCountsBeforeContent() {
        var some = active("2026-03-01T12:00:00Z");
        var other = some.issuer("Another association");

        assertTrue(revision(some).compareTo(revision(other.state(LicenseState.REMOVED))) < 0);
        assertTrue(revision(other).compareTo(revision(some.state(LicenseState.REMOVED))) < 0);
    }

    @Test
    @Tag("rule-1")
    void eachPartOfTheContentMakesAnotherRevision() {
        var change = active("2026-03-01T12:00:00Z");
        var revisions = List.of(
                revision(change),
                revision(change.issuer("Another association")),
                revision(change.issuer(null)),
                revision(change.issueDate(LocalDate.of(2026, 1, 11))),
                revision(change.issueDate(null)),
                revision(change.expirationDate(LocalDate.of(2027, 12, 31))),
                revision(change.expirationDate(null)),
                // The same days, each in the other's place.
                revision(change.issueDate(LocalDate.of(2026, 12, 31)).expirationDate(LocalDate.of(2026, 1, 10))));

        assertEquals(revisions.size(), revisions.stream().distinct().count());
    }

    @Test
    @Tag("rule-1")
    void sameContentIsTheSameRevisionUnderAnotherUssfId() {
        var change = active("2026-03-01T12:00:00Z");

        assertEquals(revision(change), revision(change.of(new UssfId("2020000004152809"))));
        assertNotEquals(revision(change), revision(change.issuer("Another association")));
    }

    @Test
    void keepsTheInstantToTheNanosecond() {
        var updatedAt = Instant.parse("2026-03-01T12:00:00.123456789Z");

        assertEquals(updatedAt, revision(active(updatedAt.toString())).updatedAt());
        assertEquals(
                "2026-03-01T12:00:00.123456789Z/0/",
                revision(active(updatedAt.toString())).text().substring(0, 33));
    }

    @Test
    void refusesWhatWouldNotSort() {
        assertThrows(InvalidValueException.class, () -> revision(active("+12026-03-01T12:00:00Z")));
        assertThrows(InvalidValueException.class, () -> new Revision("2026-03-01T12:00:00Z/0/x"));
    }

    private static Revision revision(Changes change) {
        return change.change().revision();
    }

    private static void assertAscending(Changes... changes) {
        for (var i = 1; i < changes.length; i++) {
            assertTrue(revision(changes[i - 1]).compareTo(revision(changes[i])) < 0, "at " + i);
        }
    }
}
