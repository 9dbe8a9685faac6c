package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.ConnectedStack;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.EnrolledMember;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.person.FollowUpWork;
import org.touchline.person.PersonEnrollment;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;
import org.touchline.person.PersonRefresh.Extent;
import org.touchline.person.PersonSearch;
import org.touchline.person.PersonUnsubscription;
import org.touchline.quarantine.Quarantine;

/** Everything between {@code PUT /members} and the Learning Center, against the simulator, on a clock that a test moves. */
public final class EnrolledStack implements AutoCloseable {
    public final ConnectedStack connected = new ConnectedStack(Backend.EMBEDDED);
    public final LearningCenterSimulator simulator = connected.simulator;
    public final MemberDirectory members;
    public final FollowUpStore followUps;
    public final LicenseStore licenses;
    public final MemberIntake intake;
    public final FollowUpWork work;
    private final FollowUpRunner runner;

    public EnrolledStack() {
        this(new Extent(true, false));
    }

    public EnrolledStack(Extent extent) {
        var clock = connected.clock;
        var dynamoDb = connected.stack.dynamoDb();
        members = new MemberDirectory(dynamoDb, table("MemberDirectoryTable"));
        followUps = new FollowUpStore(dynamoDb, table("FollowUpTable"), clock);
        licenses = new LicenseStore(dynamoDb, table("LicenseStoreTable"));
        intake = new MemberIntake(members, followUps);
        var learningCenter = connected.client(connected.session());
        var moves = new PersonMove(licenses, members, followUps);
        var people = new PersonRefresh(learningCenter, licenses, moves, extent, clock);
        var profiles = licenses.profiles();
        work = new FollowUpWork(
                moves,
                people,
                new PersonEnrollment(
                        members,
                        intake,
                        followUps,
                        new PersonSearch(learningCenter, people, clock),
                        people,
                        profiles,
                        clock),
                new PersonUnsubscription(members, followUps, people, profiles),
                profiles,
                members,
                new Quarantine(dynamoDb, table("QuarantineTable")),
                clock);
        runner = new FollowUpRunner(followUps, work, connected.pacing);
    }

    public String table(String logicalId) {
        return connected.stack.table(logicalId);
    }

    /** Puts a member in, Tim Smith of the source document but for these fields. */
    public EnrolledMember put(String identifier, String fields) {
        return intake.put(Members.member(identifier, fields));
    }

    /** Puts a member in, and does what is owed for it. */
    public Enrollment enroll(String identifier, String fields) {
        put(identifier, fields);
        workUntilNothingIsDue();
        return enrollment(identifier);
    }

    public void delete(String identifier) {
        assertEquals(true, intake.delete(MemberIdentifier.parse(identifier)));
    }

    public FollowUpRunner.Tally workUntilNothingIsDue() {
        return runner.sweep(connected.in(Duration.ofMinutes(10)));
    }

    public Enrollment enrollment(String identifier) {
        return members.find(MemberIdentifier.parse(identifier)).orElseThrow().enrollment();
    }

    /** The ids of all follow-ups there are, due or not. */
    public List<String> owed() {
        return connected
                .stack
                .dynamoDb()
                .scanPaginator(request -> request.tableName(table("FollowUpTable")))
                .items()
                .stream()
                .filter(item -> item.containsKey("version"))
                .map(item -> item.get("id").s())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }

    public boolean showsSubscribed(String ussfId) {
        return licenses.person(new UssfId(ussfId))
                .filter(person -> person.profile().subscribed())
                .isPresent();
    }

    @Override
    public void close() {
        connected.close();
    }
}
