package org.touchline.embedded.learningcenter;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Learning Center of the local run and of every test: a real HTTP server on 127.0.0.1 that answers the Connect API
 * (wire contract §2) below {@link #baseUrl()}, sends the four webhooks (§3), and is told by the methods here what
 * changes and what goes wrong. The same can be said over HTTP, without authorization, below {@code /simulator}, which shows
 * the table of these routes; {@code docs/simulator.md} has it too, with the people that there are at the start and what the
 * drills send.
 *
 * <p>Safe for many threads. {@link #close()} leaves no thread and no port behind.
 */
public final class LearningCenterSimulator implements AutoCloseable {
    /** The names of the four webhooks, such as {@code user-license-update}. */
    public static final List<String> WEBHOOKS = Webhooks.NAMES;

    private final WebhookSender sender;
    private final Webhooks webhooks;
    private final LearningCenter center;
    private final Sessions sessions;
    private final Subsidies subsidies;
    private final FaultSchedule faults = new FaultSchedule();
    private final ConnectApi api;
    private final HttpFront front;

    private LearningCenterSimulator(Builder settings) {
        sender = new WebhookSender(settings.clock, settings.webhookTimeLimit);
        webhooks = new Webhooks(sender);
        if (settings.webhookApiBase != null) {
            webhooks.to(settings.webhookApiBase, settings.webhookKey);
        }
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

    // ---------------------------------------------------------------------------------------------------- from run to
    // run

    /** All that it knows, as JSON: people, licenses, subscriptions, moves and the catalog; no sessions, subsidies or faults. */
    public byte[] memory() {
        return Json.bytes(center.memory());
    }

    /**
     * Goes on where another ended.
     *
     * @param memory what that one's {@link #memory()} was
     * @throws IllegalArgumentException if it is no such thing
     */
    public void remember(byte[] memory) {
        center.remember(Json.value(Json.node(new String(memory, StandardCharsets.UTF_8)), Memory.class));
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
     * Adds people from a file: each line is a JSON object as {@code POST /simulator/people} takes it; an empty line says nothing.
     *
     * @throws IllegalArgumentException if a line cannot be taken; the message names it, and those before it have been added
     * @throws UncheckedIOException if the file cannot be read
     */
    public void addPeople(Path file) {
        PeopleFile.read(file, center);
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
        webhooks.to(apiBase, key);
    }

    /**
     * Where each webhook goes from now on.
     *
     * @param urls by the webhook's name, such as {@code user-license-update}; one that is not named is lost
     * @param key the Authorization header they carry
     * @throws IllegalArgumentException if one is no HTTP URL, no webhook has that name, or the key is no header's value
     */
    public void webhooksTo(Map<String, URI> urls, String key) {
        webhooks.to(urls, key);
    }

    /**
     * Which key webhooks carry from now on, as U.S. Soccer would enter a new one.
     *
     * @throws IllegalArgumentException if that is no header's value, or nobody has said where webhooks go
     */
    public void webhookKey(String key) {
        sender.key(key);
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

    /** The one login that is accepted from now on, as after U.S. Soccer changed it; who is logged in stays so. */
    public void login(String username, String password) {
        sessions.change(username, password);
    }

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
