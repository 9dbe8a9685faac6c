package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Meanwhile;
import org.touchline.TestStack;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.ProfileStore.Marked;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Design rule 5, as far as it is about the person rather than the licenses. */
class ProfileStoreTest {
    private static final UssfId A = new UssfId("0000000000000001");
    private static final UssfId B = new UssfId("0000000000000002");
    private static final UssfId C = new UssfId("0000000000000003");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final GrassrootsCertificate CERTIFICATE = new GrassrootsCertificate(true, LocalDate.of(2020, 5, 5));

    private final Meanwhile meanwhile = new Meanwhile();
    private TestStack stack;
    private ProfileStore profiles;
    /** Of another process, between whose requests the first one does something. */
    private ProfileStore interrupted;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        interrupted = new ProfileStore(meanwhile.client(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        if (stack != null) {
            stack.close();
        }
    }

    /** Rule 27: a refresh that fails again and again hides nobody, and neither does one that never came. */
    @Test
    void oldestRefreshIsThatOfWhoeverIsSubscribed() {
        assertTrue(profiles.oldestRefresh().isEmpty());
        profiles.subscribed(A, NOON.minusSeconds(500));
        answered(A, NOON);
        assertEquals(NOON, profiles.oldestRefresh().orElseThrow());

        profiles.refreshTried(A, NOON.plusSeconds(500));
        profiles.subscribed(B, NOON.plusSeconds(100));
        answered(C, NOON.minusSeconds(900));
        assertEquals(NOON, profiles.oldestRefresh().orElseThrow());

        answered(A, NOON.plusSeconds(700));
        assertEquals(NOON.plusSeconds(100), profiles.oldestRefresh().orElseThrow());
    }

    private void answered(UssfId ussfId, Instant at) {
        stack.dynamoDb().transactWriteItems(request -> request.transactItems(profiles.storingAnswer(ussfId, at)));
    }

    @Test
    void answerIsNewsOnceAndAnEarlierOneNever() {
        assertTrue(profiles.refereeExperience(A, 7, NOON));
        assertFalse(profiles.refereeExperience(A, 7, NOON.plusSeconds(1)));
        assertFalse(profiles.refereeExperience(A, 6, NOON));
        assertTrue(profiles.grassrootsCertificate(A, CERTIFICATE, NOON));
        assertFalse(profiles.grassrootsCertificate(A, CERTIFICATE, NOON.plusSeconds(1)));
        assertTrue(profiles.grassrootsCertificate(A, new GrassrootsCertificate(false, null), NOON.plusSeconds(2)));

        var profile = profile(A);
        assertEquals(7, profile.refereeExperience());
        assertEquals(new GrassrootsCertificate(false, null), profile.grassrootsCertificate());
    }

    @Test
    void experienceAndCertificateGoAlongAndTheSubscriptionDoesNot() {
        profiles.subscribed(A, NOON);
        profiles.refereeExperience(A, 7, NOON);
        profiles.grassrootsCertificate(A, CERTIFICATE, NOON);

        profiles.markMoved(A, B);

        assertFalse(profile(A).subscribed());
        assertFalse(profile(B).subscribed());
        assertEquals(7, profile(B).refereeExperience());
        assertEquals(CERTIFICATE, profile(B).grassrootsCertificate());
    }

    @Test
    void laterAnswerOfThePresentIdStaysWhenAnEarlierOneGoesAlong() {
        profiles.refereeExperience(A, 7, NOON);
        profiles.refereeExperience(B, 8, NOON.plusSeconds(1));

        profiles.markMoved(A, B);

        assertEquals(8, profile(B).refereeExperience());
    }

    @Test
    void answerUnderAFormerIdIsOneOfThePresentId() {
        profiles.markMoved(A, B);
        profiles.markMoved(B, C);

        assertTrue(profiles.refereeExperience(A, 7, NOON));
        assertFalse(profiles.refereeExperience(A, 7, NOON));

        assertEquals(7, profile(C).refereeExperience());
    }

    @Test
    void moveThatCommitsBeforeAnAnswerIsStoredIsSeenByItsLook() {
        meanwhile.before(UpdateItemRequest.class, () -> profiles.markMoved(A, B));

        assertTrue(interrupted.refereeExperience(A, 7, NOON));

        assertTrue(meanwhile.happened());
        assertEquals(7, profile(B).refereeExperience());
    }

    /** DynamoDB cancels one of two transactions on one item, and does not try it again; DynamoDB Local never does that. */
    @Test
    void transactionThatMeetsAnotherIsTriedAgain() {
        meanwhile.before(TransactWriteItemsRequest.class, ProfileStoreTest::conflict);

        assertEquals(Marked.MOVED, interrupted.markMoved(A, B));

        assertTrue(meanwhile.happened());
        assertEquals(B, profiles.present(A));
    }

    /** Every retry has a count. */
    @Test
    void transactionThatMeetsOthersForEverIsGivenUp() {
        Collections.nCopies(100, TransactWriteItemsRequest.class)
                .forEach(request -> meanwhile.before(request, ProfileStoreTest::conflict));

        assertThrows(TransactionConflictException.class, () -> interrupted.markMoved(A, B));

        assertFalse(meanwhile.happened());
        assertEquals(A, profiles.present(A));
    }

    @Test
    void onlyWhoIsSubscribedAndHasNotMovedHasATurn() {
        profiles.subscribed(A, NOON);
        profiles.subscribed(B, NOON);
        profiles.subscribed(C, NOON);
        profiles.unsubscribed(C);
        profiles.markMoved(A, B);
        // A writer that did not know of the move.
        profiles.subscribed(A, NOON);

        assertEquals(List.of(B), profiles.leastRecentlyRefreshed(Set.of()));
    }

    private Person.Profile profile(UssfId ussfId) {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .person(ussfId)
                .map(Person::profile)
                .orElse(Person.Profile.EMPTY);
    }

    private static void conflict() {
        throw TransactionCanceledException.builder()
                .message("TransactionConflict")
                .build();
    }
}
