package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.browser.Calls.put;
import static org.touchline.browser.Calls.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;

/** Every view of the page against the local run, as somebody finds their way who has never seen a terminal. */
class ViewsTest {
    private static Chromium browser;
    private static LocalRun run;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.start();
        var log = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), log);
        browser.open(page(""));
        browser.see("#views a");
        // A store that has only just begun, on a busy machine, may not answer in time.
        browser.patiently(() -> browser.await(
                "the list of licenses",
                () -> Optional.of(invoke("LicenseCatalogSyncFunction", "{}"))
                        .filter(synced -> synced.contains("\"total\":82"))));
        put(run, "CYSA-1001", "Vidar", "Mlakar", "2020000004136762@test.com", "1999-01-01");
        put(run, "CYSA-1002", "Tim", "Smith", "2020000004152809@test.com", "1973-11-05");
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (run != null) {
            run.close();
        }
    }

    /** Whatever the test did: no error in the browser's console. */
    @AfterEach
    void nothingIsComplainedOf() {
        assertEquals(List.of(), browser.complaints());
    }

    private static URI page(String fragment) {
        return run.endpoints().api().resolve("/" + fragment);
    }

    @Test
    void whoIsNotClearedIsFoundCorrectedAndSeenToBeEnrolled() throws Exception {
        put(run, "CYSA-2001", "Daniel", "Oliynyk-Reyes", "daniel@example.org", "2002-02-02");
        browser.go("#/registrar/no_match");
        browser.seeText("Daniel Oliynyk-Reyes");
        browser.seeText("Nobody in the Learning Center has these details: ask the member for the exact e-mail address");
        looks("registrar");

        browser.pressIn("[data-member='CYSA-2001']", "Correct details");
        browser.type("E-mail", "2019000004136364@test.com");
        browser.reload();
        assertEquals(
                "2019000004136364@test.com",
                browser.field("E-mail").getDomProperty("value"),
                "what was typed survives a reload");
        browser.press("Put in again");

        browser.see("[data-member='CYSA-2001'] .badge.good");
        browser.follow("See their licenses");
        browser.seeText("SafeSport Trained");
    }

    @Test
    void overviewSaysWhetherItIsWell() throws Exception {
        nothingIsQuarantined();
        invoke("UserLicenseReconciliationFunction", "{}");
        browser.go("#/overview");
        browser.see(".verdict.good");
        browser.seeText("How complete the copy is");
        browser.see("svg.chart");
        looks("overview");
    }

    @Test
    void overviewSaysWhyItIsNotWell() throws Exception {
        quarantined();
        browser.go("#/overview");
        browser.see(".verdict.bad");
        browser.seeText("1 message could not be understood");
    }

    @Test
    void personIsFoundWithDetailsLicensesAndWhatHappened() throws Exception {
        browser.go("#/person");
        browser.seeText("Look for somebody");
        browser.type("Member identifier or USSF-ID", "CYSA-1001");
        browser.press("Find");
        browser.seeText("Vidar Mlakar");
        browser.seeText("Referee");
        browser.seeText("What happened");
        browser.seeText("Enrolled");
        browser.seeText("Put in as a member");
        assertTrue(browser.address().endsWith("/console/#/person/CYSA-1001"), browser::address);
        browser.seeText("Found when all licenses of the person were asked for.");
        var put = browser.see("[data-type='member.added'] time");
        assertEquals(
                DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm a", Locale.US)
                        .withZone(ZoneId.of("America/New_York"))
                        .format(Instant.parse(put.getDomAttribute("datetime"))),
                put.getText().replace('\u202F', ' '),
                "in the organization's zone");
        assertTrue(put.getDomAttribute("title").endsWith(" UTC"), put.getDomAttribute("title"));
        looks("person");

        browser.pick(
                "As it will be on", LocalDate.now(ZoneOffset.UTC).plusYears(3).toString());
        browser.seeText("Expired");
        browser.back();
        browser.await(
                "today's licenses",
                () -> Optional.of(browser.text())
                        .filter(text -> text.contains("Referee") && !text.contains("Expired")));
        browser.forward();
        browser.seeText("Expired");
        browser.reload();
        browser.seeText("Expired");
        browser.back();
        browser.await("today's licenses", () -> Optional.of(browser.text()).filter(text -> !text.contains("Expired")));
        browser.press("Refresh");
        browser.seeText("Refreshed: nothing had changed.");
    }

    @Test
    void personIsFoundByUssfIdAlsoByAFormerOne() throws Exception {
        browser.go("#/person/2020%200000%200415%202809");
        browser.seeText("USSF-ID 2020000004152809");
        browser.seeText("National B");
    }

    @Test
    void whoIsForgottenIsGoneAfterALookAtWhatGoes() throws Exception {
        put(run, "CYSA-3001", "Ovidius", "Howell", "2020000004136629@test.com", "2000-01-01");
        browser.go("#/person/CYSA-3001");
        browser.see(".person-head .badge.good, .person-head .badge.wait");
        browser.press("Forget");
        browser.see("dialog[open]");
        browser.seeDialog("cannot be brought back");
        browser.seeDialog("members: 1");
        browser.seeDialog("in quarantine: 0");
        browser.hasNoBarrier();
        assertFalse(browser.see("dialog .danger").isEnabled(), "not before the identifier is typed");
        browser.type("Type CYSA-3001", "cysa-3001");
        browser.press("Forget for good");
        browser.seeText("CYSA-3001 is forgotten.");
        assertEquals(404, send("GET", api("/members/CYSA-3001"), "").statusCode());
    }

    @Test
    void whatEndsSoonIsListedByDateAndSaved() throws Exception {
        var ends = LocalDate.now(ZoneId.of("America/New_York")).plusDays(5);
        license("2020000004136762", "referee_7", ends.toString());
        browser.await(
                "the webhook",
                () -> Optional.of(get("/users/2020000004136762/licenses")).filter(held -> held.contains("referee_7")));
        browser.go("#/ends-soon?days=7");
        browser.seeText("Regional Referee");
        browser.seeText("CYSA-1001");
        looks("ends-soon");
        browser.press("As a CSV file");
        var file = browser.download("ends-within-7-days-" + ends.minusDays(5) + ".csv");
        assertTrue(file.contains("\r\n" + ends + ",referee_7,Regional Referee,CYSA-1001,2020000004136762\r\n"), file);
        browser.choose("License", "FIFA Referee");
        browser.seeText("No license of a member ends within 7 days.");
    }

    @Test
    void changesAppearAsTheyCome() throws Exception {
        browser.go("#/changes");
        browser.seeText("Put in as a member");
        looks("changes");
        browser.choose("Kind", "Licenses");
        browser.await(
                "members' changes gone", () -> Optional.of(browser.text()).filter(text -> !text.contains("Put in as")));
        license("2020000004152809", "coach_22", "2099-12-31");
        browser.seeText("good through 2099-12-31");
    }

    @Test
    void whatCouldNotBeUnderstoodIsReadAndGivenUp() throws Exception {
        quarantined();
        browser.go("#/quarantine");
        browser.seeText("A person's license");
        looks("quarantine");
        browser.follow("A person's license");
        browser.see("pre");
        assertTrue(browser.see("pre").getText().contains("  \"ussf_id\": \"not one\""), "printed over several lines");
        browser.press("Replay");
        browser.seeText("It still cannot be understood.");
        browser.press("Give up");
        browser.pressIn("dialog", "Give up");
        browser.seeText("It is given up");
    }

    @Test
    void listThatWouldRetireMostIsAcceptedAfterALookAtTheNumbers() throws Exception {
        var list =
                "[{\"license_id\":\"referee_8\",\"name\":\"Grassroots\",\"discipline\":\"referee\",\"type\":\"referee_pathway\",\"rank\":8}]";
        quarantined();
        webhook("/webhooks/uss-licenses-update", list);
        browser.go("#/quarantine");
        browser.follow("The list of licenses");
        browser.seeText("would retire");
        browser.press("Accept");
        browser.seeDialog("81 of 82 licenses would be retired");
        browser.pressIn("dialog", "Cancel");
        assertFalse(get("/licenses").contains("retired"), "nothing was accepted");
        browser.press("Accept");
        browser.pressIn("dialog", "Accept");
        browser.seeText("It is understood and applied.");
        assertEquals(81, get("/licenses").split("\"retired\"", -1).length - 1);
        invoke("LicenseCatalogSyncFunction", "{}");
        assertFalse(get("/licenses").contains("retired"), "the Learning Center still has them");
    }

    @Test
    void membersComeFromAFileAndAreFoundByTheBeginningOfTheirNames() throws Exception {
        var file = Files.writeString(folder.resolve("members.csv"), """
                memberIdentifier,firstName,lastName,email,dateOfBirth,ussfId,active
                CSV-1,Len,"Nussenbaum, Jr.",2020000004149753@test.com,2000-01-01,,true
                CSV-2,Nobody,There,nobody@example.org,1980-05-05,,
                CSV-3,Janek,Harlan,,1988-01-01,,
                CSV-4,Georgiy,Mikaelsson,2020000004149609@test.com,1995-02-30,,
                """);
        browser.go("#/members");
        browser.see("details summary").click();
        browser.field("CSV file").sendKeys(file.toString());
        browser.seeText("2 members would be put in; 2 things are wrong");
        browser.seeText("email: required");
        browser.seeText("dateOfBirth: a day as YYYY-MM-DD");
        looks("members-import");
        browser.press("Put 2 in");
        browser.seeText("Done: 2 stored");
        browser.seeText("1 could not be found");

        browser.reload();
        browser.type("Beginning of a name or identifier", "nuss");
        browser.seeText("Shown: 1 to 1 of 1.");
        browser.seeText("Nussenbaum, Jr.");
        looks("members");
        browser.press("Roster as a CSV file");
        var roster = browser.download("roster-" + LocalDate.now(ZoneId.of("America/New_York")) + ".csv");
        assertTrue(roster.startsWith("\uFEFFmemberIdentifier,ussfId,"), roster);
        assertTrue(roster.contains("CYSA-1001,2020000004136762,enrolled,true,"), roster);
    }

    @Test
    void checkBeforeGoingLiveIsToldLineByLine() throws Exception {
        browser.go("#/go-live");
        browser.button("Check");
        browser.script("""
                const grown = window.grown = [];
                new MutationObserver(() => grown.push(document.querySelectorAll('.checks li').length))
                    .observe(document.getElementById('main'), { childList: true, subtree: true });
                """);
        browser.press("Check");
        browser.patiently(() -> browser.see(".verdict"));
        var lines = (Long) browser.script("return document.querySelectorAll('.checks li').length");
        assertEquals(
                lines,
                browser.script("return new Set(window.grown.filter(number => number > 0)).size"),
                "each line was seen without the next");
        for (var line : List.of("Secrets", "User look-up", "Another birth date", "User-update webhook")) {
            browser.seeText(line);
        }
        looks("go-live");
    }

    @Test
    void checkGoesOnAfterAReloadWhereItWasLeft() throws Exception {
        var slow = send("POST", run.endpoints().learningCenter().resolve("/simulator/faults"), """
                {"method":"GET","path":"/user-licenses","effect":"delay","millis":4000}""");
        assertEquals(200, slow.statusCode(), slow::body);
        browser.go("#/go-live");
        browser.press("Check");
        browser.seeText("Trying: user-licenses window");
        browser.reload();
        browser.seeText("It was left at this: User-licenses window.");
        browser.seeText("Grassroots certificate");
        browser.press("Go on");
        browser.patiently(() -> browser.see(".verdict"));
        assertEquals(
                1L,
                browser.script("return [...document.querySelectorAll('.checks li')]"
                        + ".filter(each => each.textContent.includes('Secrets')).length"));
    }

    @Test
    void whatIsDoneInTheSimulatorIsSeenToArrive() throws Exception {
        browser.go("#/play/2020000004149517");
        browser.seeText("Janek Harlan");
        browser.press("Put Janek Harlan in");
        browser.seeText("subscribed");
        browser.choose("License", "Regional Referee");
        browser.press("Give or change it");
        browser.seeIn("[aria-label='What arrives']", "Regional Referee");
        looks("play");
        browser.choose("License", "National Referee Coach");
        browser.field("The webhook is lost").click();
        browser.press("Give or change it");
        browser.seeText("Touchline does not know");
        browser.press("Reconcile now");
        browser.seeIn("[aria-label='What arrives']", "National Referee Coach");
        browser.press("It fails");
        browser.seeText("The next 20 calls are answered 503.");
        browser.press("It is slow");
        browser.seeText("Each of the next 20 calls takes three seconds longer.");
        browser.press("All is well again");
        browser.seeText("Nothing goes wrong any more.");
    }

    @Test
    void whoseUssfIdChangesIsFollowedToTheNewOne() {
        browser.go("#/play/2020000004149609");
        browser.press("Put Georgiy Mikaelsson in");
        browser.seeIn("[aria-label='What arrives']", "4v4 License");
        browser.type("New USSF-ID", "2025000004149609");
        browser.press("Move");
        browser.patiently(() -> browser.seeIn("[aria-label='What arrives'] p", "2025000004149609 subscribed"));
        assertTrue(browser.address().endsWith("#/play/2025000004149609"), browser::address);
        browser.go("#/person/2020000004149609");
        browser.seeText("The person is now 2025000004149609.");
        browser.follow("2025000004149609");
        browser.seeText("The USSF-ID changed from 2020000004149609 to 2025000004149609");
    }

    @Test
    void cellThatWouldBeAFormulaIsOnlyText() {
        var written = browser.later("""
                const done = arguments[arguments.length - 1];
                import('/console/csv.js').then(({ write }) => done(JSON.stringify(write([
                    ['=1+1', '+1', '-1', '@x', '\\tx', 'a "b", c', 'two\\nlines', null, "O'Brien", 7]]))));
                """);

        assertEquals("""
                "'=1+1,'+1,'-1,'@x,'\\tx,\\"a \\"\\"b\\"\\", c\\",\\"two\\nlines\\",,O'Brien,7\\r\\n\"""", written);
    }

    @Test
    void fileIsReadAsSpreadsheetsWriteIt() {
        var read = browser.later("""
                const done = arguments[arguments.length - 1];
                import('/console/csv.js').then(({ parse }) => done(JSON.stringify(parse(
                    '\\uFEFFa,b\\r\\n\\r\\n"x ""y"", z","two\\nlines"\\r\\nlast,'))));
                """);

        assertEquals("""
                [{"line":1,"cells":["a","b"]},{"line":3,"cells":["x \\"y\\", z","two\\nlines"]},{"line":5,"cells":["last",""]}]""", read);
    }

    @Test
    void keyboardLeadsThroughThePage() {
        browser.go("#/person");
        browser.see("#who");
        assertEquals(
                "h1", browser.script("return document.activeElement.localName"), "focus is on the new view's heading");
        browser.keys(Keys.TAB);
        assertEquals("who", browser.script("return document.activeElement.id"));
        browser.keys("CYSA-1002", Keys.ENTER);
        browser.seeText("Tim Smith");
    }

    // ------------------------------------------------------------------------------------------------------------------------

    /** Each view: nothing that axe-core knows is wrong with it, in light and in dark; it fits on a phone; and a picture of it. */
    private static void looks(String name) throws IOException {
        for (var dark : List.of(false, true)) {
            browser.dark(dark);
            browser.hasNoBarrier();
            browser.picture("console-" + name + (dark ? "-dark" : ""));
        }
        browser.dark(false);
        browser.size(500, 900);
        var tooWide =
                browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertEquals(0L, tooWide, "nothing is beyond the right edge");
        browser.await(
                "the view among the others",
                () -> Optional.of((Boolean) browser.script("""
                        const { left, right } = document.querySelector('#views [aria-current]').getBoundingClientRect();
                        return left >= 0 && right <= innerWidth;
                        """)).filter(Boolean::booleanValue));
        browser.picture("console-" + name + "-phone");
        browser.size(1360, 900);
    }

    private static URI api(String path) {
        return run.endpoints().api().resolve(path);
    }

    /** The Learning Center gives, or changes, a license, and says so. */
    private static void license(String ussfId, String licenseId, String ends) throws Exception {
        var body = """
                {"ussf_id":"%s","license_id":"%s","expiration_date":"%s"}""".formatted(ussfId, licenseId, ends);
        var told = send("POST", run.endpoints().learningCenter().resolve("/simulator/user-licenses"), body);
        assertEquals(200, told.statusCode(), told::body);
    }

    /** One message that cannot be understood waits, however often this is called. */
    private static void quarantined() throws Exception {
        webhook("/webhooks/user-license-update", "{\"ussf_id\":\"not one\",\"action\":\"added\"}");
    }

    /** Whatever other tests left there is given up. */
    private static void nothingIsQuarantined() {
        Pattern.compile("\"id\":\"([^\"]+)\"")
                .matcher(invoke("QuarantineReplayFunction", "{\"list\":true}"))
                .results()
                .forEach(entry -> invoke(
                        "QuarantineReplayFunction", "{\"id\":\"%s\",\"discard\":true}".formatted(entry.group(1))));
    }

    private static void webhook(String path, String body) throws Exception {
        var answer = send("POST", api(path), body, "Authorization", "local-webhook-key");
        assertEquals(202, answer.statusCode(), answer::body);
    }

    private static String get(String path) {
        return body("GET", api(path), "");
    }

    private static String body(String method, URI uri, String body) {
        try {
            return send(method, uri, body).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String invoke(String function, String payload) {
        var path = "/2015-03-31/functions/" + function + "/invocations";
        return body("POST", run.endpoints().lambda().resolve(path), payload);
    }
}
