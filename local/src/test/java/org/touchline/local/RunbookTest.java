package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedDynamoDb;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** Each alarm of the template has its paragraph in {@code docs/operating.md}, and no other has. */
@Tag("long")
class RunbookTest {
    private static final String HEADING = "### ";
    private static final Pattern SHELL = Pattern.compile("(?ms)^ *```sh\n(.*?)^ *```");
    private static final String NEXT_CHAPTER = "(?m)^## ";

    private final Path root = EmbeddedStack.projectRoot();

    @TempDir
    private Path folder;

    @Test
    void eachAlarmHasItsParagraphAndNoOther() throws IOException {
        var alarms = new TreeSet<>(Template.read(root.resolve("template.yaml"), "staging", Map.of())
                .resourcesOfType("AWS::CloudWatch::Alarm"));

        var headings = chapter()
                .lines()
                .filter(line -> line.startsWith(HEADING))
                .map(line -> line.substring(HEADING.length()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(alarms, headings);
    }

    @Test
    void paragraphSaysWhatTheAlarmMeansAndWhatToDo() throws IOException {
        for (var paragraph : chapter().split("(?m)^" + HEADING)) {
            if (!paragraph.startsWith("Alarms")) {
                assertTrue(paragraph.contains("**Means**:"), paragraph);
                assertTrue(paragraph.contains("**Do**:"), paragraph);
            }
        }
    }

    /** Whoever is woken by one of these should know that it may mean nothing. */
    @Test
    void alarmsThatAStrangerCanRingSaySo() throws IOException {
        for (var alarm : List.of("GuessingAlarm", "RefusedTokensAlarm", "RefusedWebhookKeysAlarm")) {
            var paragraph = chapter().split("(?m)^" + HEADING + alarm + "\n")[1].split("(?m)^" + HEADING)[0];
            assertTrue(
                    paragraph.replaceAll("\\s+", " ").matches("(?s).*stranger[^.]* can ring this alarm.*"), paragraph);
        }
    }

    /** {@code forget_secrets}: another {@code SecretsVersion}, and nothing else. */
    @Test
    void forgettingSecretsChangesOneParameterAndKeepsTheOthers() throws Exception {
        var aws = new AwsStandIn(folder);

        assertEquals(0, aws.run("forget_secrets").exitCode());

        var calls = aws.notes();
        assertEquals(3, calls.size(), calls::toString);
        assertTrue(
                calls.get(1)
                        .matches(" cloudformation update-stack --stack-name touchline-staging --use-previous-template"
                                + " --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --parameters"
                                + " ParameterKey=SecretsVersion,ParameterValue=[0-9:TZ-]{20}"
                                + " ParameterKey=AlarmEmail,UsePreviousValue=true"
                                + " ParameterKey=TimeZone,UsePreviousValue=true .*"),
                calls.get(1));
        assertEquals(" cloudformation wait stack-update-complete --stack-name touchline-staging", calls.get(2));
    }

    /** The functions are those of a local run, and take each payload that the runbook has; what only AWS has is noted. */
    @Test
    void everyCommandWorks() throws Exception {
        try (var run = LocalRun.start(
                Settings.onFreePorts(root),
                new PrintStream(folder.resolve("log").toFile()))) {
            var aws = new AwsStandIn(folder).inFrontOf(run.endpoints()).with("REAL_AWS", "true");
            var blocks = blocks(Files.readString(root.resolve("docs/operating.md")));
            assertTrue(blocks.size() > 15, () -> "blocks: " + blocks.size());
            for (var block : blocks) {
                // It has a test of its own, with tables that there are; and what is built is not built here.
                if (!block.contains("-restored")) {
                    var result = aws.run("cd " + work() + "\nset -e\n" + block);
                    assertEquals(0, result.exitCode(), () -> block + result.err());
                }
            }
        }
    }

    /** Every table can be brought back with the commands of the runbook, and what is newer stays. */
    @Test
    void restoringCopiesTheRowsThatAreMissing() throws Exception {
        var real = AwsStandIn.run(root, "command -v aws && command -v jq", Map.of());
        Assumptions.assumeTrue(real.exitCode() == 0, "skipped: there is no AWS CLI, or no jq");
        try (var dynamoDb = EmbeddedDynamoDb.start(0);
                var client = LocalClients.at(dynamoDb.endpoint(), DynamoDbClient.builder())) {
            EmbeddedDynamoDb.createTables(client, Template.read(root.resolve("template.yaml"), "touchline", Map.of()));
            var live = client.describeTable(table -> table.tableName("touchline-QuarantineTable"))
                    .table();
            client.createTable(table -> table.tableName("touchline-QuarantineTable-restored")
                    .billingMode("PAY_PER_REQUEST")
                    .keySchema(live.keySchema())
                    .attributeDefinitions(live.attributeDefinitions().stream()
                            .filter(attribute -> live.keySchema().stream()
                                    .anyMatch(key -> key.attributeName().equals(attribute.attributeName())))
                            .toList()));
            var key = live.keySchema();
            for (var i = 0; i < 60; i++) {
                put(client, "touchline-QuarantineTable-restored", row(key, i, "as it was"));
            }
            put(client, "touchline-QuarantineTable", row(key, 7, "newer"));

            var aws = new AwsStandIn(folder)
                    .with("REAL_AWS", real.out().lines().findFirst().orElseThrow())
                    .with("DYNAMODB", dynamoDb.endpoint().toString());
            var script = blocks(Files.readString(root.resolve("docs/operating.md"))).stream()
                    .filter(block -> block.contains("-restored"))
                    .collect(Collectors.joining("\n"))
                    .replace("TABLE=MemberDirectoryTable", "TABLE=QuarantineTable");
            var result = aws.run("set -e\n" + script);

            assertEquals(0, result.exitCode(), result::err);
            assertTrue(result.out().contains("59 of 60 rows were missing and are copied"), result::out);
            var states = client.scan(scan -> scan.tableName("touchline-QuarantineTable")).items().stream()
                    .map(item -> item.get("status").s())
                    .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
            assertEquals(Map.of("as it was", 59L, "newer", 1L), states);
            assertFalse(client.listTables().tableNames().contains("touchline-QuarantineTable-restored"));
            assertEquals(
                    3,
                    aws.notes().stream()
                            .filter(note -> note.contains("batch-execute-statement"))
                            .count());
        }
    }

    /** {@code status} is a reserved word, as {@code state} is. */
    private static Map<String, AttributeValue> row(List<KeySchemaElement> key, int number, String status) {
        var row = new HashMap<String, AttributeValue>();
        key.forEach(each -> row.put(each.attributeName(), AttributeValue.fromS("row-" + number)));
        row.put("status", AttributeValue.fromS(status));
        row.put("list", AttributeValue.fromL(List.of(AttributeValue.fromN("1"), AttributeValue.fromNul(true))));
        return row;
    }

    private static void put(DynamoDbClient client, String table, Map<String, AttributeValue> row) {
        client.putItem(put -> put.tableName(table).item(row));
    }

    /** A folder with what the commands read of the project, where they may write. */
    private Path work() throws IOException {
        var work = Files.createTempDirectory(folder, "work");
        for (var name : List.of("bin", "template.yaml")) {
            Files.createSymbolicLink(work.resolve(name), root.resolve(name));
        }
        return work;
    }

    private static List<String> blocks(String document) {
        return SHELL.matcher(document)
                .results()
                .map(block -> block.group(1).replaceAll("(?m)^ {3}", ""))
                .toList();
    }

    private String chapter() throws IOException {
        return Arrays.stream(Files.readString(root.resolve("docs/operating.md")).split(NEXT_CHAPTER))
                .filter(chapter -> chapter.startsWith("Alarms\n"))
                .findFirst()
                .orElseThrow();
    }
}
