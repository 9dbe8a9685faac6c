import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Says what {@code mvn verify} did not look at, and why: called by Maven when the last module is verified (pom.xml).
 *
 * <p>Usage: {@code java Skipped.java ROOT SINCE [MORE]}: of the test reports below ROOT those written since then, and what else was
 * skipped, if anything was.
 */
final class Skipped {
    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments[0]);
        var since = Instant.parse(arguments[1]);
        var skipped = new TreeMap<String, Integer>();
        for (var report : reports(root, since)) {
            count(report, skipped);
        }
        var lines = new StringBuilder();
        skipped.forEach((reason, tests) -> lines.append("  ").append(tests).append(" x ").append(reason).append('\n'));
        if (arguments.length > 2 && !arguments[2].isBlank()) {
            lines.append("  ").append(arguments[2]).append('\n');
        }
        System.out.print(lines.isEmpty() ? "Nothing was skipped.\n" : "What was skipped:\n" + lines);
        System.out.flush();
    }

    private static Iterable<Path> reports(Path root, Instant since) throws IOException {
        try (Stream<Path> files = Files.find(root, 5, (file, attributes) ->
                file.toString().contains("surefire-reports") && file.toString().endsWith(".xml")
                        && !attributes.lastModifiedTime().toInstant().isBefore(since))) {
            return files.toList();
        }
    }

    private static void count(Path report, Map<String, Integer> skipped) throws Exception {
        var cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getElementsByTagName("skipped");
        for (var i = 0; i < cases.getLength(); i++) {
            var message = ((Element) cases.item(i)).getAttribute("message").strip();
            skipped.merge(message.isEmpty() ? "no reason was given" : message, 1, Integer::sum);
        }
    }
}
