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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/** Each alarm of the template has its paragraph in {@code docs/operating.md}, and no other has. */
class RunbookTest {
    private static final String HEADING = "### ";
    private static final String NEXT_CHAPTER = "(?m)^## ";

    private final Path root = EmbeddedStack.projectRoot();

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

    private String chapter() throws IOException {
        return Arrays.stream(Files.readString(root.resolve("docs/operating.md")).split(NEXT_CHAPTER))
                .filter(chapter -> chapter.startsWith("Alarms\n"))
                .findFirst()
                .orElseThrow();
    }
}
