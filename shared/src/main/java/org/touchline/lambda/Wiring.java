package org.touchline.lambda;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.catalog.CatalogStore;
import org.touchline.change.ChangeHistory;
import org.touchline.change.HistoryWriter;
import org.touchline.change.NoticeDays;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.learningcenter.session.LearningCenterSession.SessionEvent;
import org.touchline.learningcenter.wire.AnswerObserver;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.license.LearnedBy;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.member.MemberDirectory;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.secret.RotatingKey;
import org.touchline.secret.SecretReader;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.OrganizationCalendar;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;
import org.touchline.webhook.HeardWebhooks;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Makes what several functions are composed of, from what their environment names: the clients of AWS, the stores, the secrets, the
 * Learning Center, the metrics. What one function alone is composed of, its handler puts together; {@link FollowUpWiring} and
 * {@link OAuthWiring} are what two share. Each part is made when a function asks for it, so that a function needs just the
 * variables of its own parts. Nothing here reads a table or a secret (design rule 20).
 */
public final class Wiring {
    private static final String REQUESTS_PER_SECOND = "LEARNING_CENTER_REQUESTS_PER_SECOND";
    private static final int FEWEST_AT_ONCE = 4;

    /** What is in the memory of a function for each is little; this is a guard against a rate that nobody allows. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Environment environment;
    private final AwsClients clients;
    private final InstantSource clock;
    private final Supplier<DynamoDbClient> dynamoDb;
    private final Supplier<SecretsManagerClient> secretsManager;
    private final Supplier<LearningCenterClient> learningCenter;
    private final Supplier<AnswerMetrics> answerMetrics;
    private final Pacing pacing;
    private final int mostAtOnce;

    /** @param environment the function's environment variables */
    public Wiring(Map<String, String> environment) {
        this(environment, Pacing.system(), MOST_AT_ONCE, List.of());
    }

    /**
     * The same with a time, waiting and chance of one's own, for who looks at what a function does between any two of its requests.
     *
     * @param mostAtOnce on how many follow-ups is worked at once at most; with 1, on the thread of the invocation
     * @param interceptors meet each request to AWS on its way
     */
    public Wiring(
            Map<String, String> environment, Pacing pacing, int mostAtOnce, List<ExecutionInterceptor> interceptors) {
        this.environment = new Environment(environment);
        this.pacing = pacing;
        this.mostAtOnce = mostAtOnce;
        this.clock = pacing.clock();
        this.clients = new AwsClients(this.environment, interceptors);
        this.dynamoDb = once(clients::dynamoDb);
        this.secretsManager = once(clients::secretsManager);
        this.learningCenter = once(() -> newLearningCenter(answerMetrics()));
        this.answerMetrics = once(() -> new AnswerMetrics(metrics()));
    }

    /** What tells the time: the system's clock. */
    public InstantSource clock() {
        return clock;
    }

    /** Waits and chances as the system has them. */
    public Pacing pacing() {
        return pacing;
    }

    /** What makes the clients of other services of AWS's. */
    AwsClients clients() {
        return clients;
    }

    /**
     * On how many follow-ups is worked at once (design rule 33): as many as calls are allowed in a second, so that the rate is reached as
     * long as a call takes no longer than that, and each of four lines has one at least.
     */
    int atOnce() {
        var calls = environment.number(REQUESTS_PER_SECOND);
        return (int) Math.min(mostAtOnce, Math.max(FEWEST_AT_ONCE, calls));
    }

    /** DynamoDB, for who makes a store that no other function has. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb.get();
    }

    /** Days in the time zone that {@code TIME_ZONE} names. */
    public OrganizationCalendar calendar() {
        return new OrganizationCalendar(clock, this::timeZone);
    }

    private ZoneId timeZone() {
        var variable = "TIME_ZONE";
        try {
            return ZoneId.of(environment.required(variable));
        } catch (DateTimeException noSuchZone) {
            throw new UnusableSettingException(
                    variable, "the template's parameter TimeZone names a time zone, such as America/New_York");
        }
    }

    /** When it is told of licenses that end, as {@code EXPIRY_NOTICE_DAYS} says. */
    public NoticeDays noticeDays() {
        var variable = "EXPIRY_NOTICE_DAYS";
        try {
            return NoticeDays.parse(environment.optional(variable).orElse(""));
        } catch (InvalidValueException noDays) {
            throw new UnusableSettingException(variable, noDays.getMessage());
        }
    }

    /** The licenses in the table that {@code LICENSE_STORE_TABLE} names. */
    public LicenseStore licenses() {
        return new LicenseStore(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"));
    }

    /**
     * The same, for those who write single changes: who is contradicted is asked about anew (design rule 1), a minute later, when it
     * is stored which of the changes counts.
     *
     * @param learnedBy how these changes were learned
     */
    public LicenseStore licensesAskingAnew(LearnedBy learnedBy) {
        var followUps = followUps();
        return new LicenseStore(
                dynamoDb.get(),
                environment.required("LICENSE_STORE_TABLE"),
                learnedBy,
                ussfId -> followUps.record(new Refresh(ussfId)));
    }

    /** What is known of people beside their licenses, in the same table. */
    public ProfileStore profiles() {
        return new ProfileStore(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"));
    }

    /** The catalog in the table that {@code LICENSE_STORE_TABLE} names. */
    public CatalogStore catalog() {
        return new CatalogStore(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"));
    }

    /** The members in the table that {@code MEMBER_DIRECTORY_TABLE} names. */
    public MemberDirectory members() {
        return new MemberDirectory(dynamoDb.get(), environment.required("MEMBER_DIRECTORY_TABLE"));
    }

    /** The quarantine in the table that {@code QUARANTINE_TABLE} names. */
    public Quarantine quarantine() {
        return new Quarantine(dynamoDb.get(), environment.required("QUARANTINE_TABLE"));
    }

    /** The same, and each time that something is kept there, a metric says so. */
    public Quarantine countingQuarantine() {
        var metrics = metrics();
        return new Quarantine(
                dynamoDb.get(), environment.required("QUARANTINE_TABLE"), () -> metrics.count(Metrics.QUARANTINED, 1));
    }

    /**
     * The Learning Center at {@code LEARNING_CENTER_BASE_URL}, with the credentials in the secret that
     * {@code LEARNING_CENTER_CREDENTIALS_SECRET} names, and the session in the table that {@code TOKEN_CACHE_TABLE} names; called
     * no faster than {@code LEARNING_CENTER_REQUESTS_PER_SECOND}, if that is set.
     */
    public LearningCenterClient learningCenter() {
        return learningCenter.get();
    }

    /** The same with a connection of its own, and somebody who is told of what it answers beside the metrics. */
    public LearningCenterClient learningCenter(AnswerObserver also) {
        return newLearningCenter(answerMetrics().and(also));
    }

    private LearningCenterClient newLearningCenter(AnswerObserver observer) {
        var http = new LearningCenterHttp(
                LearningCenterHttp.newHttpClient(),
                URI.create(environment.required("LEARNING_CENTER_BASE_URL")),
                pacing,
                environment.optional(REQUESTS_PER_SECOND).isPresent()
                        ? RequestRate.perSecond(environment.number(REQUESTS_PER_SECOND), pacing)
                        : RequestRate.unlimited(pacing),
                observer);
        var session = new LearningCenterSession(
                http,
                secret("LEARNING_CENTER_CREDENTIALS_SECRET"),
                dynamoDb.get(),
                environment.required("TOKEN_CACHE_TABLE"),
                pacing,
                this::countSession);
        return new LearningCenterClient(http, session);
    }

    /** Counts what of answers and webhooks is not as the wire contract says. */
    AnswerMetrics answerMetrics() {
        return answerMetrics.get();
    }

    private void countSession(SessionEvent event) {
        metrics()
                .count(
                        switch (event) {
                            case RENEWED -> Metrics.SESSIONS_RENEWED;
                            case REFUSED -> Metrics.LOGINS_REFUSED;
                        },
                        1);
    }

    /** What changed, in the table that {@code CHANGE_HISTORY_TABLE} names, for {@code HISTORY_DAYS}. */
    public ChangeHistory history() {
        return new ChangeHistory(
                dynamoDb.get(),
                environment.required("CHANGE_HISTORY_TABLE"),
                Duration.ofDays(environment.number("HISTORY_DAYS")),
                clock);
    }

    /** Makes entries of what streams say, in the tables that the environment names. */
    public HistoryWriter historyWriter() {
        return new HistoryWriter(licenses(), profiles(), members(), catalog(), history(), countingQuarantine(), clock);
    }

    /** When each webhook was last heard, in the table that {@code LICENSE_STORE_TABLE} names. */
    public HeardWebhooks heardWebhooks() {
        return new HeardWebhooks(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /** What is owed, in the table that {@code FOLLOW_UP_TABLE} names. */
    public FollowUpStore followUps() {
        return new FollowUpStore(dynamoDb.get(), environment.required("FOLLOW_UP_TABLE"), clock);
    }

    /** What the organization wants of people beside their licenses, as {@code REFEREE_EXPERIENCE} and {@code GRASSROOTS_CERTIFICATE} say. */
    public Extras extras() {
        return new Extras(isTrue("REFEREE_EXPERIENCE"), isTrue("GRASSROOTS_CERTIFICATE"));
    }

    /** The key of the Learning Center's webhooks, in the secret that {@code WEBHOOK_KEYS_SECRET} names. */
    public RotatingKey webhookKey() {
        return key("WEBHOOK_KEYS_SECRET");
    }

    /** The value of the access-token header, in the secret that {@code ACCESS_TOKEN_SECRET} names. */
    public RotatingKey accessToken() {
        return key("ACCESS_TOKEN_SECRET");
    }

    /** How far reconciliation has come, in the table that {@code LICENSE_STORE_TABLE} names. */
    public Checkpoint checkpoint() {
        return new Checkpoint(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /** A variable that may be missing or empty. */
    public Optional<String> setting(String name) {
        return environment.optional(name);
    }

    /** A variable that is always set, such as the name of a table. */
    public String required(String name) {
        return environment.required(name);
    }

    /** A variable that is a whole number. */
    public int number(String name) {
        return Math.toIntExact(environment.number(name));
    }

    /** Metrics of the stack that {@code STACK_NAME} names, to standard output. */
    public Metrics metrics() {
        return new Metrics(System.out, environment.required("STACK_NAME"), clock);
    }

    /** When what is on a schedule last completed, in the table that {@code LICENSE_STORE_TABLE} names. */
    public ScheduleNotes schedules() {
        return new ScheduleNotes(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /** Whether Lambda keeps what is initialized now as a snapshot (SnapStart): no secret may be in it (design rule 20). */
    public boolean isForSnapshot() {
        return environment
                .optional("AWS_LAMBDA_INITIALIZATION_TYPE")
                .filter("snap-start"::equals)
                .isPresent();
    }

    private boolean isTrue(String variable) {
        return environment.required(variable).equals("true");
    }

    private RotatingKey key(String variable) {
        return new RotatingKey(secret(variable), clock);
    }

    /** The secret that a variable names. */
    public SecretReader secret(String variable) {
        return new SecretReader(secretsManager.get(), environment.required(variable), clock, this::countUnusable);
    }

    private void countUnusable(UnusableSecretException unusable) {
        metrics()
                .line()
                .count(Metrics.SECRETS_UNUSABLE, 1)
                .saying("secret", unusable.secret())
                .saying("problem", unusable.problem())
                .write();
    }

    private static <T> Supplier<T> once(Supplier<T> make) {
        return new Supplier<>() {
            private @Nullable T made;

            @Override
            public T get() {
                var known = made;
                if (known == null) {
                    known = make.get();
                    made = known;
                }
                return known;
            }
        };
    }
}
