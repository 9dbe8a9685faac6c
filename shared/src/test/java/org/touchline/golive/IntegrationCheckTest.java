package org.touchline.golive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Alteration;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUpStore;
import org.touchline.golive.IntegrationCheck.Check;
import org.touchline.golive.IntegrationCheck.Position;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.learningcenter.wire.AnswerShapes;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.Members;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.secret.RotatingKey;
import org.touchline.secret.SecretReader;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;
import org.touchline.webhook.HeardWebhooks;

/** Against the simulator; the webhooks come to a receiver that notes them, as the functions do. */
class IntegrationCheckTest {
    private static final UssfId TEST_USER = IntegrationCheck.FIRST_TEST_USER;
    private static final UssfId FORMER = new UssfId("0000000000000001");
    private static final UssfId SUCCESSOR = new UssfId("0000000000000002");

    private final ConnectedStack connected = new ConnectedStack(Backend.EMBEDDED);
    private final HttpClient http = LearningCenterHttp.newHttpClient();
    private final Pacing pacing = new Pacing(connected.clock, this::pass, connected.pacing.random());
    private final List<Check> told = new ArrayList<>();
    private HeardWebhooks heard;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private FollowUpStore followUps;
    private MemberDirectory members;
    private IntegrationCheck check;
    private HttpServer receiver;

    @BeforeEach
    void connect() throws IOException {
        var stack = connected.stack;
        var table = stack.table("LicenseStoreTable");
        heard = new HeardWebhooks(stack.dynamoDb(), table, connected.clock);
        licenses = new LicenseStore(stack.dynamoDb(), table);
        profiles = new ProfileStore(stack.dynamoDb(), table);
        followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), connected.clock);
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"key\"}");
        check = newCheck();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/webhooks/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            if (path.endsWith("ussf-id-update")) {
                licenses.markAndTakeAlong(FORMER, SUCCESSOR);
                followUps.askLater(new LookAgain(FORMER), Duration.ofMinutes(16));
            }
            new HeardWebhooks(stack.dynamoDb(), table, connected.clock).heard(path);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        http.close();
        connected.close();
    }

    @Test
    void everythingPassesWhereEachCallIsAnsweredAndEachWebhookArrives() {
        listen();

        var checks = run();

        assertEquals(
                List.of(
                        "secrets",
                        "login",
                        "refresh",
                        "catalog",
                        "user look-up",
                        "licenses",
                        "referee experience",
                        "grassroots certificate",
                        "user-licenses window",
                        "another birth date",
                        "unknown USSF-ID",
                        "subscription",
                        "uss-licenses-update webhook",
                        "user-license-update webhook",
                        "ussf-id-update webhook",
                        "user-update webhook",
                        "unsubscription"),
                checks.stream().map(Check::name).toList());
        assertTrue(checks.stream().allMatch(Check::passed), checks.toString());
        assertFalse(checks.toString().contains("differs"), checks.toString());
        assertEquals(checks, told);
        assertTrue(connected.simulator.calls("POST /login") > 1);
        assertEquals(1, connected.simulator.calls("POST /refresh-token"));
    }

    @Test
    void oneByOneTheSameIsChecked() {
        listen();
        var together = run();

        var oneByOne = runOneByOne();

        assertEquals(
                together.stream().map(Check::name).toList(),
                oneByOne.stream().map(Check::name).toList());
        assertTrue(oneByOne.stream().allMatch(Check::passed), oneByOne.toString());
        assertFalse(connected.simulator.isSubscribed(TEST_USER.value()));
    }

    @Test
    void oneByOneASubscriptionThatWasThereIsLeft() {
        listen();
        connected.client(connected.session()).subscribe(TEST_USER, connected.soon());

        assertEquals("user-update webhook", runOneByOne().getLast().name());
        assertTrue(connected.simulator.isSubscribed(TEST_USER.value()));
    }

    @Test
    void oneByOneNothingFollowsARefusedLogin() {
        connected.stack.putSecret("LearningCenterCredentialsSecret", ConnectedStack.WRONG_CREDENTIALS);

        assertEquals(
                List.of("secrets", "login"),
                runOneByOne().stream().map(Check::name).toList());
    }

    @Test
    void namesWhatTheDrillsLeaveBehind() {
        listen();

        run();

        assertTrue(detail("ussf-id-update webhook").contains(FORMER + " to " + SUCCESSOR));
        assertTrue(detail("user-license-update webhook").contains(TEST_USER.value()));
    }

    @Test
    void endsTheSubscriptionThatItMadeAndNoOther() {
        listen();
        run();
        assertFalse(connected.simulator.isSubscribed(TEST_USER.value()));

        var client = connected.client(connected.session());
        client.subscribe(TEST_USER, connected.soon());
        run();
        assertTrue(connected.simulator.isSubscribed(TEST_USER.value()));
    }

    @Test
    void leavesTheSubscriptionOfAMember() {
        listen();
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + TEST_USER + "\""));

        run();

        assertTrue(connected.simulator.isSubscribed(TEST_USER.value()));
        assertFalse(detail("user-license-update webhook").contains("left behind"));
    }

    @Test
    void webhookThatDoesNotArriveWithinAMinuteFailsAndSaysWhatToLookAt() {
        var before = connected.now();

        var webhooks =
                run().stream().filter(each -> each.name().endsWith("webhook")).toList();

        assertEquals(4, webhooks.size());
        assertTrue(webhooks.stream().noneMatch(Check::passed));
        assertTrue(detail("user-update webhook").contains("WebhookKeysSecret"));
        assertTrue(Duration.between(before, connected.now()).compareTo(Duration.ofSeconds(75)) < 0);
    }

    /** An instance that has just noted a webhook does not note the drilled one: it is waited until it would. */
    @Test
    void drillsOnlyOnceAWebhookThatCameJustNowIsFiveSecondsAgo() {
        listen();
        heard.heard("/webhooks/user-update");
        var before = connected.now();

        run();

        assertTrue(Duration.between(before, connected.now()).compareTo(HeardWebhooks.EVERY) > 0);
    }

    @Test
    void refusedCredentialsAreNamedAndNothingElseIsTried() {
        connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"wrong\"}");

        var checks = run();

        assertEquals(
                List.of("secrets", "login"), checks.stream().map(Check::name).toList());
        assertFalse(checks.getLast().passed());
        assertTrue(checks.getLast().detail().contains(connected.stack.secret("LearningCenterCredentialsSecret")));
    }

    /** What the functions still have in memory does not count: each secret is read anew, and its form judged. */
    @Test
    void secretThatIsOverwrittenIsNamedAlthoughTheSessionIsOpen() {
        listen();
        run();
        assertEquals("credentials, webhook keys: each is of its form", detail("secrets"));

        connected.stack.putSecret("LearningCenterCredentialsSecret", "{\"user\":\"u\",\"pass\":\"w\"}");
        connected.stack.putSecret("WebhookKeysSecret", "not JSON");
        var checks = run();

        assertFalse(checks.getFirst().passed());
        assertTrue(detail("secrets").contains(connected.stack.secret("LearningCenterCredentialsSecret")));
        assertTrue(detail("secrets").contains(connected.stack.secret("WebhookKeysSecret") + " is not a JSON object"));
    }

    /** Not the login that is in memory for five minutes. */
    @Test
    void loginIsThatWhichTheSecretHoldsNow() {
        listen();
        run();

        connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"wrong\"}");

        assertFalse(run().getLast().passed());
    }

    @Test
    void refusedRefreshIsSeenAlthoughALoginWouldDo() {
        listen();
        connected.simulator.addFault(Fault.answer(401).on("POST", "/refresh-token"));

        run();

        assertEquals("the refresh token was refused", detail("refresh"));
        assertTrue(told.stream().filter(each -> !each.name().equals("refresh")).allMatch(Check::passed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /licenses           | catalog | [{"License ID":"referee_8","name":"R","discipline":"referee","type":"t","rank":1,"color":"red"}] | 1 licenses; differs from the wire contract: license_id is spelled License ID, color (a text) is not in the contract
            /licenses           | catalog | {"licenses":[{"license_id":"referee_8","name":"R","discipline":"referee","type":"t"}]} | 1 licenses; differs from the wire contract: an object (licenses: an array) instead of a list, rank is missing
            /licenses           | catalog | [{"id":"referee_8"}] | license_id is missing; differs from the wire contract: license_id is missing, name is missing, discipline is missing, type is missing, rank is missing, id (a text) is not in the contract
            /licenses           | catalog | [{"license_id":"referee_8","name":"R","discipline":"referee","type":"t","rank":1,"tim@example.org":5}] | 1 licenses; differs from the wire contract: (not shown) (a number) is not in the contract
            /users?             | user look-up | {"USSF-ID":"2020000004136762"} | the e-mail address finds the USSF-ID; differs from the wire contract: result is missing, ussf_id is spelled USSF-ID
            /users/{ussf_id}/referee-experience | referee experience | {"ussf_id":"2020000004136762","Referee-Experience":"6","since":2020} | a number of years; differs from the wire contract: referee_experience is spelled Referee-Experience, since (a number) is not in the contract
            /user-licenses      | user-licenses window | [] | 0 changes in 7 days, on 1 page; differs from the wire contract: a bare list instead of data beside pagination
            /user-licenses      | user-licenses window | {"data":[{"ussf_id":"2020000004136762","action":"added","license_id":"referee_8","updated_at":"2026-03-01T00:00:00Z","issuer":null,"issue_date":null,"course":"x"}],"links":{}} | 1 changes in 7 days, on 1 page; differs from the wire contract: links (an object) is not in the contract, pagination is missing, expiration_date is missing, course (a text) is not in the contract
            /subscriptions      | subscription | {"data":[{"ussf_id":"2020000004136762","created_at":null}]} | subscribed, and listed; differs from the wire contract: pagination is missing
            """)
    void whereAnAnswerDiffersItSaysInWhichFieldAndNeverAValue(String path, String name, String body, String detail) {
        listen();
        connected.simulator.addFault(Fault.answer(200, Map.of(), body)
                .on("GET", path.replace("?", ""))
                .times(path.equals("/subscriptions") ? 2 : 1));

        run();

        assertEquals(detail, detail(name));
    }

    /** Design rule 24: one that the organization wants is a failure to look into, one that it does not is named. */
    @Test
    void optionalCallThatIsRefusedIsNamedWithItsStatusAndWhatItSays() {
        listen();
        var page = "<html><body>" + "x".repeat(200);
        connected.simulator.addFault(
                Fault.answer(404, Map.of(), page).on("GET", "/users/{ussf_id}/referee-experience"));
        connected.simulator.addFault(Fault.answer(403).on("GET", "/users/{ussf_id}/grassroots-referee-certificate"));

        run();

        var experience = check("referee experience");
        assertFalse(experience.passed());
        assertTrue(
                experience.detail().startsWith("GET /users/{ussf_id}/referee-experience was refused with 404;"),
                experience.detail());
        assertTrue(
                experience.detail().endsWith("; it was answered 404 \"" + page.substring(0, 100) + "\""),
                experience.detail());
        assertFalse(experience.summary().contains("xxx"), "that is logged");
        var certificate = check("grassroots certificate");
        assertTrue(certificate.passed());
        assertTrue(certificate.detail().contains("was refused with 403"), certificate.detail());
        assertTrue(certificate.detail().endsWith("; it was answered 403 without a body"), certificate.detail());
        assertTrue(check("unsubscription").passed());
    }

    /** Wire contract §7: on these two errors it depends who is enrolled. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            another birth date | 400 | {"message":"Bad Request"} | a member with one stays pending; it was answered 400 "{"message":"Bad Request"}"
            another birth date | 200 | [] | the USSF-ID of somebody else is taken for a member's; it was answered 200 "[]"
            unknown USSF-ID    | 404 | Not Found | unknown ids will not be told from refusals: a member with one stays pending; it was answered 404 "Not Found"
            unknown USSF-ID    | 200 | [] | unknown ids will not be told from people without licenses, nor from refusals; it was answered 200 "[]"
            """)
    void errorThatIsNotAsExpectedIsShownWithWhatFollows(String name, int status, String body, String detail) {
        listen();
        connected.simulator.addFault(Fault.answer(status, Map.of(), body)
                .on("GET", "/users/{ussf_id}/user-licenses")
                .after(name.equals("another birth date") ? 1 : 2));

        run();

        assertFalse(check(name).passed());
        assertTrue(detail(name).endsWith(detail), detail(name));
    }

    @Test
    void changeThatCannotBeReadIsAFailure() {
        listen();
        connected.simulator.addFault(Fault.altered(Alteration.ODD_ROW, "{\"ussf_id\":\"2020000004136762\"}")
                .on("GET", "/user-licenses"));

        run();

        assertFalse(check("user-licenses window").passed());
        assertTrue(detail("user-licenses window").startsWith("a change cannot be read: "));
    }

    @Test
    void ofManyDifferencesSomeAreNamedAndTheRestCounted() {
        listen();
        var rows = IntStream.range(0, 20)
                .mapToObj(i -> "{\"license_id\":\"referee_8\",\"name\":\"R\",\"discipline\":\"referee\",\"type\":\"t\","
                        + String.format(Locale.ROOT, "\"rank\":1,\"field%02d\":true}", i))
                .collect(Collectors.joining(",", "[", "]"));
        connected.simulator.addFault(Fault.answer(200, Map.of(), rows).on("GET", "/licenses"));

        run();

        assertTrue(
                detail("catalog").contains("field11 (a boolean) is not in the contract, and 8 more"),
                detail("catalog"));
    }

    private List<Check> run() {
        told.clear();
        return check.run(TEST_USER, connected.in(Duration.ofMinutes(5)), told::add);
    }

    private Check check(String name) {
        return told.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String detail(String name) {
        return check(name).detail();
    }

    private List<Check> runOneByOne() {
        var checks = new ArrayList<Check>();
        for (var at = Position.FIRST; at != null; ) {
            var single = check.runOne(TEST_USER, at, connected.soon(), _ -> {});
            checks.add(single.check());
            at = single.next();
        }
        return checks;
    }

    private void listen() {
        var port = receiver.getAddress().getPort();
        connected.simulator.webhooksTo(URI.create("http://127.0.0.1:" + port), "key");
    }

    private Map<String, Runnable> secrets(LearningCenterSession session) {
        var keys = new SecretReader(
                connected.stack.secretsManager(),
                connected.stack.secret("WebhookKeysSecret"),
                connected.clock,
                _ -> {});
        var secrets = new LinkedHashMap<String, Runnable>();
        secrets.put("credentials", session::judgeCredentials);
        secrets.put("webhook keys", new RotatingKey(keys, connected.clock)::judge);
        return secrets;
    }

    private IntegrationCheck newCheck() {
        var shapes = new AnswerShapes();
        var learningCenterHttp = new LearningCenterHttp(
                http, connected.simulator.baseUrl(), pacing, RequestRate.unlimited(pacing), shapes);
        var secret = new SecretReader(
                connected.stack.secretsManager(),
                connected.stack.secret("LearningCenterCredentialsSecret"),
                connected.clock,
                _ -> {});
        var session = new LearningCenterSession(
                learningCenterHttp,
                secret,
                connected.stack.dynamoDb(),
                connected.stack.table("TokenCacheTable"),
                pacing,
                _ -> {});
        var client = new LearningCenterClient(learningCenterHttp, session);
        var drills = new WebhookDrills(client, heard, followUps, profiles, pacing);
        return new IntegrationCheck(secrets(session), client, shapes, members, drills, new Extras(true, false), pacing);
    }

    /** Time passes, and what was sent arrives in it. */
    private void pass(Duration duration) throws InterruptedException {
        connected.simulator.awaitWebhooks(Duration.ofSeconds(10));
        connected.clock.advance(duration);
    }
}
