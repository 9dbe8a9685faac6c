package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/** What the Markdown files of the project promise: links that lead somewhere, a short README, documents that are complete. */
class MarkdownTest {
    private static final int MOST_BYTES_OF_THE_README = 12 * 1024;

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *(`{3,}|~{3,}).*?^ *\\1 *$");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
    /** {@code [text](target)} and {@code ![text](target)}; a text may hold another link, as a badge does. */
    private static final Pattern LINK = Pattern.compile("]\\(\\s*<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)");
    /** {@code [name]: target}. */
    private static final Pattern REFERENCE = Pattern.compile("(?m)^ {0,3}\\[[^\\]]+]:\\s*(\\S+)");

    /** {@code | `TimeZone` | `America/New_York` |}. */
    private static final Pattern PARAMETER_ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (`[^`]*`|empty) \\|");

    /** {@code | `QuarantineTable` | `closed` | `state` `id` | 90 days |}; a row without a table is of the one above. */
    private static final Pattern KEPT_ROW =
            Pattern.compile("(?m)^\\| (`\\w+Table` |)\\| ([^|]+) \\| ((?:`\\w+` ?)+) ?\\| ([^|]+) \\|$");

    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]*)\\|");
    private static final Pattern SETTING = Pattern.compile("`([A-Z][A-Z0-9_]*)`");
    private static final Pattern FUNCTION_FOLDER = Pattern.compile("\\(\\.\\./functions/([a-z-]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?)(?: +#+)? *$");
    private static final Pattern NAMED_ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("(?:https?|mailto):.*");

    private final Path root = EmbeddedStack.projectRoot();

    @TempDir
    private Path folder;

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        assertEquals(List.of(), broken(root));
    }

    @Test
    void linkCheckerFindsWhatIsBroken() throws IOException {
        Files.writeString(folder.resolve("there.md"), """
                # Moving to a *new* `version`
                ## Twice
                ## Twice
                <a id="named"></a>
                """);
        Files.writeString(folder.resolve("page.md"), """
                # Page
                [fine](there.md) [fine](there.md#moving-to-a-new-version) [fine](#page) [fine](https://example.org/nowhere)
                [fine](there.md#twice-1) [fine](there.md#named) [fine][reference]
                `[code](nowhere.md)`

                ```text
                [code](nowhere.md)
                ```

                [gone](gone.md) ![gone](picture.png) [no such heading](there.md#moving) [nor here](#nor-here)
                [no third](there.md#twice-2) [outside](../outside.md)

                [reference]: there.md
                [broken]: not-there.md
                """);

        assertEquals(
                List.of(
                        "page.md: #nor-here",
                        "page.md: ../outside.md",
                        "page.md: gone.md",
                        "page.md: not-there.md",
                        "page.md: picture.png",
                        "page.md: there.md#moving",
                        "page.md: there.md#twice-2"),
                broken(folder));
    }

    @Test
    void readmeIsShort() throws IOException {
        var size = Files.size(root.resolve("README.md"));

        assertTrue(size <= MOST_BYTES_OF_THE_README, size + " bytes, at most " + MOST_BYTES_OF_THE_README);
    }

    @Test
    void readmeLeadsToEachDocument() throws IOException {
        var readme = Files.readString(root.resolve("README.md"));
        try (var documents = Files.list(root.resolve("docs"))) {
            for (var document : documents.sorted().toList()) {
                assertTrue(readme.contains("(docs/" + document.getFileName() + ")"), document::toString);
            }
        }
    }

    @Test
    void parametersDocumentHasEachParameterWithItsDefault() throws IOException {
        var stack = Files.readString(root.resolve("docs/parameters.md")).split("(?m)^## Of the local run")[0];
        var rows = PARAMETER_ROW
                .matcher(stack)
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .collect(Collectors.toCollection(TreeSet::new));

        var parameters = template().parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + " "
                        + (parameter.getValue().isEmpty() ? "empty" : "`" + parameter.getValue() + "`"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(parameters, rows);
    }

    @Test
    void settingsOfTheLocalRunAreThoseThatItReads() throws IOException {
        var read = new TreeSet<String>();
        Settings.read(root, new AbstractMap<>() {
            @Override
            public String getOrDefault(Object name, String otherwise) {
                read.add((String) name);
                return otherwise;
            }

            @Override
            public Set<Entry<String, String>> entrySet() {
                return Set.of();
            }
        });

        var table = Files.readString(root.resolve("docs/parameters.md")).split("(?m)^## Of the local run")[1];
        var named = FIRST_CELL
                .matcher(table)
                .results()
                .flatMap(cell -> SETTING.matcher(cell.group(1)).results())
                .map(setting -> setting.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(read, named);
    }

    @Test
    void functionsDocumentHasEachFunctionAndNoOther() throws IOException {
        var named = FUNCTION_FOLDER
                .matcher(Files.readString(root.resolve("docs/functions.md")))
                .results()
                .map(folder -> folder.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        var functions = template().functions().stream()
                .map(function -> function.logicalId()
                        .replaceAll("Function$", "")
                        .replaceAll("(?<=.)([A-Z])", "-$1")
                        .toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(functions, named);
    }

    @Test
    void costsAreOfTheAlarmsThatThereAre() throws IOException {
        var alarms = template().resourcesOfType("AWS::CloudWatch::Alarm");
        var metrics = alarms.stream()
                .map(template()::resource)
                .mapToInt(alarm -> alarm.get("Metrics") instanceof List<?> several
                        ? (int) several.stream()
                                .filter(each -> each instanceof Map<?, ?> metric && metric.containsKey("MetricStat"))
                                .count()
                        : 1)
                .sum();

        var document = Files.readString(root.resolve("docs/costs.md"));
        assertTrue(document.contains("has " + alarms.size() + " alarms, which look at " + metrics + " metrics"));
        assertTrue(document.contains("| " + metrics + " alarm metrics |"));
    }

    /** Each attribute of each kind of item that is written, as the releases' forms name them, and each secret. */
    @Test
    void securityDocumentSaysOfWhateverIsStoredHowLongItIsKept() throws IOException {
        var document = Files.readString(root.resolve("SECURITY.md"));
        var kept = new ArrayList<KeptItem>();
        var table = "";
        for (var row : KEPT_ROW.matcher(document).results().toList()) {
            table = row.group(1).isBlank()
                    ? table
                    : row.group(1).replace("`", "").strip();
            assertFalse(row.group(4).isBlank(), row::group);
            kept.add(new KeptItem(table, words(row.group(2)), words(row.group(3))));
        }
        var unsaid = new TreeSet<String>();
        for (var form : UpgradeTest.formsOfTheNewestRelease()) {
            var parts = form.split(" ");
            if (kept.stream().noneMatch(item -> item.says(parts[0], parts[1], parts[2]))) {
                unsaid.add(parts[0] + " " + parts[1] + " " + parts[2]);
            }
        }

        assertEquals(Set.of(), unsaid);
        for (var secret : template().secrets()) {
            assertTrue(document.contains("`" + secret.logicalId() + "`"), secret::logicalId);
        }
    }

    /** @param kinds what keys begin with; none where it is of all others */
    private record KeptItem(String table, Set<String> kinds, Set<String> attributes) {
        boolean says(String inTable, String kind, String attribute) {
            return inTable.equals(table)
                    && attributes.contains(attribute)
                    && (kinds.isEmpty() || kinds.stream().anyMatch(kind::contains));
        }
    }

    private static Set<String> words(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Template template() {
        return Template.read(root.resolve("template.yaml"), "staging", Map.of());
    }

    /** Relative links of all Markdown files to what is not there: files, and headings within them. */
    private static List<String> broken(Path root) throws IOException {
        var broken = new ArrayList<String>();
        for (var file : ProjectFiles.under(root)) {
            if (file.toString().endsWith(".md")) {
                for (var target : targets(withoutCode(Files.readString(file)))) {
                    if (!leadsSomewhere(root, file, target)) {
                        broken.add(root.relativize(file) + ": " + target);
                    }
                }
            }
        }
        return broken;
    }

    private static Set<String> targets(String text) {
        var targets = new TreeSet<String>();
        for (var pattern : List.of(LINK, REFERENCE)) {
            pattern.matcher(text).results().map(link -> link.group(1)).forEach(targets::add);
        }
        targets.removeIf(target -> ELSEWHERE.matcher(target).matches());
        return targets;
    }

    private static boolean leadsSomewhere(Path root, Path file, String target) throws IOException {
        var parts = target.split("#", 2);
        var path = parts[0].isEmpty()
                ? file
                : file.resolveSibling(URLDecoder.decode(parts[0], StandardCharsets.UTF_8))
                        .normalize();
        if (!path.startsWith(root) || !Files.exists(path)) {
            return false;
        }
        return parts.length == 1
                || !path.toString().endsWith(".md")
                || anchors(path).contains(parts[1]);
    }

    /** The anchors that GitHub gives the headings of a file, and those that it names itself. */
    private static Set<String> anchors(Path file) throws IOException {
        var text = Files.readString(file);
        var anchors = new TreeSet<String>();
        NAMED_ANCHOR.matcher(text).results().forEach(anchor -> anchors.add(anchor.group(1)));
        var times = new HashMap<String, Integer>();
        HEADING.matcher(FENCED.matcher(text).replaceAll("")).results().forEach(heading -> {
            var words = heading.group(1)
                    .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                    .replaceAll("[`*]", "");
            var slug = words.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            var before = times.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        });
        return anchors;
    }

    private static String withoutCode(String text) {
        return CODE.matcher(FENCED.matcher(text).replaceAll("")).replaceAll("");
    }
}
