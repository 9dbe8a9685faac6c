package org.touchline.lambda;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.catalog.CatalogStore;
import org.touchline.catalog.LicenseCatalogSync;
import org.touchline.enrollment.MemberImport;
import org.touchline.enrollment.MemberIntake;
import org.touchline.enrollment.PersonEnrollment;
import org.touchline.enrollment.PersonSearch;
import org.touchline.enrollment.PersonUnsubscription;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.work.FollowUpWork;
import org.touchline.golive.IntegrationCheck;
import org.touchline.golive.WebhookDrills;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.learningcenter.session.LearningCenterSession.SessionEvent;
import org.touchline.learningcenter.wire.AnswerShapes;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.license.LicenseStore;
import org.touchline.license.PersonEraser;
import org.touchline.license.TakenOver;
import org.touchline.member.MemberDirectory;
import org.touchline.oauth.OAuthClients;
import org.touchline.oauth.SigningKeys;
import org.touchline.oauth.TokenEndpoint;
import org.touchline.oauth.TokenIssuer;
import org.touchline.oauth.TokenLifetime;
import org.touchline.oauth.TokenVerifier;
import org.touchline.person.PersonErasure;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;
import org.touchline.person.PersonRefresh.Extent;
import org.touchline.person.RollingRefresh;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.reconciliation.Reconciliation;
import org.touchline.reconciliation.Reconciliation.Reach;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.secret.RotatingKey;
import org.touchline.secret.SecretReader;
import org.touchline.secret.UnusableSecretException;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.subscription.SubscriptionAudit;
import org.touchline.time.OrganizationCalendar;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;
import org.touchline.webhook.HeardWebhooks;
import software.amazon.awssdk.core.warmup.SdkWarmUp;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Makes what a function is composed of, from what its environment names. Each part is made when a function asks for it, so
 * that a function needs just the variables of its own parts. Nothing here reads a table or a secret (design rule 20).
 */
public final class Wiring {
    private final Environment environment;
    private final InstantSource clock = InstantSource.system();
    private final Supplier<DynamoDbClient> dynamoDb;
    private final Supplier<SecretsManagerClient> secretsManager;
    private final Supplier<LearningCenterClient> learningCenter;
    private final Supplier<AnswerMetrics> answerMetrics;
    private final Pacing pacing = Pacing.system();

    /** @param environment the function's environment variables */
    public Wiring(Map<String, String> environment) {
        this.environment = new Environment(environment);
        var clients = new AwsClients(this.environment);
        this.dynamoDb = once(clients::dynamoDb);
        this.secretsManager = once(clients::secretsManager);
        this.learningCenter = once(() -> newLearningCenter(null));
        this.answerMetrics = once(() -> new AnswerMetrics(metrics()));
    }

    /** The system's clock. */
    public InstantSource clock() {
        return clock;
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

    /** The licenses in the table that {@code LICENSE_STORE_TABLE} names. */
    public LicenseStore licenses() {
        return new LicenseStore(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"));
    }

    /** The same, for those who write single changes: who is contradicted is asked about anew (design rule 1). */
    public LicenseStore licensesAskingAnew() {
        var followUps = followUps();
        return new LicenseStore(
                dynamoDb.get(),
                environment.required("LICENSE_STORE_TABLE"),
                ussfId -> followUps.ask(new Refresh(ussfId)));
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
    private Quarantine countingQuarantine() {
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

    private LearningCenterClient newLearningCenter(@Nullable AnswerShapes shapes) {
        var http = new LearningCenterHttp(
                LearningCenterHttp.newHttpClient(),
                URI.create(environment.required("LEARNING_CENTER_BASE_URL")),
                pacing,
                environment.optional("LEARNING_CENTER_REQUESTS_PER_SECOND").isPresent()
                        ? RequestRate.perSecond(environment.number("LEARNING_CENTER_REQUESTS_PER_SECOND"), pacing)
                        : RequestRate.unlimited(pacing),
                answerMetrics(),
                shapes);
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

    /** When each webhook was last heard, in the table that {@code LICENSE_STORE_TABLE} names. */
    public HeardWebhooks heardWebhooks() {
        return new HeardWebhooks(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /**
     * The check before going live, which looks at all functions' secrets, and at the Learning Center's answers more closely than others; {@code REFEREE_EXPERIENCE}
     * and {@code GRASSROOTS_CERTIFICATE} say what must be answered.
     */
    public IntegrationCheck integrationCheck() {
        var shapes = new AnswerShapes();
        var observed = newLearningCenter(shapes);
        var drills = new WebhookDrills(
                observed, heardWebhooks(), followUps(), licenses().profiles(), pacing);
        var secrets = new LinkedHashMap<String, Runnable>();
        secrets.put("credentials", observed.session()::judgeCredentials);
        secrets.put("webhook keys", webhookKey()::judge);
        secrets.put("access token", accessToken()::judge);
        secrets.put("OAuth clients", new OAuthClients(secret("OAUTH_CLIENTS_SECRET"))::judge);
        secrets.put("token signing keys", signingKeys()::judge);
        return new IntegrationCheck(secrets, observed, shapes, members(), drills, extent(), pacing);
    }

    /** What is owed, in the table that {@code FOLLOW_UP_TABLE} names. */
    public FollowUpStore followUps() {
        return new FollowUpStore(dynamoDb.get(), environment.required("FOLLOW_UP_TABLE"), clock);
    }

    /** Moves people to another USSF-ID. */
    public PersonMove personMove() {
        return new PersonMove(licenses(), members(), followUps());
    }

    /**
     * Asks the Learning Center about people: for their experience if {@code REFEREE_EXPERIENCE} is {@code true}, for their
     * certificate if {@code GRASSROOTS_CERTIFICATE} is. Days are those of {@code TIME_ZONE}.
     */
    public PersonRefresh personRefresh() {
        var metrics = metrics();
        return new PersonRefresh(
                learningCenter(),
                licenses(),
                members(),
                personMove(),
                followUps(),
                countingQuarantine(),
                extent(),
                calendar(),
                taken -> count(taken, metrics));
    }

    private Extent extent() {
        return new Extent(isTrue("REFEREE_EXPERIENCE"), isTrue("GRASSROOTS_CERTIFICATE"));
    }

    /** Rule 25; what should not happen is told only when it does. */
    private static void count(TakenOver taken, Metrics metrics) {
        if (taken.markedAbsent() > 0) {
            metrics.count(Metrics.LICENSES_MARKED_ABSENT, taken.markedAbsent());
        }
        if (taken.doubtedAt() != null) {
            metrics.count(Metrics.ANSWERS_DOUBTED, 1);
        }
    }

    /** Puts members in and takes them out, with what that owes. */
    public MemberIntake memberIntake() {
        return new MemberIntake(members(), followUps());
    }

    /** Puts many members in. */
    public MemberImport memberImport() {
        return new MemberImport(members(), memberIntake(), calendar());
    }

    private FollowUpWork followUpWork() {
        var people = personRefresh();
        var profiles = licenses().profiles();
        var search = new PersonSearch(learningCenter(), people, clock);
        return new FollowUpWork(
                personMove(),
                people,
                new PersonEnrollment(members(), memberIntake(), followUps(), search, people, profiles, clock),
                new PersonUnsubscription(members(), followUps(), people, profiles),
                countingQuarantine(),
                clock);
    }

    /**
     * Works on what is owed.
     *
     * @param journal is told a line of each that failed
     */
    public FollowUpRunner followUpRunner(Consumer<String> journal) {
        var work = followUpWork();
        return new FollowUpRunner(followUps(), work, pacing, journal);
    }

    /**
     * Refreshes people, in the background of what is owed.
     *
     * @param journal is told a line of each that failed
     */
    public RollingRefresh rollingRefresh(Consumer<String> journal) {
        return new RollingRefresh(
                personRefresh(),
                licenses().profiles(),
                members(),
                followUps(),
                followUpRunner(journal),
                journal,
                clock);
    }

    /** The key of the Learning Center's webhooks, in the secret that {@code WEBHOOK_KEYS_SECRET} names. */
    public RotatingKey webhookKey() {
        return key("WEBHOOK_KEYS_SECRET");
    }

    /** The value of the access-token header, in the secret that {@code ACCESS_TOKEN_SECRET} names. */
    public RotatingKey accessToken() {
        return key("ACCESS_TOKEN_SECRET");
    }

    /**
     * The token endpoint, with the clients in the secret that {@code OAUTH_CLIENTS_SECRET} names and the lifetime that
     * {@code TOKEN_LIFETIME_DAYS} says.
     */
    public TokenEndpoint tokenEndpoint() {
        var clients = new OAuthClients(secret("OAUTH_CLIENTS_SECRET"));
        var keys = signingKeys();
        return new TokenEndpoint(
                clients,
                new TokenIssuer(tokenIssuer(), keys, clock),
                new TokenVerifier(tokenIssuer(), keys, clients, clock),
                this::tokenLifetime);
    }

    /** Verifies the tokens of the clients in the secret that {@code OAUTH_CLIENTS_SECRET} names. */
    public TokenVerifier tokenVerifier() {
        return new TokenVerifier(tokenIssuer(), signingKeys(), new OAuthClients(secret("OAUTH_CLIENTS_SECRET")), clock);
    }

    /** How far reconciliation has come, in the table that {@code LICENSE_STORE_TABLE} names. */
    public Checkpoint checkpoint() {
        return new Checkpoint(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /**
     * Reconciliation, with windows that overlap by {@code RECONCILIATION_OVERLAP_HOURS} and begin
     * {@code RECONCILIATION_FIRST_DAYS} back.
     */
    public Reconciliation reconciliation() {
        var reach = new Reach(
                Duration.ofHours(environment.number("RECONCILIATION_OVERLAP_HOURS")),
                Duration.ofDays(environment.number("RECONCILIATION_FIRST_DAYS")));
        return new Reconciliation(learningCenter(), licensesAskingAnew(), quarantine(), checkpoint(), reach, clock);
    }

    /** The catalog's sync, with all that it takes. */
    public LicenseCatalogSync catalogSync() {
        return new LicenseCatalogSync(learningCenter(), catalog(), quarantine(), clock);
    }

    /** The audit of subscriptions, with all that it takes. */
    public SubscriptionAudit subscriptionAudit() {
        var checkpoint = new AuditCheckpoint(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
        return new SubscriptionAudit(
                learningCenter(), licenses().profiles(), members(), followUps(), checkpoint, clock);
    }

    /** Forgets people everywhere. */
    public PersonErasure personErasure() {
        var eraser = new PersonEraser(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"));
        return new PersonErasure(learningCenter(), licenses().profiles(), eraser, members(), followUps(), quarantine());
    }

    /** A variable that may be missing or empty. */
    public Optional<String> setting(String name) {
        return environment.optional(name);
    }

    /** A variable that is a whole number. */
    public int number(String name) {
        return Math.toIntExact(environment.number(name));
    }

    /** Metrics of the stack that {@code STACK_NAME} names, to standard output. */
    public Metrics metrics() {
        return new Metrics(System.out, environment.required("STACK_NAME"), clock);
    }

    /** How far the copy in the table that {@code LICENSE_STORE_TABLE} names can be relied on. */
    public HealthReport healthReport() {
        return new HealthReport(
                checkpoint(), heardWebhooks(), quarantine(), followUps(), schedules(), metrics(), clock);
    }

    /** When what is on a schedule last completed, in the table that {@code LICENSE_STORE_TABLE} names. */
    public ScheduleNotes schedules() {
        return new ScheduleNotes(dynamoDb.get(), environment.required("LICENSE_STORE_TABLE"), clock);
    }

    /** Lets the SDK load its classes and open its connections while Lambda initializes, with all the CPU there is. */
    static void warmUpClients() {
        try {
            SdkWarmUp.warmUp(DynamoDbClient.class);
        } catch (RuntimeException slowerAtFirst) {
            // Then the first request pays for it.
        }
    }

    private boolean isTrue(String variable) {
        return environment.required(variable).equals("true");
    }

    private SigningKeys signingKeys() {
        return new SigningKeys(secret("TOKEN_SIGNING_KEYS_SECRET"), clock);
    }

    /** Unless it is set, the stack's name: the API's own URL would be a circular reference in the template. */
    private String tokenIssuer() {
        return setting("TOKEN_ISSUER").orElseGet(() -> environment.required("STACK_NAME"));
    }

    private TokenLifetime tokenLifetime() {
        var variable = "TOKEN_LIFETIME_DAYS";
        try {
            return TokenLifetime.parse(setting(variable).orElse(""));
        } catch (InvalidValueException notADuration) {
            throw new UnusableSettingException(variable, notADuration.getMessage());
        }
    }

    private RotatingKey key(String variable) {
        return new RotatingKey(secret(variable), clock);
    }

    private SecretReader secret(String variable) {
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
