package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.touchline.Backend;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template.Table;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.Changes;
import org.touchline.license.LicenseStore;
import org.touchline.license.LicenseStoreErasure;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.person.PersonErasure.Deleted;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Erasure against the simulator, of a person who had two ids before, beside another person who stays. */
class PersonErasureTest {
    private static final UssfId FIRST = new UssfId("2020000004136700");
    private static final UssfId SECOND = new UssfId("2020000004136701");
    private static final UssfId VIDAR = Changes.VIDAR;
    private static final UssfId TIM = new UssfId("2020000004152809");
    private static final MemberIdentifier MEMBER = new MemberIdentifier("CYSA-1001");
    private static final Deleted NOTHING = new Deleted(0, 0, 0, 0, 0);

    private ConnectedStack connected;
    private LearningCenterClient client;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private FollowUpStore followUps;
    private Quarantine quarantine;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        client = connected.client(connected.session());
        var dynamoDb = connected.stack.dynamoDb();
        licenses = new LicenseStore(dynamoDb, table("LicenseStoreTable"));
        profiles = new ProfileStore(dynamoDb, table("LicenseStoreTable"));
        members = new MemberDirectory(dynamoDb, table("MemberDirectoryTable"));
        followUps = new FollowUpStore(dynamoDb, table("FollowUpTable"), connected.clock);
        quarantine = new Quarantine(dynamoDb, table("QuarantineTable"));
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    /** By what a person is called. */
    enum By {
        PRESENT_ID,
        FORMER_ID,
        MEMBER_IDENTIFIER
    }

    @ParameterizedTest
    @EnumSource
    void forgetsThePersonEverywhereAndNobodyElse(By by) {
        knowVidar();
        knowTim();
        var tims = traces(TIM);

        var deleted = erase(by, connected.stack.dynamoDb());

        // Two licenses, and the profiles of three ids.
        assertEquals(new Deleted(5, 1, 3, 2, 0), deleted);
        assertEquals(List.of(), tracesOfVidar());
        assertFalse(connected.simulator.isSubscribed(VIDAR.value()));
        assertEquals(tims, traces(TIM));
        assertTrue(connected.simulator.isSubscribed(TIM.value()));
    }

    @ParameterizedTest
    @EnumSource
    void theSecondTimeNothingIsLeftAndNothingFails(By by) {
        knowVidar();
        erase(by, connected.stack.dynamoDb());

        assertEquals(NOTHING, erase(by, connected.stack.dynamoDb()));
    }

    /** Whichever deletion is the last before the function dies, the same call again finds the rest: by each way in turn. */
    @Test
    @Tag("long")
    void whateverEndsItInBetweenTheSameCallDoesTheRest() {
        var before = 0;
        boolean died;
        do {
            var by = By.values()[before % By.values().length];
            knowVidar();
            died = diesAfter(before++, by);
            erase(by, connected.stack.dynamoDb());
            assertEquals(List.of(), tracesOfVidar(), "died after deletion " + (before - 1));
            assertFalse(connected.simulator.isSubscribed(VIDAR.value()));
        } while (died);
        assertTrue(before > 8, "deletions: " + before);
    }

    /** More than one transaction of DynamoDB may hold: whichever is the last before the function dies, the same call does the rest. */
    @Test
    @Tag("long")
    void aHundredIdsAndHoldersAreForgottenToo() {
        var before = 0;
        boolean died;
        do {
            knowVidar();
            IntStream.range(0, 5)
                    .mapToObj(number -> Members.member("MORE-" + number, "\"ussfId\":\"" + VIDAR + "\""))
                    .forEach(member -> Members.put(members, member));
            formerIdsOfVidar().forEach(former -> profiles.markMoved(former, SECOND));
            died = diesAtTransaction(before++);
            erase(By.PRESENT_ID, connected.stack.dynamoDb());
            assertEquals(List.of(), tracesOfVidar(), "died at transaction " + (before - 1));
            assertEquals(List.of(), traces("MORE-"));
            assertEquals(List.of(), traces("30000000000"));
        } while (died);
        assertTrue(before > 2, "transactions: " + before);
    }

    private static List<UssfId> formerIdsOfVidar() {
        return IntStream.range(0, 105)
                .mapToObj(number -> new UssfId(String.format(Locale.ROOT, "3%015d", number)))
                .toList();
    }

    private boolean diesAtTransaction(int transactions) {
        var left = new int[] {transactions};
        var dynamoDb = listening(request -> {
            if (request instanceof TransactWriteItemsRequest transaction
                    && transaction.transactItems().stream().anyMatch(item -> item.delete() != null)
                    && left[0]-- == 0) {
                throw SdkClientException.create("the function dies");
            }
        });
        try {
            erase(By.PRESENT_ID, dynamoDb);
            return false;
        } catch (SdkClientException died) {
            return true;
        }
    }

    /** A follow-up that was under way subscribes again, and a webhook arrives, when the first round is nearly over. */
    @Test
    void whatComesBackMeanwhileIsTakenByAnotherRound() {
        knowVidar();
        var came = new ArrayList<String>();
        var dynamoDb = listening(request -> {
            if (request instanceof TransactWriteItemsRequest && came.isEmpty()) {
                came.add("now");
                client.subscribe(VIDAR, connected.soon());
                licenses.apply(Changes.active("2026-02-28T12:00:00Z").change());
            }
        });

        erase(By.PRESENT_ID, dynamoDb);

        assertEquals(1, came.size());
        assertEquals(List.of(), tracesOfVidar());
        assertFalse(connected.simulator.isSubscribed(VIDAR.value()));
    }

    /** Rule 18's 410: nobody has told us yet. */
    @Test
    void anIdThatChangedWithoutOurKnowingIsFollowed() {
        var unheardOf = new UssfId("2020000004136799");
        knowVidar();
        connected.simulator.changeSilently().ussfId(VIDAR.value(), unheardOf.value());
        licenses.apply(Changes.active("2026-02-01T12:00:00Z").of(unheardOf).change());

        erase(By.PRESENT_ID, connected.stack.dynamoDb());

        assertFalse(connected.simulator.isSubscribed(unheardOf.value()));
        assertEquals(List.of(), tracesOfVidar());
        assertEquals(List.of(), traces(unheardOf));
    }

    /** More often than rule 18 follows from one id; of the last move nobody has told us. */
    @ParameterizedTest
    @EnumSource
    void whoHasMovedManyTimesIsForgotten(By by) {
        knowVidar();
        var moves = new ArrayList<>(List.of(FIRST, SECOND, VIDAR));
        for (var number = 0; number < 8; number++) {
            moves.add(new UssfId("209000000000000" + number));
        }
        var learningCenter = connected.simulator.changeSilently();
        for (var hop = 3; hop < moves.size(); hop++) {
            learningCenter.ussfId(moves.get(hop - 1).value(), moves.get(hop).value());
            if (hop < moves.size() - 1) {
                profiles.markMoved(moves.get(hop - 1), moves.get(hop));
            }
        }

        erase(by, connected.stack.dynamoDb());

        assertEquals(List.of(), tracesOfVidar());
        assertEquals(
                List.of(),
                moves.stream().map(this::traces).flatMap(List::stream).toList());
        assertFalse(connected.simulator.isSubscribed(moves.getLast().value()));
    }

    @Test
    void aPersonWhomTheLearningCenterDoesNotKnowIsForgottenAllTheSame() {
        licenses.apply(Changes.active("2026-02-01T12:00:00Z").of(FIRST).change());

        assertEquals(
                new Deleted(1, 0, 0, 0, 0), erasure(connected.stack.dynamoDb()).erase(FIRST, connected.soon()));
    }

    /** Else webhooks would bring the person back. */
    @Test
    void nothingIsDeletedWhileTheSubscriptionCannotBeEnded() {
        knowVidar();
        var before = tracesOfVidar();
        connected.simulator.addFault(new Fault("DELETE", "/users", 0, 100, new Fault.Effect.Answer(503, Map.of(), "")));

        assertThrows(LearningCenterUnavailableException.class, () -> erase(By.PRESENT_ID, connected.stack.dynamoDb()));

        assertEquals(before, tracesOfVidar());
    }

    /** Design rule 29: no entry could be made of what the stream said of them, while they were there. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORMER_ID")
    void whatIsInQuarantineOfAMemberWhoLeftGoes(By by) {
        var left = new MemberIdentifier("7");
        keepRecord(left.value());
        keepRecord("8");
        var data = new JsonObject().put("memberIdentifier", left.value()).put("ussfId", VIDAR.value());
        history(connected.stack.dynamoDb())
                .append(List.of(new Entry(
                        Entry.id("left", ChangeType.MEMBER_REMOVED),
                        ChangeType.MEMBER_REMOVED,
                        left.value(),
                        connected.now(),
                        data,
                        VIDAR)));
        var erasure = erasure(connected.stack.dynamoDb());
        var expected = new Deleted(0, 0, 0, 1, 1);

        if (by == By.MEMBER_IDENTIFIER) {
            assertEquals(expected, erasure.preview(left));
            assertEquals(expected, erasure.erase(left, connected.soon()));
        } else {
            assertEquals(expected, erasure.preview(VIDAR));
            assertEquals(expected, erasure.erase(VIDAR, connected.soon()));
        }

        assertEquals(1, quarantine.open().count());
    }

    private void keepRecord(String identifier) {
        var record = "{\"eventID\":\"1\",\"dynamodb\":{\"Keys\":{\"memberIdentifier\":{\"S\":\"" + identifier
                + "\"}},\"NewImage\":{\"firstName\":{\"S\":\"Vidar\"}}}}";
        quarantine.keep(Source.STREAM_RECORD, record.getBytes(StandardCharsets.UTF_8), "no revision", connected.now());
    }

    private ChangeHistory history(DynamoDbClient dynamoDb) {
        return new ChangeHistory(dynamoDb, table("ChangeHistoryTable"), Duration.ofDays(400), connected.clock);
    }

    @Test
    void whileAnotherMemberHoldsTheIdOnlyTheMemberGoes() {
        knowVidar();
        Members.put(members, Members.member("CYSA-1002", "\"ussfId\":\"" + VIDAR + "\""));

        var deleted = erase(By.MEMBER_IDENTIFIER, connected.stack.dynamoDb());

        assertEquals(1, deleted.memberDirectory());
        assertEquals(0, deleted.licenseStore());
        assertTrue(connected.simulator.isSubscribed(VIDAR.value()));
        assertEquals(2, licenses.person(VIDAR).orElseThrow().licenses().size());
    }

    /** The Learning Center has said that the typed id is somebody else's. */
    @Test
    void somebodyElsesIdIsNotForgottenWithTheMember() {
        knowVidar();
        connected
                .stack
                .dynamoDb()
                .updateItem(request -> request.tableName(table("MemberDirectoryTable"))
                        .key(Map.of("memberIdentifier", AttributeValue.fromS(MEMBER.value())))
                        .updateExpression("SET enrollmentStatus = :status")
                        .expressionAttributeValues(Map.of(":status", AttributeValue.fromS("dob_mismatch"))));

        var deleted = erase(By.MEMBER_IDENTIFIER, connected.stack.dynamoDb());

        assertEquals(1, deleted.memberDirectory());
        assertEquals(0, deleted.licenseStore());
        assertTrue(connected.simulator.isSubscribed(VIDAR.value()));
    }

    @Test
    void aMemberWhomNobodyKnowsIsNoError() {
        assertEquals(NOTHING, erase(By.MEMBER_IDENTIFIER, connected.stack.dynamoDb()));
        assertEquals(Map.of(), connected.simulator.calls());
    }

    private void knowVidar() {
        profiles.refereeExperience(FIRST, 7, connected.now());
        profiles.markMoved(FIRST, SECOND);
        profiles.markMoved(SECOND, VIDAR);
        licenses.apply(Changes.active("2026-01-10T12:00:00Z").change());
        licenses.apply(
                Changes.removed("2026-01-10T12:00:00Z").license("referee_7").change());
        client.subscribe(VIDAR, connected.soon());
        profiles.subscribed(VIDAR, connected.now());
        Members.put(
                members, Members.member(MEMBER.value(), "\"email\":\"vidar@test.com\",\"ussfId\":\"" + VIDAR + "\""));
        followUps.ask(new Subscribe(VIDAR));
        followUps.ask(new Move(FIRST, SECOND));
        followUps.askLater(new LookAgain(SECOND), Duration.ofMinutes(16));
        keep("{\"USSF-ID\":\"2020-0000-0413-6700\",\"action\":\"vanished\"}");
        keep("{\"changed\":\"email\",\"to\":\"VIDAR@test.com\"}");
    }

    private void knowTim() {
        licenses.apply(Changes.active("2026-01-10T12:00:00Z").of(TIM).change());
        client.subscribe(TIM, connected.soon());
        profiles.subscribed(TIM, connected.now());
        Members.put(members, Members.member("CYSA-1002", "\"ussfId\":\"" + TIM + "\""));
        followUps.ask(new FetchRefereeExperience(TIM));
        keep("{\"ussf_id\":\"" + TIM + "\",\"action\":\"vanished\"}");
    }

    private void keep(String payload) {
        quarantine.keep(
                Source.USER_LICENSE_WEBHOOK,
                payload.getBytes(StandardCharsets.UTF_8),
                "action is not one of added, updated, removed",
                connected.now());
    }

    private Deleted erase(By by, DynamoDbClient dynamoDb) {
        var erasure = erasure(dynamoDb);
        return switch (by) {
            case PRESENT_ID -> erasure.erase(VIDAR, connected.soon());
            case FORMER_ID -> erasure.erase(FIRST, connected.soon());
            case MEMBER_IDENTIFIER -> erasure.erase(MEMBER, connected.soon());
        };
    }

    private PersonErasure erasure(DynamoDbClient dynamoDb) {
        var profilesThere = new ProfileStore(dynamoDb, table("LicenseStoreTable"));
        var directory = new MemberDirectory(dynamoDb, table("MemberDirectoryTable"));
        return new PersonErasure(
                client,
                profilesThere,
                new LicenseStoreErasure(dynamoDb, table("LicenseStoreTable")),
                directory,
                new FollowUpStore(dynamoDb, table("FollowUpTable"), connected.clock),
                new Quarantine(dynamoDb, table("QuarantineTable")),
                history(dynamoDb).erasure(profilesThere, directory));
    }

    private boolean diesAfter(int deletions, By by) {
        var left = new int[] {deletions};
        var dynamoDb = listening(request -> {
            if ((request instanceof DeleteItemRequest || request instanceof TransactWriteItemsRequest)
                    && left[0]-- == 0) {
                throw SdkClientException.create("the function dies");
            }
        });
        try {
            erase(by, dynamoDb);
            return false;
        } catch (SdkClientException died) {
            return true;
        }
    }

    private DynamoDbClient listening(Consumer<SdkRequest> listener) {
        var interceptor = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                listener.accept(context.request());
            }
        };
        var endpoint = connected
                .stack
                .dynamoDb()
                .serviceClientConfiguration()
                .endpointOverride()
                .orElseThrow();
        return LocalClients.at(
                endpoint,
                DynamoDbClient.builder()
                        .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor)));
    }

    private List<String> tracesOfVidar() {
        var traces = new ArrayList<String>();
        for (var id : List.of(FIRST, SECOND, VIDAR)) {
            traces.addAll(traces(id));
        }
        traces.addAll(traces(MEMBER.value()));
        traces.addAll(traces("vidar@test.com"));
        return traces;
    }

    private List<String> traces(UssfId ussfId) {
        var digits = new ArrayList<>(traces(ussfId.value()));
        digits.addAll(traces(String.join("-", ussfId.value().split("(?<=\\G....)"))));
        return digits;
    }

    /** Every item of every table in which a text is. */
    private List<String> traces(String text) {
        return connected.stack.template().tables().stream()
                .map(Table::logicalId)
                .flatMap(table ->
                        connected
                                .stack
                                .dynamoDb()
                                .scanPaginator(request -> request.tableName(table(table)))
                                .items()
                                .stream())
                .map(Object::toString)
                .filter(item -> item.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                .toList();
    }

    private String table(String logicalId) {
        return connected.stack.table(logicalId);
    }
}
