package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The page stays quick with ten thousand members, and loses nothing of a long file. */
class ManyMembersTest {
    private static final int MEMBERS = 10_000;

    /** Two pieces and a bit. */
    private static final int FROM_A_FILE = 1_100;

    private static final String TABLE = "touchline-MemberDirectoryTable";

    private static Chromium browser;
    private static LocalRun run;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.start();
        run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()), new PrintStream(PrintStream.nullOutputStream()));
        listenToNobody();
        // Nor is anybody looked up meanwhile: this is about the page.
        Calls.send("POST", run.endpoints().learningCenter().resolve("/simulator/faults"), """
                {"times":1000000,"status":503,"headers":{"Retry-After":"3600"}}""");
        browser.open(run.endpoints().api().resolve("/"));
        browser.see("#views a");
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
            run.close();
        }
    }

    @Test
    void fileIsPutInInPiecesAndTheRestAfterAReload() throws Exception {
        var file = Files.writeString(
                folder.resolve("many.csv"),
                IntStream.range(0, FROM_A_FILE)
                        .mapToObj(each -> String.format(
                                Locale.ROOT, "F-%05d,Ada,Last%d,f%d@example.org,1990-04-12", each, each, each))
                        .collect(Collectors.joining(
                                "\n", "memberIdentifier,firstName,lastName,email,dateOfBirth\n", "\n")));
        browser.go("#/members");
        browser.see("details summary").click();
        browser.field("CSV file").sendKeys(file.toString());
        browser.seeText("1,100 members would be put in; nothing is wrong.");
        browser.press("Put 1,100 in");
        browser.patiently(() -> browser.seeText("500 of 1,100"));
        browser.reload();
        browser.seeText("A file was being put in");
        browser.press("Go on");
        browser.patiently(() -> browser.seeText("Done: "));
        for (var again = 0; again < 5 && !browser.text().contains(" 0 refused."); again++) {
            // An embedded store on a busy machine does not take everybody in time.
            browser.press("Put the ");
            browser.patiently(() -> browser.seeText("Done: "));
        }
        browser.seeText(" 0 refused.");
        browser.seeText("are still being looked up");
        browser.go("#/overview");
    }

    @Test
    void tenThousandMembersStayQuick() throws Exception {
        putMany();
        browser.go("#/members");
        browser.see("table");
        browser.press("Load all");
        browser.patiently(() -> browser.seeIn("[aria-label='Everybody'] [role='status']", " loaded. Shown"));
        var rows = (Long) browser.script("return document.querySelectorAll('section tbody tr').length");
        assertTrue(rows <= 100, rows + " rows are drawn");
        browser.type("Beginning of a name or identifier", "Given");
        browser.seeText("Shown: 1 to 100 of 10,001.");
        browser.type("Beginning of a name or identifier", "Given999");
        browser.seeText("Shown: 1 to 11 of 11.");
        var millis = (Number) browser.script("""
                const input = document.querySelector('input[type=search]');
                const began = performance.now();
                input.dispatchEvent(new Event('input', { bubbles: true }));
                document.body.offsetHeight;
                return performance.now() - began;
                """);
        assertTrue(millis.doubleValue() < 300, "drawn " + millis + " ms after a key");
    }

    /** What happens to ten thousand would be written down and told one by one, at the cost of what the page is measured by. */
    private static void listenToNobody() {
        try (var dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            dynamoDb.updateTable(
                    request -> request.tableName(TABLE).streamSpecification(stream -> stream.streamEnabled(false)));
        }
    }

    /** One is put in as everybody is; the others are copies of them, as fast as DynamoDB takes them. */
    private static void putMany() throws Exception {
        Calls.put(run, "M-MODEL", "Given", "Family", "model@example.org", "1990-04-12");
        try (var dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            var key = Map.of("memberIdentifier", AttributeValue.fromS("M-MODEL"));
            var model = dynamoDb.getItem(request -> request.tableName(TABLE).key(key))
                    .item();
            for (var from = 0; from < MEMBERS; from += 25) {
                var writes = IntStream.range(from, from + 25)
                        .mapToObj(each -> copy(model, each))
                        .map(item -> WriteRequest.builder()
                                .putRequest(put -> put.item(item))
                                .build())
                        .toList();
                dynamoDb.batchWriteItem(request -> request.requestItems(Map.of(TABLE, writes)));
            }
        }
    }

    private static Map<String, AttributeValue> copy(Map<String, AttributeValue> model, int number) {
        var copy = new HashMap<>(model);
        copy.put("memberIdentifier", AttributeValue.fromS(String.format(Locale.ROOT, "M-%05d", number)));
        copy.put("firstName", AttributeValue.fromS("Given" + number));
        return copy;
    }
}
