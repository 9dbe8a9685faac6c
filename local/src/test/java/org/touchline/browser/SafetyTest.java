package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.browser.Calls.put;
import static org.touchline.browser.Calls.send;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;

/** What somebody else's page, or somebody else's name, can do in the browser of whoever has the console open. */
class SafetyTest {
    private static final String EVIL = "<img src=x onerror=\"document.title='owned'\">";

    private static Chromium browser;
    private static LocalRun run;
    private static HttpServer elsewhere;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.start();
        run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()), new PrintStream(PrintStream.nullOutputStream()));
        elsewhere = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        elsewhere.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody()
                        .write("<!doctype html><div id=main>a stranger's page</div>".getBytes(StandardCharsets.UTF_8));
            }
        });
        elsewhere.start();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
            run.close();
            elsewhere.stop(0);
        }
    }

    @Test
    void pageOfAnotherOriginGetsNowhere() throws Exception {
        put(run, "CYSA-1", "Jordan", "Doe", "jordan.doe@example.org", "1990-04-12");
        browser.open(URI.create("http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/"));

        for (var attempt : new String[] {
            "fetch(api + 'console/').then(answer => answer.text())",
            "fetch(api + 'console/session', {method: 'POST', headers: {'X-Console-Ticket': 'guessed'}}).then(answer => answer.text())",
            "fetch(api + 'console/functions/PersonErasureFunction', {method: 'POST', headers: {'X-Console-Token': 'guessed'}, body: '{\"memberIdentifier\":\"CYSA-1\"}'}).then(answer => answer.text())",
            "import(api + 'console/api.js').then(module => Object.keys(module).join())",
        }) {
            assertTrue(outcome(attempt).startsWith("refused: "), attempt);
        }
        // What a browser sends without asking first is answered to nobody, and does nothing.
        outcome("fetch(api + 'console/functions/PersonErasureFunction', {method: 'POST', mode: 'no-cors', body:"
                + " '{\"memberIdentifier\":\"CYSA-1\"}'}).then(answer => answer.type)");
        assertEquals(200, send("GET", api("/members/CYSA-1"), "").statusCode());
        // Nor is it shown in a frame.
        browser.script(
                "const frame = document.createElement('iframe'); frame.src = arguments[0]; document.body.append(frame)",
                api("/console/").toString());
        assertEquals(0L, browser.script("return frames[0].length"));
        browser.complaints();
    }

    @Test
    void reboundNameGetsNowhere() {
        var port = run.endpoints().api().getPort();
        browser.open(URI.create("http://touchline.example:" + port + "/"));

        var shown = String.valueOf(browser.script("return document.documentElement.innerText"));

        assertTrue(shown.contains("Misdirected Request"), shown);
        browser.complaints();
    }

    @Test
    void hostileNameIsJustAName() throws Exception {
        put(run, "EVIL-1", EVIL, "Doe", "jordan.doe@example.org", "1990-04-12");
        for (var view : new String[] {"#/members", "#/person/EVIL-1", "#/registrar"}) {
            browser.open(api("/"));
            browser.see("#views a");
            browser.go(view);
            browser.seeText(EVIL);
            assertEquals(0L, browser.script("return document.querySelectorAll('main img').length"), view);
            assertTrue(!"owned".equals(browser.script("return document.title")), view);
        }
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void textCannotBecomeMarkupEvenByMistake() {
        browser.open(api("/"));
        browser.see("#views a");

        var outcome = browser.script(
                "try { document.getElementById('said').innerHTML = '<b>x</b>'; return 'done' } catch (error) { return error.name }");

        assertEquals("TypeError", outcome);
        browser.complaints();
    }

    @Test
    void tokenIsNoLongerInTheAddressAndInNoCookie() {
        browser.open(api("/"));
        browser.see("#views a");

        assertEquals("", browser.script("return document.cookie"));
        assertEquals("", browser.script("return document.querySelector('meta[name=ticket]').content"));
        assertTrue(
                browser.address().endsWith("/console/") || browser.address().contains("/console/#/"), browser::address);
    }

    /** Addresses are in histories, in logs of proxies and in what people send each other: identifiers are in them, and nothing else of anybody. */
    @Test
    @Tag("rule-21")
    void addressesHoldNothingPersonal() throws Exception {
        put(run, "KEPT-APART-1", "Zqxjk", "Zqxjk-Doe", "zqxjk@example.org", "1931-07-23");
        var addresses = new TreeSet<String>();
        browser.open(api("/"));
        for (var view : List.of(
                "members", "person/KEPT-APART-1", "registrar", "ends-soon", "changes", "quarantine", "overview")) {
            browser.see("#views a");
            browser.go("#/" + view);
            browser.seeText(view.equals("members") || view.startsWith("person") ? "Zqxjk" : "");
            var here = (List<?>) browser.script("return [location.href]"
                    + ".concat(Array.from(document.querySelectorAll('[href], [src], [action]'), each => each.href || each.src || each.action))"
                    + ".concat(performance.getEntriesByType('resource').map(each => each.name)).map(String)");
            here.forEach(address -> addresses.add(String.valueOf(address)));
        }

        assertTrue(
                addresses.stream().anyMatch(address -> address.contains("/members/KEPT-APART-1")), addresses::toString);
        assertEquals(
                List.of(),
                addresses.stream()
                        .filter(address ->
                                address.toLowerCase(Locale.ROOT).contains("zqxjk") || address.contains("1931"))
                        .toList());
        browser.complaints();
    }

    private static String outcome(String attempt) {
        return String.valueOf(browser.later(
                "const done = arguments[arguments.length - 1], api = arguments[0]; (" + attempt
                        + ").then(done, error => done('refused: ' + error))",
                api("/").toString()));
    }

    private static URI api(String path) {
        return run.endpoints().api().resolve(path);
    }
}
