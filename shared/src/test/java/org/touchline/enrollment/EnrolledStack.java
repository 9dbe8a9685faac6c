package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.TreeMap;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.followup.FollowUpRunner.Worker;
import org.touchline.followup.FollowUpStack;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Everything from {@code PUT /members} to the Learning Center, in the words of those who put members in. */
final class EnrolledStack implements AutoCloseable {
    static final String VIDAR = "2020000004136762";
    static final String TIM = "2020000004152809";
    static final String USERS = "GET /users";
    static final String SUBSCRIBE = "POST /users/{ussf_id}/subscriptions";
    static final String UNSUBSCRIBE = "DELETE /users/{ussf_id}/subscriptions";
    static final String LICENSES = "GET /users/{ussf_id}/user-licenses";

    final FollowUpStack stack = new FollowUpStack();
    final LearningCenterSimulator simulator = stack.connected.simulator;

    /** Puts a member in: Tim Smith of the source document, but for these fields. */
    EnrolledMember put(String identifier, String fields) {
        return intake().put(Members.member(identifier, fields));
    }

    /** Puts a member in, and does what is owed for it. */
    Enrollment enroll(String identifier, String fields) {
        put(identifier, fields);
        work();
        return enrollment(identifier);
    }

    void delete(String identifier) {
        assertTrue(intake().delete(MemberIdentifier.parse(identifier)));
    }

    MemberIntake intake() {
        return stack.intake(stack.dynamoDb());
    }

    /** Does what is due. */
    Tally work() {
        return work(stack.dynamoDb());
    }

    /** The same through another client. */
    Tally work(DynamoDbClient client) {
        return stack.runner(client).sweep(stack.connected.in(Duration.ofMinutes(10)));
    }

    /** Another execution, which does not ask whether this one is at work: its lease may have ended. */
    Worker another() {
        return stack.worker(stack.connected.client(stack.connected.session()));
    }

    void pass(Duration time) {
        stack.connected.clock.advance(time);
    }

    Enrollment enrollment(String identifier) {
        return stack.members
                .find(MemberIdentifier.parse(identifier))
                .orElseThrow()
                .enrollment();
    }

    /** What there is to do, due or not, and in how many minutes. */
    TreeMap<String, Long> owed() {
        var owed = new TreeMap<String, Long>();
        for (var attributes : stack.dynamoDb()
                .scanPaginator(request -> request.tableName(stack.connected.stack.table("FollowUpTable")))
                .items()) {
            var item = new Item(attributes);
            if (item.has("version")) {
                var wait = Duration.between(stack.connected.now(), Instant.ofEpochMilli(item.number("dueAt")));
                owed.put(item.text("id"), wait.toMinutes());
            }
        }
        return owed;
    }

    /** Somebody else in the Learning Center, with a coaching license. */
    void person(String ussfId, String firstName, String lastName, String email, String dob) {
        simulator.addPerson(new Person(ussfId, firstName, lastName, email, LocalDate.parse(dob)));
        simulator.changeSilently().license(ussfId, "coach_15");
    }

    boolean showsSubscribed(String ussfId) {
        return stack.licenses
                .person(new UssfId(ussfId))
                .filter(person -> person.profile().subscribed())
                .isPresent();
    }

    int licensesOf(String ussfId) {
        return stack.licenses
                .person(new UssfId(ussfId))
                .map(person -> person.licenses().size())
                .orElse(0);
    }

    void assertEnrolled(String ussfId, String identifier) {
        var enrollment = enrollment(identifier);
        assertEquals(Enrollment.Status.ENROLLED, enrollment.status(), enrollment.detail());
        assertEquals(ussfId, Objects.toString(enrollment.ussfId()));
        assertTrue(simulator.isSubscribed(ussfId));
        assertTrue(showsSubscribed(ussfId));
        assertTrue(licensesOf(ussfId) > 0);
    }

    @Override
    public void close() {
        stack.close();
    }
}
