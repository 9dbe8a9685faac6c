package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/** The version is the template's output {@code Version}; {@code CHANGELOG.md} says what is in it. */
class ReleaseTest {
    private static final String VERSION = "(\\d+\\.\\d+\\.\\d+)";
    private static final String DEVELOPMENT = "-dev";
    private static final Pattern RELEASE = Pattern.compile(VERSION + " – \\d{4}-\\d{2}-\\d{2}");

    private final String version = Template.read(
                    EmbeddedStack.projectRoot().resolve("template.yaml"), "staging", Map.of())
            .outputs()
            .get("Version");
    private final List<Chapter> chapters = chapters();

    ReleaseTest() throws IOException {}

    private record Chapter(String heading, String text) {}

    @Test
    void changelogBeginsWithWhatIsNotReleasedAndHasTheReleasesByVersion() {
        assertEquals("Unreleased", chapters.getFirst().heading());
        var releases = releases();
        assertEquals(
                releases.stream().sorted((one, other) -> other.compareTo(one)).toList(), releases);
    }

    @Test
    void versionIsTheNewestReleaseOrOnTheWayToTheNextOne() {
        assertTrue(version.matches(VERSION + "(" + DEVELOPMENT + ")?"), version);
        var number = Version.parse(version.replace(DEVELOPMENT, ""));
        var newest = releases().stream().findFirst();

        if (version.endsWith(DEVELOPMENT)) {
            assertTrue(newest.stream().allMatch(released -> released.compareTo(number) < 0), version);
        } else {
            assertEquals(number, newest.orElseThrow());
            assertEquals("", chapters.getFirst().text().strip(), "released, and yet under Unreleased");
        }
    }

    private List<Version> releases() {
        return chapters.stream()
                .skip(1)
                .map(chapter -> {
                    var release = RELEASE.matcher(chapter.heading());
                    assertTrue(release.matches(), () -> chapter.heading() + " is no version with its day");
                    return Version.parse(release.group(1));
                })
                .toList();
    }

    private static List<Chapter> chapters() throws IOException {
        var text = Files.readString(EmbeddedStack.projectRoot().resolve("CHANGELOG.md"));
        return Arrays.stream(text.split("(?m)^## "))
                .skip(1)
                .map(chapter -> chapter.split("\n", 2))
                .map(parts -> new Chapter(parts[0].strip(), parts[1]))
                .toList();
    }
}
