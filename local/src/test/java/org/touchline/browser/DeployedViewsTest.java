package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;

/** The page of a deployed stack: a local run behind a stand-in for AWS that checks each signature. */
class DeployedViewsTest {
    private static Chromium browser;
    private static LocalRun run;
    private static AwsAccount account;
    private static ConsoleProcess console;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.start();
        run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()), new PrintStream(PrintStream.nullOutputStream()));
        account = new AwsAccount(run.endpoints());
        console = new ConsoleProcess(account, Map.of());
        browser.open(console.address());
        browser.see("#views a");
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
            console.close();
            account.close();
            run.close();
        }
    }

    @Test
    void ticketIsOutOfTheAddressAndTheSessionOutlivesAReload() {
        assertTrue(!browser.address().contains("enter"), browser::address);
        browser.reload();
        browser.see("#views a");
        assertEquals(
                "touchline-staging · us-west-2 · times in America/Chicago",
                browser.see("#stack").getText());
    }

    @Test
    void alarmsThatAreOnAreInTheOverview() {
        browser.go("#/overview");
        browser.seeText("QuarantineAlarm");
        browser.seeText("1 alarm is on");
    }

    @Test
    void thereIsNothingToPlayWith() {
        browser.go("#/play");
        browser.seeText("There is no view of that name.");
    }

    @Test
    void operatorWhoMayOnlyReadGetsAsFarAsThatAndIsToldWhatStopsThem() throws Exception {
        Calls.put(run, "CYSA-9001", "Vidar", "Mlakar-Reyes", "nobody@example.org", "1999-01-01");
        account.onlyReads(true);
        try {
            browser.go("#/registrar/no_match");
            browser.seeText("Vidar Mlakar-Reyes");
            browser.pressIn("[data-member='CYSA-9001']", "Correct details");
            browser.type("E-mail", "2020000004136762@test.com");
            browser.press("Put in again");
            browser.seeText("Your AWS credentials may not do this: PUT /members/{memberIdentifier}.");
            browser.go("#/quarantine");
            browser.seeText("lambda:InvokeFunction");
        } finally {
            account.onlyReads(false);
        }
        browser.go("#/registrar/no_match");
        browser.seeText("Vidar Mlakar-Reyes");
        browser.press("Put in again");
        browser.see("[data-member='CYSA-9001'] .badge.good");
        assertEquals(
                List.of(),
                account.asked().stream()
                        .filter(each -> each.startsWith("badly"))
                        .toList());
    }

    @Test
    void tabWithoutASessionTakesTheAddressFromTheTerminal() throws Exception {
        browser.script("sessionStorage.clear()");
        browser.go("#/members");
        browser.reload();
        browser.seeText("No session");
        browser.hasNoBarrier();
        browser.type("Address from the terminal", console.anotherAddress().toString());
        browser.press("Enter");
        browser.seeText("Everybody");
        assertTrue(browser.address().endsWith("#/members"), browser::address);
    }
}
