package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.enrollment.EnrolledStack.LICENSES;
import static org.touchline.enrollment.EnrolledStack.SUBSCRIBE;
import static org.touchline.enrollment.EnrolledStack.TIM;
import static org.touchline.enrollment.EnrolledStack.USERS;
import static org.touchline.enrollment.EnrolledStack.VIDAR;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;

/** Design §5 from look-up to outcome, against the simulator over real HTTP. The member is Tim Smith unless fields say otherwise. */
class EnrollmentTest {
    private static final String OTHER_EMAIL = "\"email\":\"tim@example.org\"";
    private static final String SOMEBODY = "3000000000000001";
    private static final String NEW_ID = "3000000000000009";
    private static final String TIMS_ID = "\"ussfId\":\"" + TIM + "\"";

    private EnrolledStack stack;

    @BeforeEach
    void createStack() {
        stack = new EnrolledStack();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void memberIsFoundWithEverythingKnownSubscribedToAndTheirLicensesStored() {
        var enrollment = stack.enroll("A1", "");

        stack.assertEnrolled(TIM, "A1");
        assertEquals(5, stack.licensesOf(TIM));
        assertEquals(stack.stack.connected.now(), enrollment.checkedAt());
        assertEquals(1, stack.simulator.calls(USERS));
        assertEquals(Map.of(), stack.owed());
    }

    /** The other way round, a change in between would be lost. */
    @Test
    void subscriptionComesBeforeTheFullAnswerAndTheConfirmationIsNone() {
        stack.put("A1", TIMS_ID);
        stack.simulator.addFault(Fault.answer(400).on("POST", "/users"));

        stack.work();

        // The confirmation alone was answered: nothing is stored of it.
        assertEquals(1, stack.simulator.calls(LICENSES));
        assertEquals(0, stack.licensesOf(TIM));

        stack.pass(Duration.ofMinutes(1));
        stack.work();
        stack.assertEnrolled(TIM, "A1");
    }

    @Test
    void experienceAndCertificateAreAskedForWhereTheOrganizationWantsThem() {
        stack.enroll(
                "A1",
                "\"email\":\"" + VIDAR + "@test.com\",\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1999-01-01\"");

        var profile =
                stack.stack.licenses.person(new UssfId(VIDAR)).orElseThrow().profile();
        assertEquals(6, profile.refereeExperience());
        assertTrue(Objects.requireNonNull(profile.grassrootsCertificate()).hasCertificate());
    }

    @Test
    void emailAloneIsTriedNextAndTheBirthDateConfirmsIt() {
        stack.enroll("A1", "\"firstName\":\"Timothy\"");

        stack.assertEnrolled(TIM, "A1");
        assertEquals(2, stack.simulator.calls(USERS));
    }

    @Test
    void namesAndBirthDateAreTriedLast() {
        stack.enroll("A1", OTHER_EMAIL);

        stack.assertEnrolled(TIM, "A1");
        assertEquals(3, stack.simulator.calls(USERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Smith, Jr.", "Smith III"})
    void suffixIsLeftOutAtLast(String lastName) {
        stack.enroll("A1", OTHER_EMAIL + ",\"lastName\":\"" + lastName + "\"");

        stack.assertEnrolled(TIM, "A1");
        assertEquals(4, stack.simulator.calls(USERS));
    }

    @Test
    void suffixThatTheLearningCenterKnowsIsNotLeftOut() {
        stack.person(SOMEBODY, "Tim", "Smith Jr", "junior@example.org", "1973-11-05");

        stack.enroll("A1", OTHER_EMAIL + ",\"lastName\":\"Smith Jr\"");

        stack.assertEnrolled(SOMEBODY, "A1");
    }

    /** Families share addresses. */
    @Test
    void childWithTheAddressOfAParentIsFoundByNameAndBirthDate() {
        stack.person(SOMEBODY, "Kim", "Smith", "kim@example.org", "2012-02-29");

        stack.enroll("A1", "\"firstName\":\"Kim\",\"dateOfBirth\":\"2012-02-29\"");

        stack.assertEnrolled(SOMEBODY, "A1");
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @Test
    void childWithTheAddressOfAParentWhomNobodyKnowsIsAMismatch() {
        var enrollment = stack.enroll("A1", "\"firstName\":\"Kim\",\"dateOfBirth\":\"2012-02-29\"");

        assertOutcome(Status.DOB_MISMATCH, "exact e-mail address of their own profile", enrollment);
        assertNull(enrollment.ussfId());
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @Test
    void whomNobodyKnowsIsNoMatch() {
        var enrollment = stack.enroll("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"");

        assertOutcome(Status.NO_MATCH, "ask the member for the exact e-mail address", enrollment);
        assertEquals(Map.of("enroll-again#A1", 24L * 60), stack.owed());
        assertEquals(0, stack.simulator.calls(LICENSES));
    }

    @Test
    void severalOfOneNameAndBirthDateAreMultipleMatches() {
        stack.person(SOMEBODY, "Tim", "Smith", "another@example.org", "1973-11-05");

        var enrollment = stack.enroll("A1", OTHER_EMAIL);

        assertOutcome(Status.MULTIPLE_MATCHES, "ask the member for the exact e-mail address", enrollment);
        assertEquals(List.of("enroll-again#A1"), List.copyOf(stack.owed().keySet()));
    }

    /** Nothing is looked up where an id is given. */
    @Test
    void givenIdIsConfirmedByTheBirthDate() {
        stack.enroll("A1", TIMS_ID + "," + OTHER_EMAIL + ",\"firstName\":\"Timothy\"");

        stack.assertEnrolled(TIM, "A1");
        assertEquals(0, stack.simulator.calls(USERS));
    }

    @Test
    void givenIdOfSomebodyElseIsAMismatchAndItsLicensesAreNotTheMembers() {
        stack.enroll("A1", "\"ussfId\":\"" + VIDAR + "\"");

        var enrollment = stack.enrollment("A1");
        assertOutcome(Status.DOB_MISMATCH, "check both with the member", enrollment);
        assertEquals(new UssfId(VIDAR), enrollment.ussfId());
        assertNull(enrollment.heldUssfId());
        assertFalse(stack.stack.members.isHeld(new UssfId(VIDAR)));
        assertEquals(List.of(), stack.stack.members.birthDatesOf(new UssfId(VIDAR)));
        assertFalse(stack.simulator.isSubscribed(VIDAR));
        assertEquals(0, stack.simulator.calls(USERS));
    }

    /** Rule 18: never replaced by a look-up, although e-mail and names would be found. */
    @Test
    void givenIdThatDoesNotExistIsFailedAndHoldsNothing() {
        var soFar = stack.enroll("A1", "\"ussfId\":\"" + SOMEBODY + "\"");
        assertOutcome(Status.PENDING, "does not know the USSF-ID so far", soFar);
        assertEquals(stack.stack.connected.now(), soFar.checkedAt());

        passAndWork(24);

        var enrollment = stack.enrollment("A1");
        assertOutcome(Status.FAILED, "does not know this USSF-ID", enrollment);
        assertNull(enrollment.heldUssfId());
        assertEquals(
                new UssfId(SOMEBODY),
                stack.put("A1", "\"ussfId\":\"" + SOMEBODY + "\"").member().ussfId());
        assertEquals(0, stack.simulator.calls(USERS));
    }

    /** Rule 18. */
    @Test
    void givenIdThatHasMovedIsFollowedAndTheMoveRecorded() {
        stack.simulator.changeSilently().ussfId(TIM, SOMEBODY);
        stack.simulator.changeSilently().ussfId(SOMEBODY, NEW_ID);

        stack.enroll("A1", TIMS_ID);

        stack.assertEnrolled(NEW_ID, "A1");
        assertEquals(new UssfId(NEW_ID), stack.stack.profiles.present(new UssfId(TIM)));
        assertEquals(0, stack.licensesOf(TIM));
        assertFalse(stack.owed().containsKey("unsubscribe#" + NEW_ID));
    }

    @Test
    void idThatMovesBetweenConfirmationAndSubscriptionIsFollowed() {
        stack.put("A1", "");
        stack.simulator.addFault(movedTo(NEW_ID).on("POST", "/users"));
        stack.person(NEW_ID, "Tim", "Smith", "new@example.org", "1973-11-05");

        stack.work();

        stack.assertEnrolled(NEW_ID, "A1");
        assertTrue(stack.simulator.isSubscribed(NEW_ID));
    }

    /** An outage is no outcome. */
    @ParameterizedTest
    @CsvSource({
        "GET,/users",
        "GET,/users/{ussf_id}/user-licenses",
        "POST,/users",
        "GET,/users/{ussf_id}/referee-experience"
    })
    void outageLeavesTheMemberPendingAndIsTriedAgain(String method, String path) {
        stack.simulator.addFault(Fault.answer(503).on(method, path).times(4));
        assertEquals(Status.PENDING, stack.enroll("A1", "").status());
        assertTrue(stack.owed().containsKey("enroll#A1"));

        stack.pass(Duration.ofMinutes(1));
        stack.work();

        stack.assertEnrolled(TIM, "A1");
        assertEquals(Map.of(), stack.owed());
    }

    /** Design rule 24: whoever is no referee is enrolled like anybody else. */
    @Test
    @Tag("rule-24")
    void refusedExperienceAndCertificateDoNotKeepAMemberFromBeingEnrolled() {
        for (var path : List.of("referee-experience", "grassroots-referee-certificate")) {
            stack.simulator.addFault(Fault.answer(404, Map.of(), "{\"message\":\"ussf_id does not exist\"}")
                    .on("GET", "/users/{ussf_id}/" + path)
                    .times(100));
        }

        stack.enroll("A1", "");

        stack.assertEnrolled(TIM, "A1");
        assertEquals(5, stack.licensesOf(TIM));
        assertEquals(Map.of(), stack.owed());
    }

    /** Wire contract §2: from the third on, by call and status, never by what the Learning Center says. */
    @ParameterizedTest
    @CsvSource({
        "GET,/users,404",
        "GET,/users/{ussf_id}/user-licenses,404",
        "GET,/users/{ussf_id}/user-licenses,400",
        "POST,/users/{ussf_id}/subscriptions,404",
        "POST,/users/{ussf_id}/subscriptions,403"
    })
    void memberWhoseEnrollmentIsRefusedStaysPendingAndSaysWhyFromTheThirdRefusalOn(
            String method, String path, int status) {
        stack.simulator.addFault(Fault.answer(status, Map.of(), "{\"message\":\"no, Tim Smith\"}")
                .on(method, path)
                .times(100));
        stack.put("A1", "");

        for (var refusal = 1; refusal <= 8; refusal++) {
            stack.work();
            var enrollment = stack.enrollment("A1");
            assertEquals(Status.PENDING, enrollment.status());
            assertEquals(
                    refusal >= 3,
                    enrollment.detail().contains("(" + method + " " + path + " was refused with " + status + ")"),
                    enrollment.detail());
            assertFalse(enrollment.detail().contains("Tim"), enrollment.detail());
            assertTrue(stack.owed().containsKey("enroll#A1"));
            stack.pass(Duration.ofHours(6));
        }

        stack.simulator.clearFaults();
        stack.work();
        stack.assertEnrolled(TIM, "A1");
    }

    @Test
    void memberWhoIsPendingBecauseNobodyAnswersSaysSoAndWhenItIsTriedAgain() {
        stack.simulator.addFault(Fault.answer(503).on("GET", "/users").times(4));

        var enrollment = stack.enroll("A1", "");

        assertOutcome(Status.PENDING, "the Learning Center does not answer", enrollment);
        var dueAt = stack.stack.followUps.find("enroll#A1").orElseThrow().dueAt();
        assertOutcome(Status.PENDING, "from " + dueAt.truncatedTo(ChronoUnit.SECONDS) + " on", enrollment);
        stack.pass(Duration.ofMinutes(1));
        stack.work();
        stack.assertEnrolled(TIM, "A1");
    }

    /** Rule 10: then it is that which everybody waits for. */
    @Test
    void memberWhoWaitsForTheLearningCentersOwnPauseSaysUntilWhen() {
        stack.simulator.addFault(
                Fault.retryAfter(429, Duration.ofHours(2)).on("GET", "/users").times(4));

        var enrollment = stack.enroll("A1", "");

        var until = stack.stack.connected.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
        assertOutcome(Status.PENDING, "from " + until + " on", enrollment);
    }

    /** An execution whose lease has ended may be the last to know. */
    @Test
    void memberWhoIsEnrolledMeanwhileIsNotPendingAgain() {
        stack.enroll("A1", "");
        stack.simulator.addFault(Fault.answer(503).on("GET", "/users").times(9));
        var late = stack.another();
        var wish = new Enroll(MemberIdentifier.parse("A1"));
        var unanswered = assertThrows(
                LearningCenterUnavailableException.class, () -> late.carryOut(wish, stack.stack.connected.soon()));

        late.postponed(wish, unanswered, 1, stack.stack.connected.now());

        stack.assertEnrolled(TIM, "A1");
    }

    @Test
    @Tag("rule-26")
    void idThatTheLearningCenterNamesAndDoesNotKnowIsTriedSeveralTimesBeforeItIsFailed() {
        stack.simulator.addFault(Fault.answer(
                        404, Map.of("Content-Type", "application/json"), "{\"message\":\"ussf_id does not exist\"}")
                .on("GET", "/users/{ussf_id}/user-licenses")
                .times(10));
        assertEquals(Status.PENDING, stack.enroll("A1", "").status());
        passAndWork(5);
        assertEquals(Status.PENDING, stack.enrollment("A1").status());

        passAndWork(20);

        assertOutcome(Status.FAILED, "ask U.S. Soccer", stack.enrollment("A1"));
        stack.simulator.clearFaults();
        stack.pass(Duration.ofDays(1));
        stack.work();
        stack.assertEnrolled(TIM, "A1");
        assertEquals(Map.of(), stack.owed());
    }

    /** Rule 26. */
    @Test
    @Tag("rule-26")
    void whoHasFailedIsTriedAgainEverMoreSeldomAndEnrolledOnceKnown() {
        stack.enroll("A1", "");
        stack.simulator.addFault(unknown().on("POST", "/users").times(1_000));
        stack.simulator.addFault(
                unknown().on("GET", "/users/{ussf_id}/user-licenses").times(1_000));
        stack.stack.followUps.ask(new Subscribe(new UssfId(TIM)));
        while (stack.enrollment("A1").status() != Status.FAILED) {
            passAndWork(1);
        }
        assertEquals(5, stack.licensesOf(TIM), "they stay");

        var days = new ArrayList<Long>();
        for (var quarter = 0; quarter < 4 * 22; quarter++) {
            var before = Objects.requireNonNull(stack.enrollment("A1").checkedAt());
            stack.pass(Duration.ofHours(6));
            stack.work();
            if (!before.equals(stack.enrollment("A1").checkedAt())) {
                days.add(Duration.between(before, stack.stack.connected.now()).toDays());
            }
        }
        assertEquals(List.of(1L, 2L, 4L, 7L, 7L), days);
        assertEquals(new UssfId(TIM), stack.enrollment("A1").heldUssfId());

        stack.simulator.clearFaults();
        stack.pass(Duration.ofDays(7));
        stack.work();
        stack.assertEnrolled(TIM, "A1");
        assertEquals(Map.of(), stack.owed());
    }

    /** Rule 26: it counts since when the member is tried in vain, not since an id was found last. */
    @Test
    void idThatIsFoundAgainAndAgainAndNeverSubscribedToIsTriedEverMoreSeldom() {
        stack.simulator.addFault(unknown().on("POST", "/users").times(1_000));
        stack.enroll("A1", "");
        passAndWork(24);
        assertEquals(Status.FAILED, stack.enrollment("A1").status());

        var before = stack.simulator.calls(SUBSCRIBE);
        for (var quarter = 0; quarter < 4 * 21; quarter++) {
            stack.pass(Duration.ofHours(6));
            stack.work();
        }

        // Four times each, after about 1, 3, 7, 14 and 21 days: not each day or two.
        var series = (stack.simulator.calls(SUBSCRIBE) - before) / 4;
        assertTrue(series >= 3 && series <= 5, "series: " + series);
    }

    /** Rule 26: whatever succeeds for the person. */
    @Test
    @Tag("rule-26")
    void whoeverHadFailedIsEnrolledAgainWhenAnotherWithTheirIdIs() {
        stack.enroll("A1", "");
        stack.stack.members.failUssfId(new UssfId(TIM), stack.stack.connected.now());
        assertEquals(Status.FAILED, stack.enrollment("A1").status());

        stack.enroll("A2", TIMS_ID);

        stack.assertEnrolled(TIM, "A2");
        stack.assertEnrolled(TIM, "A1");
    }

    /** Rule 26: a subscription alone is not enough. */
    @Test
    @Tag("rule-26")
    void whoeverHadFailedIsNotEnrolledAgainBeforeAFullAnswer() {
        stack.enroll("A1", "");
        stack.stack.members.failUssfId(new UssfId(TIM), stack.stack.connected.now());
        stack.simulator.addFault(Fault.answer(400).on("GET", "/users/{ussf_id}/user-licenses"));
        stack.stack.followUps.ask(new Subscribe(new UssfId(TIM)));

        stack.work();
        assertEquals(Status.FAILED, stack.enrollment("A1").status());

        stack.pass(Duration.ofMinutes(1));
        stack.work();
        stack.assertEnrolled(TIM, "A1");
    }

    /** Rule 26: also where it is found for the first time when the member is tried again. */
    @Test
    @Tag("rule-26")
    void idThatIsFoundLaterAndIsNotKnownIsTriedSeveralTimesBeforeItIsFailed() {
        stack.enroll("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"");
        stack.person(SOMEBODY, "Timothy", "Smith", "tim@example.org", "1973-11-05");
        stack.simulator.addFault(
                unknown().on("GET", "/users/{ussf_id}/user-licenses").times(1_000));

        stack.pass(Duration.ofDays(1));
        stack.work();
        passAndWork(5);
        assertEquals(Status.NO_MATCH, stack.enrollment("A1").status());
        passAndWork(20);

        assertOutcome(Status.FAILED, "ask U.S. Soccer", stack.enrollment("A1"));
    }

    /** Rule 18: what it said of the person stays, though they are found by their details no longer. */
    @Test
    void whoHasFailedKeepsTheirIdUntilAnotherIsFound() {
        stack.enroll("A1", "");
        stack.stack.members.failUssfId(new UssfId(TIM), stack.stack.connected.now());
        stack.stack.followUps.ask(new EnrollAgain(MemberIdentifier.parse("A1")));
        stack.simulator.addFault(unknown().on("GET", "/users/{ussf_id}/user-licenses"));
        stack.simulator.addFault(Fault.answer(200, Map.of(), "{\"result\":\"no_match\"}")
                .on("GET", "/users")
                .times(3));

        assertEquals(1, stack.work().done());

        var enrollment = stack.enrollment("A1");
        assertOutcome(Status.FAILED, "does not know this USSF-ID", enrollment);
        assertEquals(new UssfId(TIM), enrollment.heldUssfId());
        assertEquals(Map.of("enroll-again#A1", 24L * 60), stack.owed());
    }

    /** Nobody wants it any more, however long it was still to be asked for. */
    @Test
    void subscriptionThatIsStillAskedForWhenTheMemberIsTakenOutIsNot() {
        stack.enroll("A1", "");
        stack.simulator.addFault(unknown().on("POST", "/users"));
        stack.stack.followUps.ask(new Subscribe(new UssfId(TIM)));
        stack.work();

        stack.delete("A1");
        passAndWork(24);

        assertFalse(stack.simulator.isSubscribed(TIM));
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void whoDidNotMatchIsTriedAgainEverMoreSeldomUntilFound() {
        stack.enroll("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"");

        var waits = new ArrayList<Long>();
        for (var i = 0; i < 5; i++) {
            var wait = stack.owed().get("enroll-again#A1");
            waits.add(wait / 60 / 24);
            stack.pass(Duration.ofMinutes(wait - 1));
            assertEquals(0, stack.work().done());
            stack.pass(Duration.ofMinutes(1));
            assertEquals(1, stack.work().done());
        }
        assertEquals(List.of(1L, 2L, 4L, 7L, 7L), waits);

        stack.person(SOMEBODY, "Timothy", "Smith", "tim@example.org", "1973-11-05");
        stack.pass(Duration.ofDays(7));
        stack.work();

        stack.assertEnrolled(SOMEBODY, "A1");
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void samePutAgainTriesWhoDidNotMatchAtOnceAndChangesNothingElse() {
        var before = stack.enroll("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"");

        assertEquals(
                before,
                stack.put("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"").enrollment());
        assertTrue(stack.owed().containsKey("enroll#A1"));
        stack.person(SOMEBODY, "Timothy", "Smith", "tim@example.org", "1973-11-05");
        stack.work();

        stack.assertEnrolled(SOMEBODY, "A1");
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void detailsThatAreLookedUpEnrollAnewAndOthersDoNot() {
        stack.enroll("A1", "");

        stack.put("A1", "\"city\":\"Reno\",\"active\":false,\"expiresOn\":\"2026-01-01\"");
        assertEquals(Map.of(), stack.owed());
        stack.assertEnrolled(TIM, "A1");

        stack.put("A1", "\"firstName\":\"Timothy\"");
        assertEquals(Map.of("enroll#A1", 0L), stack.owed());
        stack.work();
        stack.assertEnrolled(TIM, "A1");
    }

    /** The newer wish decides. */
    @Test
    void memberWhoChangesWhileBeingLookedUpIsNotGivenTheOutcomeOfTheirFormerDetails() {
        stack.put("A1", "");
        var raced = new Interrupted("TransactWriteItems", "PutItem");
        raced.once(() -> stack.put("A1", "\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1999-01-01\""));

        stack.work(raced.client(stack.stack.dynamoDb()));
        stack.work();

        stack.assertEnrolled(VIDAR, "A1");
        assertFalse(stack.simulator.isSubscribed(TIM));
        assertEquals(1, stack.simulator.calls(SUBSCRIBE));
    }

    @Test
    void detailThatIsNotLookedUpAndChangesMeanwhileIsKept() {
        stack.put("A1", "");
        var raced = new Interrupted("PutItem");
        raced.once(() -> stack.put("A1", "\"city\":\"Reno\""));

        stack.work(raced.client(stack.stack.dynamoDb()));

        stack.assertEnrolled(TIM, "A1");
        assertEquals(
                Map.of("city", "Reno"),
                stack.stack
                        .members
                        .find(MemberIdentifier.parse("A1"))
                        .orElseThrow()
                        .member()
                        .optionalFields());
    }

    @Test
    void memberWhoIsTakenOutBeforeTheyAreEnrolledIsNotSubscribedTo() {
        stack.put("A1", "");
        stack.delete("A1");

        stack.work();

        assertEquals(0, stack.simulator.calls(USERS));
        assertEquals(0, stack.simulator.calls(SUBSCRIBE));
        assertEquals(Map.of(), stack.owed());
    }

    /** Rule 21: a reason may be read by many. */
    @Test
    @Tag("rule-21")
    void reasonsHoldNothingThatWasSent() {
        var enrollment = stack.enroll("A1", OTHER_EMAIL + ",\"firstName\":\"Timothy\"");

        assertFalse(enrollment.detail().contains("Timothy"));
        assertFalse(enrollment.detail().contains("tim@"));
    }

    /** So many hours, and what is due is done in each. */
    private void passAndWork(int hours) {
        for (var hour = 0; hour < hours; hour++) {
            stack.pass(Duration.ofHours(1));
            stack.work();
        }
    }

    private static Fault unknown() {
        return Fault.answer(
                404, Map.of("Content-Type", "application/json"), "{\"message\":\"ussf_id does not exist\"}");
    }

    private static Fault movedTo(String ussfId) {
        return Fault.answer(
                410,
                Map.of("Content-Type", "application/json"),
                "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"" + ussfId + "\"}");
    }

    private static void assertOutcome(Status status, String advice, Enrollment enrollment) {
        assertEquals(status, enrollment.status(), enrollment.detail());
        assertTrue(enrollment.detail().contains(advice), enrollment.detail());
    }
}
