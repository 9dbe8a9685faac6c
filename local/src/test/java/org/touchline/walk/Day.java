package org.touchline.walk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.touchline.embedded.learningcenter.LearningCenterChanges;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.embedded.learningcenter.License;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.local.LocalRun;

/**
 * What the Learning Center, the organization's systems and SafeSport registration do with a whole local run, at random, and what has to be
 * so in the end. Who is not answered asks again at the end, as those systems would.
 */
final class Day implements AutoCloseable {
    private static final int PEOPLE = 30;

    /** So many stay members from beginning to end. They are in the lists that are imported, which would put in again who has left. */
    private static final int STAYING = 6;

    private static final int MOST_ERASED = 6;

    /** Nobody loses it: an answer without any license is doubted for hours (design rule 25). */
    private static final String KEPT = "coach_1";

    private static final List<String> LICENSES = List.of("referee_8", "referee_7", "safety_1", "coach_15");
    private static final String WEBHOOK_KEY = "local-webhook-key";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AT_ONCE = 12;
    private static final int BETWEEN_WAITS_FOR_WEBHOOKS = 30;
    private static final Duration TIME_FOR_WEBHOOKS = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalRun.Endpoints run;
    private final LearningCenterSimulator learningCenter;
    private final HttpClient client;
    private final Random random;
    private final List<Somebody> people = new ArrayList<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger happened = new AtomicInteger();
    private final AtomicInteger erasures = new AtomicInteger();
    private int begun;
    private int made;

    /** Somebody as the model has them. What is asked about one person is asked one after the other. */
    static final class Somebody {
        private final Person details;
        private final List<String> ids = new ArrayList<>();
        private final String member;
        private final boolean stays;
        private boolean isMember;
        private boolean erased;

        /** Whether the last wish was not answered. */
        private boolean unsure;

        private Somebody(Person details, String member, boolean stays) {
            this.details = details;
            this.member = member;
            this.stays = stays;
            this.isMember = stays;
            this.unsure = stays;
            ids.add(details.ussfId());
        }

        synchronized String present() {
            return ids.getLast();
        }

        /** All that they ever had, the present one last. */
        synchronized List<String> ids() {
            return List.copyOf(ids);
        }

        String memberIdentifier() {
            return member;
        }

        synchronized boolean isMember() {
            return isMember && !erased;
        }

        synchronized boolean isErased() {
            return erased;
        }
    }

    Day(LocalRun.Endpoints run, LearningCenterSimulator learningCenter, HttpClient client, Random random) {
        this.run = run;
        this.learningCenter = learningCenter;
        this.client = client;
        this.random = random;
        learningCenter.addPeople(PEOPLE).forEach(person -> {
            learningCenter.changeSilently().license(person.ussfId(), KEPT);
            people.add(new Somebody(person, "M-" + people.size(), people.size() < STAYING));
        });
    }

    List<Somebody> people() {
        return people;
    }

    /** Payloads that nobody can read, and that were sent. */
    Set<String> unreadable() {
        return Set.copyOf(unreadable);
    }

    /** How many things have happened. */
    int happened() {
        return happened.get();
    }

    /**
     * The next thing happens; waits while too many are under way, and now and then for the webhooks: the Learning Center sends one after
     * the other, and in a long day they would pile up.
     */
    void next() throws InterruptedException {
        if (++begun % BETWEEN_WAITS_FOR_WEBHOOKS == 0) {
            learningCenter.awaitWebhooks(TIME_FOR_WEBHOOKS);
        }
        free.acquire();
        var somebody = people.get(random.nextInt(people.size()));
        var what = random.nextInt(100);
        var detail = random.nextInt();
        workers.execute(() -> {
            try {
                happen(what, somebody, new Random(detail));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException unanswered) {
                // Who asked does not know, and asks again if it matters.
            } finally {
                happened.incrementAndGet();
                free.release();
            }
        });
    }

    private void happen(int what, Somebody somebody, Random chance) throws IOException, InterruptedException {
        switch (what) {
            case 0 -> erase(somebody);
            case 1, 2, 3, 4 -> move(somebody, chance);
            case 5, 6 -> wish(somebody, false);
            case 7 -> importSome();
            case 8, 9, 10 -> unreadable(chance);
            case 11 -> renameALicense(chance);
            case 12 -> invoke("UserLicenseReconciliationFunction", "{}");
            case 13 -> invoke("LicenseCatalogSyncFunction", "{}");
            case 14 -> invoke("SubscriptionAuditFunction", "{\"repair\":true}");
            case 15 -> invoke("PersonRefreshFunction", "{}");
            case 16 -> invoke("LicenseExpiryFunction", "{}");
            case 17, 18, 19, 20 -> sendAgain(chance);
            case 21, 22, 23, 24 -> experience(somebody, chance);
            default -> {
                if (what < 45) {
                    wish(somebody, true);
                } else if (what < 70) {
                    license(somebody, chance);
                } else {
                    read(somebody, what);
                }
            }
        }
    }

    /** A quarter of all webhooks is lost. */
    private LearningCenterChanges change(Random chance) {
        return chance.nextInt(4) == 0 ? learningCenter.changeSilently() : learningCenter.change();
    }

    private void license(Somebody somebody, Random chance) {
        synchronized (somebody) {
            if (somebody.erased) {
                return;
            }
            var id = LICENSES.get(chance.nextInt(LICENSES.size()));
            var before = change(chance).license(somebody.present(), id);
            if (chance.nextInt(3) == 0) {
                change(chance).removeLicense(somebody.present(), id);
            } else {
                change(chance)
                        .license(new UserLicense(
                                before.ussfId(),
                                before.action(),
                                id,
                                before.issuer(),
                                before.issueDate(),
                                LocalDate.of(2090 + chance.nextInt(9), 12, 31),
                                before.updatedAt().plusMillis(1)));
            }
        }
    }

    private void experience(Somebody somebody, Random chance) {
        synchronized (somebody) {
            if (!somebody.erased) {
                change(chance).refereeExperience(somebody.present(), chance.nextInt(30));
            }
        }
    }

    /** Of a move that nobody is told, only those learn who hold the person. */
    private void move(Somebody somebody, Random chance) {
        synchronized (somebody) {
            if (somebody.isMember() && learningCenter.isSubscribed(somebody.present())) {
                var next = nextId();
                change(chance).ussfId(somebody.present(), next);
                somebody.ids.add(next);
            }
        }
    }

    private synchronized String nextId() {
        return Long.toString(2_090_000_000_000_000L + ++made);
    }

    private void renameALicense(Random chance) {
        change(chance)
                .catalogLicense(new License("coach_41", "Named " + chance.nextInt(1_000), "coach", "coach_pathway", 1));
    }

    /** Whether they are to be a member. */
    private void wish(Somebody somebody, boolean member) throws IOException, InterruptedException {
        synchronized (somebody) {
            if (!somebody.erased) {
                somebody.isMember = member || somebody.stays;
                somebody.unsure = true;
                somebody.unsure = !tell(somebody);
            }
        }
    }

    private boolean tell(Somebody somebody) throws IOException, InterruptedException {
        var path = "/members/" + somebody.member;
        var status = somebody.isMember
                ? send("PUT", run.api().resolve(path), JSON.writeValueAsString(fields(somebody)))
                        .statusCode()
                : send("DELETE", run.api().resolve(path), "").statusCode();
        return status < 400 || status == 404 && !somebody.isMember;
    }

    private static Map<String, Object> fields(Somebody somebody) {
        var details = somebody.details;
        return Map.of(
                "firstName",
                details.firstName(),
                "lastName",
                details.lastName(),
                "email",
                details.email(),
                "dateOfBirth",
                details.dob().toString());
    }

    /** All who stay. */
    private void importSome() throws IOException, InterruptedException {
        var some = JSON.createObjectNode();
        var members = some.putArray("members");
        for (var somebody : people) {
            if (somebody.stays) {
                var fields = members.addObject().put("memberIdentifier", somebody.member);
                fields(somebody).forEach((name, value) -> fields.put(name, value.toString()));
            }
        }
        invoke("MemberImportFunction", some.toString());
    }

    private void erase(Somebody somebody) throws IOException, InterruptedException {
        synchronized (somebody) {
            if (!somebody.erased && !somebody.stays && erasures.incrementAndGet() <= MOST_ERASED) {
                somebody.erased = true;
                somebody.unsure = true;
                learningCenter.awaitWebhooks(PATIENCE);
                somebody.unsure = !forget(somebody);
            }
        }
    }

    /** By their number, as the organization knows them, and by every USSF-ID that it may have seen. */
    private boolean forget(Somebody somebody) throws IOException, InterruptedException {
        var all = invoke("PersonErasureFunction", "{\"memberIdentifier\":\"" + somebody.member + "\"}");
        for (var id : somebody.ids()) {
            all &= invoke("PersonErasureFunction", "{\"ussfId\":\"" + id + "\"}");
        }
        return all;
    }

    private void unreadable(Random chance) throws IOException, InterruptedException {
        var payload = "{\"nobody\":\"can read " + chance.nextInt(1_000_000) + "\"}";
        unreadable.add(payload);
        webhook("/webhooks/user-license-update", payload);
    }

    /** A webhook comes twice, and out of order; not of somebody who is to be forgotten. */
    private void sendAgain(Random chance) throws IOException, InterruptedException {
        var sent = learningCenter.webhooks();
        if (sent.isEmpty()) {
            return;
        }
        var webhook = sent.get(chance.nextInt(sent.size()));
        var body = webhook.body().toString();
        for (var somebody : people) {
            synchronized (somebody) {
                if (somebody.ids.stream().anyMatch(body::contains)) {
                    if (!somebody.erased) {
                        webhook(webhook.path(), body);
                    }
                    return;
                }
            }
        }
        webhook(webhook.path(), body);
    }

    private void webhook(String path, String body) throws IOException, InterruptedException {
        send("POST", run.api().resolve(path), body, "Authorization", WEBHOOK_KEY, "Content-Type", "application/json");
    }

    private void read(Somebody somebody, int what) throws IOException, InterruptedException {
        var api = run.api();
        switch (what % 5) {
            case 0 -> get(api.resolve("/members/" + somebody.member + "/licenses"));
            case 1 -> get(api.resolve("/users/" + somebody.present() + "/licenses"));
            case 2 -> get(api.resolve("/roster?limit=10"));
            case 3 -> get(api.resolve("/changes?limit=10"));
            default ->
                send(
                        "GET",
                        api.resolve("/member-verification?memberIdentifier=" + somebody.member),
                        "",
                        "X-Access-Token",
                        "local-access-token");
        }
    }

    /** Waits until all that is under way is over. */
    void quieten() throws InterruptedException {
        if (!free.tryAcquire(AT_ONCE, 5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("something is still under way after five minutes");
        }
        free.release(AT_ONCE);
        learningCenter.awaitWebhooks(TIME_FOR_WEBHOOKS);
    }

    /** As {@code PersonErasure} asks for: a function may have been at work on somebody when they were forgotten. */
    void forgetAgain() {
        for (var somebody : people) {
            synchronized (somebody) {
                somebody.unsure |= somebody.erased;
            }
        }
    }

    /** Whoever was not answered asks again. Then the schedules' functions are called, as often as a day would. */
    void settle() throws IOException, InterruptedException {
        for (var somebody : people) {
            synchronized (somebody) {
                if (somebody.unsure) {
                    somebody.unsure = !(somebody.erased ? forget(somebody) : tell(somebody));
                }
            }
        }
        invoke("FollowUpFunction", "{\"all\":true}");
        invoke("LicenseCatalogSyncFunction", "{}");
        invoke("UserLicenseReconciliationFunction", "{}");
        invoke("SubscriptionAuditFunction", "{\"repair\":true}");
        for (var somebody : people) {
            if (somebody.isMember()) {
                invoke("PersonRefreshFunction", "{\"ussfId\":\"" + somebody.present() + "\"}");
            }
        }
        invoke("FollowUpFunction", "{\"all\":true}");
    }

    /** Calls a function; false if it failed. */
    boolean invoke(String function, String payload) throws IOException, InterruptedException {
        var answer = called(function, payload);
        return answer.statusCode() < 300
                && answer.headers().firstValue("X-Amz-Function-Error").isEmpty();
    }

    /** What a function says. */
    JsonNode result(String function, String payload) throws IOException, InterruptedException {
        return JSON.readTree(called(function, payload).body());
    }

    private HttpResponse<String> called(String function, String payload) throws IOException, InterruptedException {
        return send("POST", run.lambda().resolve("/2015-03-31/functions/" + function + "/invocations"), payload);
    }

    /** What a route answers. */
    JsonNode get(URI uri) throws IOException, InterruptedException {
        return JSON.readTree(send("GET", uri, "").body());
    }

    private HttpResponse<String> send(String method, URI uri, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** What has to be held of them, by what the Learning Center has now; a line for each. */
    TreeSet<String> expected() {
        var lines = new TreeSet<String>();
        for (var somebody : people) {
            if (somebody.isMember()) {
                var id = somebody.present();
                lines.add(somebody.member + " is enrolled, " + id);
                lines.add("the Learning Center tells of " + id);
                learningCenter.licenses(id).stream()
                        .filter(UserLicense::isActive)
                        .forEach(license -> lines.add(id + " holds " + license.licenseId() + " " + license.issuer()
                                + " " + license.issueDate() + " " + license.expirationDate() + " "
                                + license.updatedAt()));
                learningCenter.people().stream()
                        .filter(person -> person.ussfId().equals(id))
                        .forEach(person -> lines.add(id + " has " + person.refereeExperience() + " years"));
            }
        }
        return lines;
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
