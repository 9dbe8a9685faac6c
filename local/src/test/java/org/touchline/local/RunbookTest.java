package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/** Each alarm of the template has its paragraph in {@code docs/operating.md}, and no other has. */
class RunbookTest {
    private static final String HEADING = "### ";
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

    /** {@code forget_secrets}: another {@code SecretsVersion}, and nothing else; the AWS CLI's place is taken by a script that notes. */
    @Test
    void forgettingSecretsChangesOneParameterAndKeepsTheOthers() throws Exception {
        var aws = folder.resolve("aws");
        Files.writeString(aws, """
                #!/bin/sh
                echo "$*" >> "$NOTES"
                case "$*" in *describe-stacks*) printf 'AlarmEmail\\tTimeZone\\n' ;; esac
                """);
        assertTrue(aws.toFile().setExecutable(true));
        var notes = folder.resolve("notes");
        var shell = new ProcessBuilder("sh", "-euc", ". bin/stack.sh; STACK=touchline-staging; forget_secrets")
                .directory(root.toFile())
                .inheritIO();
        shell.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        shell.environment().put("NOTES", notes.toString());

        var process = shell.start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it hangs");
        } finally {
            process.destroyForcibly();
        }

        assertEquals(0, process.exitValue());
        var calls = Files.readAllLines(notes);
        assertEquals(3, calls.size(), calls::toString);
        assertTrue(
                calls.get(1)
                        .matches("cloudformation update-stack --stack-name touchline-staging --use-previous-template"
                                + " --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --parameters"
                                + " ParameterKey=SecretsVersion,ParameterValue=[0-9:TZ-]{20}"
                                + " ParameterKey=AlarmEmail,UsePreviousValue=true"
                                + " ParameterKey=TimeZone,UsePreviousValue=true .*"),
                calls.get(1));
        assertEquals("cloudformation wait stack-update-complete --stack-name touchline-staging", calls.get(2));
    }

    private String chapter() throws IOException {
        return Arrays.stream(Files.readString(root.resolve("docs/operating.md")).split(NEXT_CHAPTER))
                .filter(chapter -> chapter.startsWith("Alarms\n"))
                .findFirst()
                .orElseThrow();
    }
}
