package org.touchline.embedded.learningcenter;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Learning Center of the local run and of every test: a real HTTP server on 127.0.0.1 that answers the Connect API
 * (wire contract §2) below {@link #baseUrl()}, sends the four webhooks (§3), and is told by the methods here what
 * changes and what goes wrong. The same can be said over HTTP, without authorization, below
 * {@code /simulator}:
 *
 * <pre>{@code
 * GET    /people                        everybody, with names, e-mails and dates of birth
 * POST   /people                        {"count":100} makes people up; or one person:
 *                                       {"ussf_id","first_name","last_name","email","dob"} and what the next one has
 * POST   /users/{ussf_id}               {"referee_experience":5,"grassroots_referee_certificate":
 *                                       {"has_certificate":true,"issue_date":"2026-02-01"}}, one or both
 * GET    /users/{ussf_id}/user-licenses all of a person's licenses, removed ones included
 * POST   /user-licenses                 {"ussf_id","license_id"} and any other field of the webhook; what is left out
 *                                       stays as it was, but action and updated_at tell of a change now
 * POST   /ussf-id-changes               {"current_ussf_id","new_ussf_id"}
 * PUT    /licenses                      the complete catalog, a list as GET /licenses answers it
 * PUT    /licenses/{license_id}         {"name","discipline","type","rank"}
 * DELETE /licenses/{license_id}
 * PUT    /organizations                 those that pay for background checks: [{"organization_id","name"}]
 * POST   /subsidies/{subsidy_id}/use    somebody's background check uses it
 * GET    /webhooks                      what was sent, and what was answered
 * POST   /faults                        {"method","path","after","times"}, all optional, and one of
 *                                       {"status","headers","body"}, {"effect":"dropped_connection"},
 *                                       {"effect":"half_body"}, {"effect":"slow_body"|"delay","millis"},
 *                                       {"effect":"unknown_field"|"missing_field","field"},
 *                                       {"effect":"without_pagination"|"bare_list"}, {"effect":"odd_row","body"}
 * DELETE /faults
 * POST   /sessions/end                  no token is good any more
 * GET    /calls                         how often each call of the Connect API came
 * }</pre>
 *
 * <p>A change whose body has {@code "webhook":false}, or whose query has {@code webhook=false}, loses its webhook.
 *
 * <p>A path that the real Learning Center spells otherwise, or a call that it answers 404 for whoever it is about, is a fault too:
 * {@code {"method":"GET","path":"/users/{ussf_id}/referee-experience","times":1000000,"status":404,"body":"Not Found"}}.
 *
 * <p>At the start it knows the seven test users of U.S. Soccer's document and the 82 licenses of the public listing.
 * The document gives the people no licenses; these are ours, issued in the year before the start and good to the end of
 * the year after it, unless they do not expire (*):
 *
 * <pre>{@code
 * 2020000004136762  Vidar Mlakar        6 years, certificate 2017   referee_8 referee_29 safety_1
 * 2020000004152809  Tim Smith                                       coach_5* coach_4* coach_3* safety_1 safety_2
 * 2020000004149753  Len Nussenbaum      7 years                     referee_7 referee_8 safety_1
 * 2020000004149609  Georgiy Mikaelsson                              coach_22* coach_23* coach_42*
 * 2020000004149517  Janek Harlan        14 years, certificate 2009  referee_5 referee_13 referee_14 referee_43 safety_2
 * 2020000004136629  Ovidius Howell      certificate 2021            safety_3*
 * 2019000004136364  Daniel Oliynyk      3 years                     referee_8 safety_1
 * }</pre>
 *
 * <p>The drills send one webhook each: the complete catalog; one of the person's active licenses as it is, with action
 * {@code updated}; the change of id 0000000000000001, which nobody has, to 0000000000000002; and both kinds of user
 * change, in an array, of the first person there is.
 *
 * <p>Safe for many threads. {@link #close()} leaves no thread and no port behind.
 */
public final class LearningCenterSimulator implements AutoCloseable {
    private final WebhookSender sender;
    private final LearningCenter center;
    private final Sessions sessions;
    private final Subsidies subsidies;
    private final FaultSchedule faults = new FaultSchedule();
    private final ConnectApi api;
    private final HttpFront front;

    private LearningCenterSimulator(Builder settings) {
        sender = new WebhookSender(settings.clock, settings.webhookTimeLimit);
        if (settings.webhookApiBase != null) {
            sender.target(settings.webhookApiBase, settings.webhookKey);
        }
        var webhooks = new Webhooks(sender);
        center = new LearningCenter(settings.clock, webhooks, settings.pageSize);
        sessions = new Sessions(settings.username, settings.password, settings.clock);
        subsidies = new Subsidies(center, settings.clock);
        var routes = new ConnectRoutes(center, sessions, subsidies, new Drills(center, webhooks));
        api = new ConnectApi(routes, sessions, faults);
        try {
            front = new HttpFront(settings.port, api, new Router(new ControlRoutes(this, center).all()));
        } catch (UncheckedIOException e) {
            sender.close();
            throw e;
        }
    }

    /** A simulator on any free port, with the defaults of the local run. */
    public static LearningCenterSimulator start() {
        return builder().start();
    }

    /** Settings of a simulator to be started. */
    public static Builder builder() {
        return new Builder();
    }

    /** What the connector is configured with: {@code http://127.0.0.1:<port>/certifications}. */
    public URI baseUrl() {
        return front.baseUrl();
    }

    // ---------------------------------------------------------------------------------------------- people and changes

    /** Everybody under their present id, in the order in which they came. */
    public List<Person> people() {
        return center.people();
    }

    /** Makes that many people up, with none to four licenses that changed in the last 30 days; always the same ones. */
    public List<Person> addPeople(int count) {
        return center.generate(count);
    }

    /**
     * Adds a person without licenses, or replaces what is known of one.
     *
     * @throws IllegalArgumentException if the e-mail is somebody else's, or the id a former one
     */
    public Person addPerson(Person person) {
        center.put(person);
        return person;
    }

    /**
     * All licenses of a person, ordered by id, removed ones included.
     *
     * @throws IllegalArgumentException if the person moved or never was
     */
    public List<UserLicense> licenses(String ussfId) {
        return center.licenses(ussfId);
    }

    /** Whether changes of that person are told. */
    public boolean isSubscribed(String ussfId) {
        return center.isSubscribed(ussfId);
    }

    /** Changes that send their webhooks. */
    public LearningCenterChanges change() {
        return new LearningCenterChanges(center, subsidies, true);
    }

    /** Changes whose webhooks are lost. */
    public LearningCenterChanges changeSilently() {
        return new LearningCenterChanges(center, subsidies, false);
    }

    // ----------------------------------------------------------------------------------------------- background checks

    /** From now on these organizations let their background checks be paid for through us; at first it is one, 1001. */
    public void authorizedBy(List<Organization> organizations) {
        subsidies.authorizedBy(organizations);
    }

    /**
     * Somebody's background check uses a subsidy.
     *
     * @throws IllegalArgumentException if there is none of that id
     */
    public Subsidy useSubsidy(String subsidyId) {
        return subsidies.use(subsidyId);
    }

    // -------------------------------------------------------------------------------------------------------- webhooks

    /**
     * Where webhooks go from now on; until this is said, they are lost.
     *
     * @param apiBase what {@code /webhooks/user-license-update} is appended to
     * @param key the Authorization header they carry
     * @throws IllegalArgumentException if that is no HTTP URL or no header's value
     */
    public void webhooksTo(URI apiBase, String key) {
        sender.target(apiBase, key);
    }

    /** The webhooks that were sent and are answered, or will never be, oldest first; at most the last 10,000. */
    public List<SentWebhook> webhooks() {
        return sender.sent();
    }

    /**
     * Waits until every webhook that is on its way is answered or given up.
     *
     * @throws IllegalStateException if that takes longer than {@code limit}
     */
    public void awaitWebhooks(Duration limit) throws InterruptedException {
        sender.await(limit);
    }

    // -------------------------------------------------------------------------------------- sessions, calls and faults

    /** Makes every access and refresh token handed out so far worthless. */
    public void endSessions() {
        sessions.endAll();
    }

    /** How often each call of the Connect API came, by names such as {@code GET /users/{ussf_id}/user-licenses}. */
    public Map<String, Integer> calls() {
        return api.calls();
    }

    /** How often one call came, whatever it was answered; 0 for one that never did. */
    public int calls(String name) {
        return api.calls().getOrDefault(name, 0);
    }

    /** Lets something go wrong. Several may wait at once; the oldest that meets a call wins. */
    public void addFault(Fault fault) {
        faults.add(fault);
    }

    /** Lets nothing go wrong any more. */
    public void clearFaults() {
        faults.clear();
    }

    @Override
    public void close() {
        front.close();
        sender.close();
    }

    /** How a simulator is to be; what is not said is as in the local run. */
    public static final class Builder {
        private int port;
        private String username = "local-username";
        private String password = "local-password";
        private InstantSource clock = InstantSource.system();
        private int pageSize = 100;
        private Duration webhookTimeLimit = Duration.ofSeconds(30);
        private @Nullable URI webhookApiBase;
        private String webhookKey = "";

        private Builder() {}

        /** Port on 127.0.0.1; 0, the default, is any free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** The one login that is accepted. */
        public Builder credentials(String username, String password) {
            this.username = username;
            this.password = password;
            return this;
        }

        /** What tells the time: for tokens, changes, subscriptions and subsidies. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Rows on a page of subscriptions and of changes: 100 by default. */
        public Builder pageSize(int rows) {
            if (rows < 1) {
                throw new IllegalArgumentException("a page has at least one row");
            }
            this.pageSize = rows;
            return this;
        }

        /** Where webhooks go and with which key, as {@link LearningCenterSimulator#webhooksTo} says it later. */
        public Builder webhooksTo(URI apiBase, String key) {
            this.webhookApiBase = apiBase;
            this.webhookKey = key;
            return this;
        }

        /** How long one webhook may take, its answer included: 30 seconds by default. */
        public Builder webhookTimeLimit(Duration limit) {
            this.webhookTimeLimit = limit;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws UncheckedIOException if the port is taken
         */
        public LearningCenterSimulator start() {
            return new LearningCenterSimulator(this);
        }
    }
}
