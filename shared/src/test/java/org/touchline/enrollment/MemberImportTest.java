package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Calls;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.enrollment.MemberImport.Rejected;
import org.touchline.enrollment.MemberImport.Result;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** {@code MemberImportFunction} of wire contract §7. */
class MemberImportTest {
    private final Calls calls = new Calls();
    private final List<String> journal = new ArrayList<>();
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
    void membersAreStoredAndEnrolled() {
        var result = run(tim("A1"), tim("A2"));

        assertEquals(new Result(2, 0, List.of()), result);
        assertEquals(List.of("enroll#A1", "enroll#A2"), List.copyOf(stack.owed().keySet()));
        stack.work();
        assertEquals(Status.ENROLLED, stack.enrollment("A1").status());
        assertEquals(Status.ENROLLED, stack.enrollment("A2").status());
    }

    /** Rule 4. */
    @Test
    @Tag("rule-4")
    void sameImportAgainReadsOnlyAndAsksNobody() {
        var list = IntStream.range(0, 150).mapToObj(i -> tim("A" + i)).toArray(JsonValue[]::new);
        run(list);
        forgetWhatIsOwed();
        calls.drain();

        assertEquals(new Result(0, 150, List.of()), run(list));

        assertEquals(List.of("BatchGetItem", "BatchGetItem"), calls.drain());
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void whoDidNotMatchIsNotTriedAgainBySameImport() {
        var nobody = tim("A1", "\"email\":\"t@example.org\",\"firstName\":\"T\"");
        run(nobody);
        stack.work();
        var asked = stack.simulator.calls();

        assertEquals(new Result(0, 1, List.of()), run(nobody));
        stack.work();

        assertEquals(asked, stack.simulator.calls());
    }

    @Test
    @Tag("rule-4")
    void onlyWhoDiffersIsWritten() {
        run(tim("A1"), tim("A2"));
        calls.drain();

        assertEquals(new Result(1, 1, List.of()), run(tim("A1"), tim("A2", "\"city\":\"Reno\"")));

        assertEquals(List.of("BatchGetItem", "GetItem", "PutItem"), calls.drain());
    }

    @Test
    void ofARepeatedIdentifierTheLastCounts() {
        assertEquals(
                new Result(1, 0, List.of()),
                run(
                        tim("A1", "\"dateOfBirth\":\"soon\""),
                        tim("a1", "\"city\":\"Elko\""),
                        tim(" A1\u00A0", "\"city\":\"Ely\""),
                        tim("\u200BA1\uFEFF", "\"city\":\"Reno\"")));

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
    void lastOfARepeatedIdentifierCountsEvenIfItIsBad() {
        assertEquals(
                new Result(0, 0, List.of(new Rejected("A1", "dateOfBirth: a date as YYYY-MM-DD"))),
                run(tim("A1"), tim("A1", "\"dateOfBirth\":\"soon\"")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"memberIdentifier":"B1"}                 | B1  | firstName: required
        {"memberIdentifier":" b/1 "}              | ' b/1 ' | memberIdentifier: a member identifier has 1 to 64 letters (A-Z), digits, spaces and . _ - ~ : @ (no. 2 of the list)
        {"firstName":"Tim"}                       |     | memberIdentifier: required, a text (no. 2 of the list)
        {"memberIdentifier":1001}                 | 1001 | memberIdentifier: required, a text (no. 2 of the list)
        "Tim"                                     |     | members: a member is a JSON object (no. 2 of the list)
        null                                      |     | members: a member is a JSON object (no. 2 of the list)
        {"memberIdentifier":"B1","born":"1973"}   | B1  | born: a member has no such field
        """)
    void badOnesAreRejectedWithTheFieldAndTheOthersStored(String bad, String identifier, String reason) {
        assertEquals(new Result(2, 0, List.of(new Rejected(identifier, reason))), run(tim("A1"), json(bad), tim("A2")));
    }

    @Test
    void whoIsNotComeToInTimeIsToldAndTheSameImportOnceMoreDoesTheRest() {
        var list = IntStream.range(0, 40).mapToObj(i -> tim("A" + i)).toList();
        var interrupted = new Interrupted("TransactWriteItems");
        interrupted.once(() -> stack.pass(Duration.ofMinutes(1)));

        var result = run(interrupted.client(stack.stack.dynamoDb()), list);

        assertTrue(result.stored() > 0, result.toString());
        assertTrue(result.rejected().size() >= 40 - 16, result.toString());
        assertEquals(40, result.stored() + result.rejected().size());
        assertEquals(
                "not stored: the time ran out; import the same list again",
                result.rejected().getFirst().reason());
        var again = run(list.toArray(JsonValue[]::new));
        assertEquals(new Result(result.rejected().size(), result.stored(), List.of()), again);
    }

    @Test
    @Tag("rule-24")
    void memberForWhomTheStoreDoesNotAnswerIsRejectedAndTheOthersAreStored() {
        var interrupted = new Interrupted("TransactWriteItems");
        interrupted.once(MemberImportTest::networkIsDown);

        var result = run(interrupted.client(stack.stack.dynamoDb()), List.of(tim("A1"), tim("A2")));

        assertEquals(1, result.stored());
        assertEquals(
                "perhaps not stored: DynamoDB did not answer in time; import the same list again",
                result.rejected().getFirst().reason());
    }

    /** Rule 24. */
    @Test
    @Tag("rule-24")
    void memberOfWhomWhatIsStoredCannotBeReadIsRejectedAndTheOthersAreStored() {
        run(tim("A1"), tim("A2"));
        stack.stack
                .dynamoDb()
                .updateItem(request -> request.tableName(stack.stack.connected.stack.table("MemberDirectoryTable"))
                        .key(Map.of("memberIdentifier", AttributeValue.fromS("A1")))
                        .updateExpression("SET dateOfBirth = :odd")
                        .expressionAttributeValues(Map.of(":odd", AttributeValue.fromS("soon"))));

        var result = run(tim("A1"), tim("A2"), tim("A3"));

        assertEquals(
                new Result(
                        1, 1, List.of(new Rejected("A1", "not stored: what is stored of this member cannot be read"))),
                result);
    }

    @Test
    void storeThatDoesNotAnswerAtAllFailsTheImportAndIsNotAskedForEverybody() {
        var asked = new AtomicInteger();
        var down = new Interrupted(request -> {
            if (request instanceof TransactWriteItemsRequest) {
                asked.incrementAndGet();
                networkIsDown();
            }
            return false;
        });
        var list = IntStream.range(0, 1_000).mapToObj(i -> tim("A" + i)).toList();

        assertThrows(SdkClientException.class, () -> run(down.client(stack.stack.dynamoDb()), list));

        assertTrue(asked.get() <= 500, "asked " + asked);
    }

    @Test
    void progressIsToldAndNothingPersonal() {
        run(IntStream.range(0, 600).mapToObj(i -> tim("A" + i)).toArray(JsonValue[]::new));

        assertEquals(
                List.of(
                        "import: 100 of 600 members still to do; 500 stored, 0 unchanged, 0 rejected",
                        "import: 0 of 600 members still to do; 600 stored, 0 unchanged, 0 rejected"),
                journal);
    }

    private static void networkIsDown() {
        throw SdkClientException.create("the network is down");
    }

    private Result run(JsonValue... list) {
        return run(calls.listening(stack.stack.dynamoDb()), List.of(list));
    }

    private Result run(DynamoDbClient client, List<JsonValue> list) {
        var clock = stack.stack.connected.clock;
        var calendar = new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York"));
        return new MemberImport(stack.stack.members(client), stack.stack.intake(client), calendar)
                .run(list, stack.stack.connected.in(Duration.ofMinutes(1)), journal::add);
    }

    private void forgetWhatIsOwed() {
        for (var id : Collections.unmodifiableSet(stack.owed().keySet())) {
            stack.stack.followUps.find(id).ifPresent(owed -> stack.stack.followUps.forget(owed.work()));
        }
    }

    private static JsonValue tim(String identifier) {
        return tim(identifier, "");
    }

    private static JsonValue tim(String identifier, String fields) {
        var usual = """
            {"memberIdentifier":"%s","firstName":"Tim","lastName":"Smith","email":"2020000004152809@test.com",
             "dateOfBirth":"1973-11-05"}\
            """;
        var json = (JsonObject) json(String.format(Locale.ROOT, usual, identifier));
        json("{" + fields + "}").properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        return json;
    }

    private static JsonValue json(String text) {
        try {
            return Json.read(text);
        } catch (IOException mistake) {
            throw new UncheckedIOException(mistake);
        }
    }
}
