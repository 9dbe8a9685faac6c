package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;

/** Whoever cites a rule or a section of {@code docs/design.md} or {@code docs/wire-contract.md} cites one that is there. */
class CitationsTest {
    private static final String NUMBER = "\\d+[a-z]?\\b";
    /** Such as {@code design rules 3b, 6 and 7}. */
    private static final Pattern RULES =
            Pattern.compile("(?i)\\brules? (%1$s(?:(?:, | and |, and | or | to )%1$s)*)".formatted(NUMBER));

    private static final Pattern DESIGN = sections("design(?:\\.md)?(?: section)?");
    private static final Pattern CONTRACT = sections("contract(?:\\.md)?");
    private static final Set<String> KINDS =
            Set.of("java", "yaml", "yml", "xml", "md", "toml", "sh", "json", "txt", "smoke", "run", "check-packages");

    private final Path root = EmbeddedStack.projectRoot();

    private static Pattern sections(String document) {
        return Pattern.compile("(?i)\\b%1$s,? §?(%2$s(?:(?:, | and )§%2$s)*)".formatted(document, NUMBER));
    }

    @Test
    void everyRuleThatIsCitedIsThere() throws IOException {
        var rules = numbers(Pattern.compile("(?m)^ *(%s)\\. ".formatted(NUMBER)), chapter("docs/design.md", "3"));

        assertEquals(List.of(), missing(RULES, rules));
        assertTrue(rules.containsAll(Set.of("1", "3b", "27")), rules::toString);
    }

    @Test
    void everySectionThatIsCitedIsThere() throws IOException {
        assertEquals(List.of(), missing(DESIGN, headings("docs/design.md")), "docs/design.md");
        assertEquals(List.of(), missing(CONTRACT, headings("docs/wire-contract.md")), "docs/wire-contract.md");
    }

    /** In each form, and over the end of a comment's line too. */
    @Test
    void citationsAreRead() {
        var text = flowing("""
                /**
                 * Marks first (design
                 * rule 5), see design rules 3b, 6 and 27. Wire contract §1 and §3; RFC 6749 §5.2; design §8
                 * and the design of §4. # rule 20
                 */""");

        assertEquals(List.of("5", "3b", "6", "27", "20"), cited(RULES, text));
        assertEquals(List.of("1", "3"), cited(CONTRACT, text));
        assertEquals(List.of("8"), cited(DESIGN, text));
    }

    /** Citations without their target, each with its file. */
    private List<String> missing(Pattern citation, Set<String> there) throws IOException {
        var missing = new ArrayList<String>();
        var citations = 0;
        for (var file : files()) {
            for (var number : cited(citation, flowing(Files.readString(file)))) {
                citations++;
                if (!there.contains(number)) {
                    missing.add(root.relativize(file) + " cites " + number);
                }
            }
        }
        assertTrue(citations > 20, "nobody cites anything: is " + citation + " still how it is written?");
        return missing;
    }

    private static List<String> cited(Pattern citation, String text) {
        return citation.matcher(text)
                .results()
                .flatMap(result ->
                        Pattern.compile(NUMBER).matcher(result.group(1)).results())
                .map(number -> number.group())
                .toList();
    }

    /** A text as one line: what begins the lines of a comment goes. */
    private static String flowing(String text) {
        return text.replaceAll("\\s*\\n\\s*(?://+|\\*+(?!/)|#+)?\\s*", " ");
    }

    private Set<String> headings(String document) throws IOException {
        return numbers(Pattern.compile("(?m)^## (\\d+)\\. "), Files.readString(root.resolve(document)));
    }

    private String chapter(String document, String number) throws IOException {
        var text = Files.readString(root.resolve(document));
        var from = text.indexOf("\n## " + number + ". ");
        return text.substring(from, text.indexOf("\n## ", from + 1));
    }

    private static Set<String> numbers(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whatever somebody wrote: no class files, nothing that was built. */
    private List<Path> files() throws IOException {
        return ProjectFiles.under(root).stream()
                .filter(file -> KINDS.contains(file.getFileName().toString().replaceAll(".*\\.", "")))
                .toList();
    }
}
