package org.touchline.followup;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.followup.FollowUpRunner.Worker;
import org.touchline.learningcenter.ConnectedStack;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.Members;
import org.touchline.person.FollowUpWork;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;
import org.touchline.person.PersonRefresh.Extent;
import org.touchline.quarantine.Quarantine;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** All that follow-ups need, on the tables, the Learning Center and the clock of a {@link ConnectedStack}. */
public final class FollowUpStack implements AutoCloseable {
    public final ConnectedStack connected;
    public final LicenseStore licenses;
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
        this.members = members(dynamoDb());
        this.followUps = followUps(dynamoDb());
        this.quarantine = new Quarantine(dynamoDb(), connected.stack.table("QuarantineTable"));
    }

    public DynamoDbClient dynamoDb() {
        return connected.stack.dynamoDb();
    }

    public LicenseStore licenses(DynamoDbClient client) {
        return new LicenseStore(client, connected.stack.table("LicenseStoreTable"));
    }

    public MemberDirectory members(DynamoDbClient client) {
        return new MemberDirectory(client, connected.stack.table("MemberDirectoryTable"));
    }

    public FollowUpStore followUps(DynamoDbClient client) {
        return new FollowUpStore(client, connected.stack.table("FollowUpTable"), connected.clock);
    }

    public PersonMove moves(DynamoDbClient client) {
        return new PersonMove(licenses(client), members(client), followUps(client));
    }

    public PersonRefresh people(LearningCenterClient learningCenter) {
        return new PersonRefresh(learningCenter, licenses, moves(dynamoDb()), new Extent(true, true), connected.clock);
    }

    /** A runner in a Lambda environment of its own: another session in memory, the same tables. */
    public FollowUpRunner runner() {
        return runner(worker(connected.client(connected.session())));
    }

    public FollowUpRunner runner(Worker worker) {
        return new FollowUpRunner(followUps, worker, connected.pacing, journal::add);
    }

    public Worker worker(LearningCenterClient learningCenter) {
        return new FollowUpWork(
                moves(dynamoDb()), people(learningCenter), licenses.profiles(), members, quarantine, connected.clock);
    }

    /** Somebody in the Learning Center. */
    public UssfId person(int number, int years) {
        var ussfId = id(number);
        connected.simulator.addPerson(
                new Person(ussfId.value(), "First", "Last", number + "@example.org", Members.TODAY.minusYears(30))
                        .withRefereeExperience(years));
        return ussfId;
    }

    public static UssfId id(int number) {
        return new UssfId("%016d".formatted(number));
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
