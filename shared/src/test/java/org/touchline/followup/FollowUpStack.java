package org.touchline.followup;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.enrollment.MemberIntake;
import org.touchline.enrollment.PersonEnrollment;
import org.touchline.enrollment.PersonSearch;
import org.touchline.enrollment.PersonUnsubscription;
import org.touchline.followup.FollowUpRunner.Worker;
import org.touchline.followup.work.FollowUpWork;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.quarantine.Quarantine;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** All that follow-ups need, on the tables, the Learning Center and the clock of a {@link ConnectedStack}. */
public final class FollowUpStack implements AutoCloseable {
    public static final Extras EVERYTHING = new Extras(true, true);

    public final ConnectedStack connected;
    public final LicenseStore licenses;
    public final ProfileStore profiles;
    public final MemberDirectory members;
    public final FollowUpStore followUps;
    public final Quarantine quarantine;
    /** The lines that the runners logged. */
    public final List<String> journal = new CopyOnWriteArrayList<>();

    public FollowUpStack() {
        this(new ConnectedStack(Backend.EMBEDDED));
    }

    private FollowUpStack(ConnectedStack connected) {
        this.connected = connected;
        this.licenses = licenses(dynamoDb());
        this.profiles = profiles(dynamoDb());
        this.members = members(dynamoDb());
        this.followUps = followUps(dynamoDb());
        this.quarantine = quarantine(dynamoDb());
    }

    public DynamoDbClient dynamoDb() {
        return connected.stack.dynamoDb();
    }

    public LicenseStore licenses(DynamoDbClient client) {
        return new LicenseStore(client, connected.stack.table("LicenseStoreTable"));
    }

    public ProfileStore profiles(DynamoDbClient client) {
        return new ProfileStore(client, connected.stack.table("LicenseStoreTable"));
    }

    public MemberDirectory members(DynamoDbClient client) {
        return new MemberDirectory(client, connected.stack.table("MemberDirectoryTable"));
    }

    public FollowUpStore followUps(DynamoDbClient client) {
        return new FollowUpStore(client, connected.stack.table("FollowUpTable"), connected.clock);
    }

    public Quarantine quarantine(DynamoDbClient client) {
        return new Quarantine(client, connected.stack.table("QuarantineTable"));
    }

    public PersonMove moves(DynamoDbClient client) {
        return new PersonMove(licenses(client), profiles(client), members(client), followUps(client));
    }

    public PersonRefresh people(Extras extras) {
        return people(dynamoDb(), extras);
    }

    /** The same in tables that are reached through that client. */
    public PersonRefresh people(DynamoDbClient client, Extras extras) {
        return people(client, connected.client(connected.session()), extras);
    }

    private PersonRefresh people(DynamoDbClient client, LearningCenterClient learningCenter, Extras extras) {
        return new PersonRefresh(
                learningCenter,
                licenses(client),
                profiles(client),
                members(client),
                moves(client),
                followUps(client),
                quarantine(client),
                extras,
                new OrganizationCalendar(connected.clock, () -> ZoneOffset.UTC),
                _ -> {});
    }

    /** A runner in a Lambda environment of its own: another session in memory, the same tables. */
    public FollowUpRunner runner() {
        return runner(dynamoDb());
    }

    public FollowUpRunner runner(Worker worker) {
        return new FollowUpRunner(followUps, worker, connected.pacing, 1, journal::add);
    }

    /** A runner that reaches its tables through that client. */
    public FollowUpRunner runner(DynamoDbClient client) {
        return new FollowUpRunner(
                followUps(client),
                worker(client, connected.client(connected.session())),
                connected.pacing,
                1,
                journal::add);
    }

    /** One that does nothing else, where nobody is unknown. */
    static Worker worker(Consumer<FollowUp> work) {
        return new Worker() {
            @Override
            public void carryOut(FollowUp followUp, Deadline deadline) {
                work.accept(followUp);
            }

            @Override
            public void giveUp(FollowUp followUp) {
                throw new AssertionError("nobody is unknown");
            }
        };
    }

    public Worker worker(LearningCenterClient learningCenter) {
        return worker(dynamoDb(), learningCenter);
    }

    private Worker worker(DynamoDbClient client, LearningCenterClient learningCenter) {
        var people = people(client, learningCenter, EVERYTHING);
        var profiles = profiles(client);
        return new FollowUpWork(
                moves(client),
                people,
                new PersonEnrollment(
                        members(client),
                        intake(client),
                        followUps(client),
                        new PersonSearch(learningCenter, people, connected.clock),
                        people,
                        profiles,
                        connected.clock),
                new PersonUnsubscription(members(client), followUps(client), people, profiles),
                quarantine(client),
                connected.clock);
    }

    public MemberIntake intake(DynamoDbClient client) {
        return new MemberIntake(members(client), followUps(client));
    }

    /** Somebody in the Learning Center. */
    public UssfId person(int number, int years) {
        var ussfId = id(number);
        connected.simulator.addPerson(
                new Person(ussfId.value(), "First", "Last", number + "@example.org", Members.TODAY.minusYears(30))
                        .withRefereeExperience(years));
        return ussfId;
    }

    /** A member who is enrolled with that USSF-ID, as far as the directory knows. */
    public void enrolled(String identifier, UssfId ussfId) {
        var member = Members.member(identifier, "\"ussfId\":\"" + ussfId + "\"");
        Members.put(members, member);
        members.settle(member, Enrollment.enrolled(ussfId, connected.now()), Owed.NOTHING);
    }

    public Enrollment enrollment(String identifier) {
        return members.find(new MemberIdentifier(identifier)).orElseThrow().enrollment();
    }

    public static UssfId id(int number) {
        return new UssfId(String.format(Locale.ROOT, "%016d", number));
    }

    /** What is known of somebody's experience; null if nothing is. */
    public Integer experience(UssfId ussfId) {
        return licenses.person(ussfId)
                .map(person -> person.profile().refereeExperience())
                .orElse(null);
    }

    @Override
    public void close() {
        connected.close();
    }
}
