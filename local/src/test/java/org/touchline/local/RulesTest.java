package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;

/**
 * Each rule of {@code docs/design.md} has tests that keep it, and the document says which. A test says it by its tag: {@code rule-3b} is of
 * rule 3b. {@code -Dtouchline.rules=write} writes the table.
 */
class RulesTest {
    private static final String COMMAND =
            "./mvnw test -pl local -am -Dtest=RulesTest -Dsurefire.failIfNoSpecifiedTests=false -Dtouchline.rules=write";

    private static final String HEADING = "### The tests that keep them\n";
    private static final Pattern TABLE = Pattern.compile("(?m)^\\| rule \\| kept by \\|\\n(?:\\|.*\\n)+");
    private static final Pattern RULE = Pattern.compile("(?m)^ *(\\d+[a-z]?)\\. ");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"rule-([^\"]+)\"\\)");
    private static final Pattern TEST = Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest|Property)\\b");
    private static final Pattern CLASS = Pattern.compile("^(?:\\w+ )*class (\\w+)");
    private static final Pattern METHOD = Pattern.compile("^    (?:\\w+ )*void (\\w+)\\(");

    /** 3, 3b, 10. */
    private static final Comparator<String> BY_NUMBER = Comparator.comparingInt(
                    (String rule) -> Integer.parseInt(rule.replaceAll("\\D", "")))
            .thenComparing(Comparator.naturalOrder());

    private final Path root = EmbeddedStack.projectRoot();
    private final Path design = root.resolve("docs/design.md");

    @TempDir
    private Path folder;

    /** Tests of one class; none by name where the whole class is meant. */
    private record Keeper(Path file, String name, Set<String> tests) {
        String link() {
            var link = "[%s](../%s)".formatted(name, file);
            return tests.isEmpty()
                    ? link
                    : link + ": " + tests.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
        }
    }

    @Test
    void eachRuleHasATestThatKeepsItAndTheTableSaysWhich() throws IOException {
        var text = Files.readString(design);
        var rules = rules(text);
        assertTrue(rules.containsAll(Set.of("1", "3b", "33")), rules::toString);
        var keepers = keepers(root);
        assertEquals(rules, keepers.keySet(), "each rule has a test with its tag, and no tag another rule");

        var written = TABLE.matcher(text);
        assertTrue(written.find() && text.startsWith(HEADING, text.lastIndexOf("###", written.start())), "no table");
        var table = table(keepers);
        if ("write".equals(System.getProperty("touchline.rules"))) {
            Files.writeString(design, text.substring(0, written.start()) + table + text.substring(written.end()));
        } else {
            assertEquals(table, written.group(), "the table is out of date. This writes it anew: " + COMMAND);
        }
    }

    @Test
    void tagsAreReadOfMethodsAndOfClassesAndStandOnTestsOnly() throws IOException {
        write("SomeTest", """
                class SomeTest {
                    /** Of two. */
                    @Test
                    @TAG("rule-3")
                    @TAG("rule-3b")
                    void changes() throws Exception {
                    }

                    @TAG("rule-3")
                    @ParameterizedTest(name = "{0}")
                    @CsvSource({"a,b", "c,d"})
                    void changesOnce(String text, int number) {}

                    @Test
                    void isOfNoRule() {}
                }
                """);
        write("WholeTest", """
                @TAG("rule-10")
                class WholeTest {
                    @Test
                    void isOfItsClass() {}
                }
                """);

        assertEquals("""
                | rule | kept by |
                | --- | --- |
                | 3 | [SomeTest](../src/test/java/SomeTest.java): `changes`, `changesOnce` |
                | 3b | [SomeTest](../src/test/java/SomeTest.java): `changes` |
                | 10 | [WholeTest](../src/test/java/WholeTest.java) |
                """, table(keepers(folder)));

        write("HelperTest", """
                class HelperTest {
                    @TAG("rule-3")
                    private static void given() {}
                }
                """);
        assertThrows(AssertionError.class, () -> keepers(folder));
    }

    private void write(String name, String text) throws IOException {
        var file = folder.resolve("src/test/java").resolve(name + ".java");
        Files.createDirectories(file.getParent());
        // Else this file would have these tags itself.
        Files.writeString(file, text.replace("@TAG", "@Tag"));
    }

    private static Set<String> rules(String text) {
        var from = text.indexOf("\n## 3. ");
        var rules = new TreeSet<>(BY_NUMBER);
        RULE.matcher(text.substring(from, text.indexOf("\n## ", from + 1)))
                .results()
                .forEach(rule -> rules.add(rule.group(1)));
        return rules;
    }

    private static String table(Map<String, List<Keeper>> keepers) {
        var rows = new StringBuilder("| rule | kept by |\n| --- | --- |\n");
        keepers.forEach((rule, classes) -> rows.append("| %s | %s |\n"
                .formatted(rule, classes.stream().map(Keeper::link).collect(Collectors.joining(" · ")))));
        return rows.toString();
    }

    private static Map<String, List<Keeper>> keepers(Path root) throws IOException {
        var keepers = new TreeMap<String, List<Keeper>>(BY_NUMBER);
        for (var file : ProjectFiles.under(root)) {
            var path = root.relativize(file);
            if (path.toString().matches("(?:.*/)?src/test/java/.*\\.java")) {
                read(path, Files.readAllLines(file), keepers);
            }
        }
        keepers.values().forEach(each -> each.sort(Comparator.comparing(Keeper::name)));
        return keepers;
    }

    private static void read(Path file, List<String> lines, Map<String, List<Keeper>> keepers) {
        var name = file.getFileName().toString().replace(".java", "");
        var tags = new ArrayList<String>();
        var isTest = false;
        var unread = lines.stream()
                .filter(line -> line.strip().startsWith("@Tag(\"rule-"))
                .count();
        for (var line : lines) {
            if (line.matches(" {0,4}@.*")) {
                for (var tag : TAG.matcher(line).results().toList()) {
                    tags.add(tag.group(1));
                    unread--;
                }
                isTest |= TEST.matcher(line).find();
                continue;
            }
            var method = METHOD.matcher(line);
            if (method.find()) {
                assertTrue(
                        tags.isEmpty() || isTest, file + ": " + method.group(1) + " keeps " + tags + " and is no test");
                tags.forEach(rule -> keeper(rule, file, name, keepers).tests().add(method.group(1)));
            } else if (CLASS.matcher(line).find()) {
                tags.forEach(rule -> keeper(rule, file, name, keepers));
            }
            if (line.isBlank() || line.matches(".*[;{}]")) {
                tags.clear();
                isTest = false;
            }
        }
        assertEquals(0, unread, () -> file + " has tags that are not read");
    }

    private static Keeper keeper(String rule, Path file, String name, Map<String, List<Keeper>> keepers) {
        var classes = keepers.computeIfAbsent(rule, none -> new ArrayList<>());
        return classes.stream()
                .filter(keeper -> keeper.file().equals(file))
                .findFirst()
                .orElseGet(() -> {
                    var keeper = new Keeper(file, name, new LinkedHashSet<>());
                    classes.add(keeper);
                    return keeper;
                });
    }
}
