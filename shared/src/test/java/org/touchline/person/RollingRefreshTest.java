package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Intercepted;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Worker;
import org.touchline.followup.FollowUpStack;
import org.touchline.license.Changes;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.Members;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.person.RollingRefresh.Result;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Design §5, the rolling refresh, and its place in design rules 10 and 18. */
class RollingRefreshTest {
    private static final Extras LICENSES_ONLY = new Extras(false, false);
    private static final String LICENSES = "GET /users/{ussf_id}/user-licenses";

    private static final Fault UNKNOWN =
            Fault.answer(404, Map.of("Content-Type", "application/json"), "{\"message\":\"ussf_id does not exist\"}");

    private FollowUpStack stack;

    @BeforeEach
    void createStack() {
        stack = new FollowUpStack();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Nothing else repairs a lost user-update webhook. */
    @Test
    void refreshRepairsWhatWebhooksLost() {
        var person = subscribed(1);
        assertEquals(new Result(1, 1, 0, 0), share(1));
        stack.connected.simulator.changeSilently().refereeExperience(person.value(), 8);
        stack.connected.simulator.changeSilently().license(person.value(), "referee_8");
        advance(Duration.ofDays(1));

        assertEquals(new Result(1, 1, 0, 0), share(1));

        assertEquals(8, stack.experience(person));
        assertEquals(1, stack.licenses.person(person).orElseThrow().licenses().size());
        advance(Duration.ofDays(1));
        assertEquals(new Result(1, 0, 0, 0), share(1));
    }

    @Test
    void everybodyHasTheirTurnInSoManyDays() {
        IntStream.rangeClosed(1, 7).forEach(this::subscribed);

        for (var expected : List.of(3, 6, 7)) {
            share(3);
            advance(Duration.ofDays(1));
            var refreshed = IntStream.rangeClosed(1, 7)
                    .filter(person -> stack.experience(FollowUpStack.id(person)) != null)
                    .count();
            assertEquals(expected.longValue(), refreshed);
        }
    }

    @Test
    void longestNotRefreshedAreFirst() {
        IntStream.rangeClosed(1, 3).forEach(this::subscribed);
        one(1);
        advance(Duration.ofSeconds(1));
        one(3);
        advance(Duration.ofSeconds(1));

        assertEquals(ids(2, 1, 3), leastRecentlyRefreshed());
    }

    @Test
    void onlyPeopleOfWhomWeAreToldAndWhoHaveNotMovedHaveATurn() {
        subscribed(1);
        stack.profiles.refereeExperience(stack.person(2, 2), 2, now());
        subscribed(3);
        stack.moves(stack.dynamoDb()).recordAndMove(FollowUpStack.id(3), FollowUpStack.id(4));

        assertEquals(ids(1), leastRecentlyRefreshed());
    }

    /** Rule 25: of 40 people two may have lost everything, and not three. */
    @Test
    @Tag("long")
    @Tag("rule-25")
    void shareInWhichTooManyLoseEverythingStopsItself() {
        IntStream.rangeClosed(1, 40).forEach(this::subscribedWithLicense);
        assertEquals(new Result(40, 40, 0, 0), share(LICENSES_ONLY));
        advance(Duration.ofDays(1));
        empty(1);

        assertEquals(new Result(40, 1, 0, 0), share(LICENSES_ONLY));

        advance(Duration.ofDays(1));
        empty(3);
        empty(21);
        assertEquals(new Result(21, 2, 0, 0, true, 0), share(LICENSES_ONLY));
        assertTrue(refresh(LICENSES_ONLY).resume(1, soon()).isEmpty(), "what stopped itself does not go on by itself");
        // The others keep what they have, and are first tomorrow.
        assertEquals(
                37,
                IntStream.rangeClosed(1, 40)
                        .filter(person -> !Changes.held(stack.licenses, FollowUpStack.id(person))
                                .isEmpty())
                        .count());
        assertEquals(FollowUpStack.id(22), leastRecentlyRefreshed().getFirst());
    }

    private void subscribedWithLicense(int number) {
        stack.connected.simulator.changeSilently().license(subscribed(number).value(), "referee_8");
        // Each later than the one before, so that they have their turns in this order.
        stack.profiles.refreshTried(FollowUpStack.id(number), now().minusSeconds(1000 - number));
    }

    private void empty(int person) {
        stack.connected
                .simulator
                .changeSilently()
                .removeLicense(FollowUpStack.id(person).value(), "referee_8");
    }

    @Test
    void whoCouldNotBeAskedWaitsForTheOthers() {
        IntStream.rangeClosed(1, 3).forEach(this::subscribed);
        fail(1, Fault.answer(400));

        assertEquals(new Result(0, 0, 1, 0), share(3));
        advance(Duration.ofSeconds(1));

        assertEquals(ids(2, 3, 1), leastRecentlyRefreshed());
        assertEquals(
                "refresh of 0000000000000001 failed: GET /users/{ussf_id}/user-licenses was refused with 400",
                stack.journal.getLast());
    }

    /** Rule 26: one "unknown" may be a mistake of the Learning Center, which is asked again before anybody fails. */
    @Test
    void oneUnknownAnswerFailsNobodyAndIsAskedAboutAgain() {
        var person = subscribed(1);
        stack.enrolled("M-1", person);
        failOnce(1, UNKNOWN);

        assertEquals(new Result(0, 0, 1, 0), share(1));

        assertEquals(Status.ENROLLED, status("M-1"));
        assertTrue(stack.connected.simulator.isSubscribed(person.value()) || owed(person));
        sweep();
        assertFalse(owed(person));
        assertEquals(Status.ENROLLED, status("M-1"));
        assertEquals(1, stack.experience(person));
    }

    /** Rules 18 and 26: the licenses stay. */
    @Test
    @Tag("rule-26")
    void membersOfAnIdThatIsUnknownAgainAndAgainFailAndAreEnrolledAgainOnceItIsKnown() {
        var nobody = FollowUpStack.id(404);
        stack.profiles.subscribed(nobody, now());
        stack.enrolled("M-1", nobody);

        share(1);
        for (var hours = 0; hours < 24; hours++) {
            sweep();
            advance(Duration.ofHours(1));
        }
        assertEquals(Status.FAILED, status("M-1"));
        assertTrue(stack.licenses.person(nobody).orElseThrow().profile().subscribed());
        assertFalse(owed(nobody));

        // Still unknown: that is no news, and nobody is asked beside those who try again anyway.
        assertEquals(new Result(0, 0, 1, 0), share(1));
        assertFalse(owed(nobody));

        stack.person(404, 4);
        assertEquals(new Result(1, 1, 0, 0), share(1));
        sweep();
        assertEquals(Status.ENROLLED, status("M-1"));
        assertTrue(stack.connected.simulator.isSubscribed(nobody.value()));
    }

    /** Rule 26: whoever is held is refreshed, and of whom we are not told is subscribed to; nobody else is. */
    @Test
    @Tag("rule-26")
    void whoIsHeldHasATurnThoughNotSubscribedAndIsSubscribedTo() {
        var person = stack.person(1, 1);
        stack.enrolled("M-1", person);
        stack.profiles.refereeExperience(stack.person(2, 2), 2, now());
        var pending = stack.person(3, 3);
        Members.put(stack.members, Members.member("M-3", "\"ussfId\":\"" + pending + "\""));

        assertEquals(new Result(1, 1, 0, 0), share(1));
        sweep();

        assertEquals(1, stack.connected.simulator.calls("POST /users/{ussf_id}/subscriptions"));
        assertTrue(stack.connected.simulator.isSubscribed(person.value()));
        assertEquals(
                now(), stack.licenses.person(person).orElseThrow().profile().subscribedSince());
    }

    /** Rule 26: also whoever has failed. */
    @Test
    @Tag("rule-26")
    void whoHasFailedHasATurnThoughNotSubscribedAndIsEnrolledAgain() {
        var person = stack.person(1, 1);
        stack.enrolled("M-1", person);
        stack.members.failUssfId(person, now());

        assertEquals(new Result(1, 1, 0, 0), share(1));
        sweep();

        assertEquals(Status.ENROLLED, status("M-1"));
        assertTrue(stack.connected.simulator.isSubscribed(person.value()));
    }

    /** Rule 26: whom nobody holds is asked about as often before they are given up; then they have no turn any more. */
    @Test
    @Tag("rule-26")
    void whomNobodyHoldsHasATurnUntilTheirIdIsUnknownAgainAndAgain() {
        stack.profiles.subscribed(FollowUpStack.id(404), now());

        assertEquals(new Result(0, 0, 1, 0), share(1));
        sweep();
        assertEquals(ids(404), leastRecentlyRefreshed());
        for (var hours = 0; hours < 24; hours++) {
            advance(Duration.ofHours(1));
            sweep();
        }

        assertEquals(List.of(), leastRecentlyRefreshed());
    }

    /** Rule 24: it was the first to be refreshed tomorrow, and the end of everybody's turn again. */
    @Test
    @Tag("rule-24")
    void failureOfOneIsCountedAndTheNextAreRefreshed() {
        IntStream.rangeClosed(1, 3).forEach(this::subscribed);
        var failing = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof QueryRequest query
                    && query.expressionAttributeValues().toString().contains("person#" + FollowUpStack.id(1))) {
                throw SdkClientException.create("timed out");
            }
        });

        var refresh = refresh(stack.people(failing, FollowUpStack.EVERYTHING));
        assertEquals(new Result(0, 0, 1, 0), refresh.share(3, soon()).orElseThrow());
        assertEquals(ids(2, 3, 1), leastRecentlyRefreshed());
        assertEquals(new Result(2, 2, 1, 0), refresh.share(1, soon()).orElseThrow());

        assertEquals("refresh of 0000000000000001 failed: SdkClientException", stack.journal.getLast());
    }

    /** Rule 24. */
    @Test
    @Tag("rule-24")
    void whatCannotBeReadOfOneIsCountedAndTheNextAreRefreshed() {
        IntStream.rangeClosed(1, 3).forEach(this::subscribed);
        spoil(FollowUpStack.id(1), "movedTo", "nobody");
        spoil(FollowUpStack.id(2), "refreshedAt", "yesterday");
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.connected.stack.table("LicenseStoreTable"))
                        .item(new Item()
                                .with("pk", "person#12")
                                .with("sk", "profile")
                                .with("subscribedSince", now())
                                .attributes()));

        var result = share(1);

        assertEquals(1, result.refreshed());
        assertEquals(3, stack.experience(FollowUpStack.id(3)));
        assertEquals(1, result.failed());
    }

    @Test
    void outageEndsARunAndTheNextGoesOn() {
        IntStream.rangeClosed(1, 5).forEach(this::subscribed);
        stack.connected.simulator.addFault(Fault.answer(503).on("GET", "/users").times(12));

        assertEquals(new Result(0, 0, 3, 0, false, 2), share(1));
        advance(Duration.ofSeconds(1));
        assertEquals(ids(4, 5, 1, 2, 3), leastRecentlyRefreshed());

        assertEquals(new Result(2, 2, 0, 0), refresh().resume(1, soon()).orElseThrow());
        assertTrue(refresh().resume(1, soon()).isEmpty());
    }

    /** A share may go on for days. */
    @Test
    void whoWasErasedSinceTheShareBeganIsNotBroughtBack() {
        IntStream.rangeClosed(1, 5).forEach(this::subscribed);
        stack.connected.simulator.addFault(Fault.answer(503).on("GET", "/users").times(12));
        share(1);
        var erased = FollowUpStack.id(5);
        stack.dynamoDb()
                .deleteItem(request -> request.tableName(stack.connected.stack.table("LicenseStoreTable"))
                        .key(Map.of(
                                "pk", AttributeValue.fromS("person#" + erased.value()),
                                "sk", AttributeValue.fromS("profile"))));

        assertEquals(new Result(1, 1, 0, 0), refresh().resume(1, soon()).orElseThrow());
        assertFalse(stack.profiles.isKnown(erased));
    }

    /** Rule 32. */
    @Test
    @Tag("rule-32")
    void shareThatTheTimeDoesNotSufficeForGoesOnAndNobodyHasTwoTurns() {
        IntStream.rangeClosed(1, 6).forEach(this::subscribed);

        var first = refreshTakingItsTime(Duration.ofSeconds(10)).share(2, stack.connected.in(Duration.ofSeconds(55)));
        var second = refresh().resume(1, soon());

        assertEquals(new Result(2, 2, 0, 0, false, 1), first.orElseThrow());
        assertEquals(new Result(1, 1, 0, 0), second.orElseThrow());
        assertEquals(3, stack.connected.simulator.calls(LICENSES));
    }

    @Test
    void runThatFindsAnotherAtWorkLeavesItToThat() {
        IntStream.rangeClosed(1, 2).forEach(this::subscribed);
        share(2);
        var other = checkpoint().acquire().orElseThrow();

        assertTrue(refresh().share(1, soon()).isEmpty());
        assertTrue(refresh().resume(1, soon()).isEmpty());

        checkpoint().release(other);
        assertTrue(refresh().share(1, soon()).isPresent());
    }

    /** Rules 27 and 32: the day's share is not left out for what is left of the day before. */
    @Test
    void shareThatMeetsARunAtWorkBeginsInTheNext() {
        IntStream.rangeClosed(1, 4).forEach(this::subscribed);
        refreshTakingItsTime(Duration.ofSeconds(10)).share(1, stack.connected.in(Duration.ofSeconds(45)));
        advance(Duration.ofDays(1));
        var other = checkpoint().acquire().orElseThrow();
        assertTrue(refresh().share(1, soon()).isEmpty());
        checkpoint().release(other);

        assertEquals(4, refresh().resume(1, soon()).orElseThrow().refreshed(), "a share of its own, of all");
        assertTrue(refresh().resume(1, soon()).isEmpty(), "once");
    }

    /** Also where the run that it met had just come to the end of its share, and where an invocation is repeated. */
    @Test
    void shareIsOwedOnceHoweverOftenItIsAskedFor() {
        subscribed(1);
        var other = checkpoint().acquire().orElseThrow();
        assertTrue(refresh().share(1, soon()).isEmpty());
        assertTrue(refresh().share(1, soon()).isEmpty());
        var share = checkpoint().begin(other, List.of(FollowUpStack.id(1)));
        assertTrue(refresh().share(1, soon()).isEmpty(), "the one at work is the one that is asked for");
        checkpoint().complete(other, share);
        checkpoint().release(other);

        assertTrue(refresh().resume(1, soon()).isEmpty());
    }

    /** What is saved is read as it was, piece by piece. */
    @Test
    @Tag("rule-32")
    void shareOfManyPeopleIsReadPieceByPieceInItsOrder() {
        var checkpoint = checkpoint();
        var lease = checkpoint.acquire().orElseThrow();
        var share = IntStream.iterate(25_000, number -> number - 1)
                .limit(25_000)
                .mapToObj(FollowUpStack::id)
                .toList();

        var progress = checkpoint.begin(lease, share);

        assertEquals(share.subList(0, 10_000), checkpoint.people(progress, 0));
        assertEquals(share.subList(9_999, 10_000), checkpoint.people(progress, 9_999));
        assertEquals(share.subList(24_000, 25_000), checkpoint.people(progress, 24_000));
        checkpoint.complete(lease, progress);
        assertEquals(List.of(), checkpoint.people(progress, 0));
        assertFalse(checkpoint.isUnfinished());
    }

    /** Rule 33: what is owed and the refresh take turns. */
    @Test
    void whatIsOwedDoesNotWaitForTheRefresh() {
        IntStream.rangeClosed(1, 2).forEach(this::subscribed);
        var person = stack.person(3, 3);
        stack.followUps.ask(new FetchRefereeExperience(person));
        stack.connected.simulator.addFault(
                Fault.retryAfter(429, Duration.ofHours(1)).on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals(new Result(0, 0, 1, 0, false, 1), share(1));

        assertEquals(3, stack.experience(person));
    }

    /** Rule 18: an alarm for each, whoever found out. */
    @Test
    void unknownIdOfAFollowUpThatCameFirstIsCounted() {
        stack.followUps.ask(new Subscribe(FollowUpStack.id(404)));
        IntStream.range(0, 3).forEach(_ -> stack.runner().all(soon()));
        advance(Duration.ofDays(1));

        assertEquals(new Result(0, 0, 0, 1), share(1));
    }

    @Test
    void shareEndsWithItsTime() {
        subscribed(1);

        assertEquals(
                new Result(0, 0, 0, 0, false, 1),
                refresh().share(1, stack.connected.in(Duration.ofSeconds(19))).orElseThrow());

        assertEquals(0, stack.connected.simulator.calls(LICENSES));
    }

    @Test
    void onePersonIsRefreshedAtOnceWhoeverIsAtWork() {
        var person = stack.person(1, 1);
        stack.followUps.ask(new FetchRefereeExperience(person));

        stack.runner(new Worker() {
                    @Override
                    public void carryOut(FollowUp work, Deadline deadline) {
                        assertEquals(new Result(1, 1, 0, 0), one(1));
                    }

                    @Override
                    public void giveUp(FollowUp work) {}
                })
                .sweep(soon());

        assertEquals(1, stack.experience(person));
    }

    @Test
    void onePersonWhoIsUnknownOrDoesNotAnswerIsAFailureThatLeavesNothing() {
        stack.person(1, 1);

        assertEquals(new Result(0, 0, 1, 0), one(404));
        assertTrue(stack.licenses.person(FollowUpStack.id(404)).isEmpty());
        assertFalse(owed(FollowUpStack.id(404)), "nobody wants to be told of a stranger");

        fail(1, Fault.answer(503));
        assertEquals(new Result(0, 0, 1, 0), one(1));
        assertTrue(stack.licenses.person(FollowUpStack.id(1)).isEmpty());
    }

    @Test
    void formerIdRefreshesWhoItIsNow() {
        stack.person(1, 6);
        stack.connected
                .simulator
                .changeSilently()
                .ussfId(FollowUpStack.id(1).value(), FollowUpStack.id(2).value());

        assertEquals(new Result(1, 1, 0, 0), one(1));

        assertEquals(6, stack.experience(FollowUpStack.id(2)));
    }

    @Test
    void settingsSayWhatIsAskedBesideTheLicenses() {
        var person = stack.person(1, 6);

        refresh(new Extras(false, false)).one(person, false, soon());

        assertNull(stack.experience(person));
        assertEquals(1, stack.connected.simulator.calls(LICENSES));
        assertEquals(0, stack.connected.simulator.calls("GET /users/{ussf_id}/referee-experience"));
        assertEquals(0, stack.connected.simulator.calls("GET /users/{ussf_id}/grassroots-referee-certificate"));
    }

    @Test
    void withoutCredentialsNobodyCountsAsTried() {
        subscribed(1);
        stack.connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertThrows(UnusableSecretException.class, () -> share(1));

        assertTrue(stack.followUps.outstanding(1_000).count() == 0);
        stack.connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        assertEquals(new Result(1, 1, 0, 0), share(1));
    }

    private UssfId subscribed(int number) {
        var person = stack.person(number, number);
        stack.profiles.subscribed(person, now());
        return person;
    }

    private void fail(int person, Fault fault) {
        stack.connected.simulator.addFault(
                fault.on("GET", "/users/" + FollowUpStack.id(person)).times(4));
    }

    private void failOnce(int person, Fault fault) {
        stack.connected.simulator.addFault(fault.on("GET", "/users/" + FollowUpStack.id(person)));
    }

    private Result share(int days) {
        return refresh().share(days, soon()).orElseThrow();
    }

    private Result share(Extras extras) {
        return refresh(extras).share(1, soon()).orElseThrow();
    }

    private Result one(int person) {
        return refresh().one(FollowUpStack.id(person), false, soon());
    }

    private RollingRefresh refresh() {
        return refresh(FollowUpStack.EVERYTHING);
    }

    private RollingRefresh refresh(Extras extras) {
        return refresh(stack.people(extras));
    }

    private RollingRefresh refresh(PersonRefresh people) {
        return new RollingRefresh(
                people,
                stack.profiles,
                stack.members,
                stack.followUps,
                stack.runner(),
                checkpoint(),
                _ -> {},
                stack.journal::add,
                stack.connected.clock);
    }

    /** Each person takes so long. */
    private RollingRefresh refreshTakingItsTime(Duration time) {
        var passing = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof QueryRequest) {
                advance(time);
            }
        });
        return refresh(stack.people(passing, FollowUpStack.EVERYTHING));
    }

    private RefreshCheckpoint checkpoint() {
        return new RefreshCheckpoint(
                stack.dynamoDb(), stack.connected.stack.table("LicenseStoreTable"), stack.connected.clock);
    }

    private static List<UssfId> ids(int... numbers) {
        return IntStream.of(numbers).mapToObj(FollowUpStack::id).toList();
    }

    private Status status(String identifier) {
        return stack.enrollment(identifier).status();
    }

    private List<UssfId> leastRecentlyRefreshed() {
        return stack.profiles.turns(Stream.of(), 100).longestWaiting(100);
    }

    private boolean owed(UssfId person) {
        return stack.followUps.find(new Subscribe(person).id()).isPresent();
    }

    private void sweep() {
        stack.runner().sweep(soon());
    }

    private void spoil(UssfId person, String attribute, String value) {
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.connected.stack.table("LicenseStoreTable"))
                        .key(new Item()
                                .with("pk", "person#" + person)
                                .with("sk", "profile")
                                .attributes())
                        .updateExpression("SET " + attribute + " = :odd")
                        .expressionAttributeValues(
                                new Item().with(":odd", value).attributes()));
    }

    private void advance(Duration duration) {
        stack.connected.clock.advance(duration);
    }

    private Instant now() {
        return stack.connected.now();
    }

    private Deadline soon() {
        return stack.connected.in(Duration.ofMinutes(15));
    }
}
