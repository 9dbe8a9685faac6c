import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
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
        skipped.forEach((reason, tests) ->
                lines.append("  ").append(tests).append(" x ").append(reason).append('\n'));
        if (arguments.length > 2 && !arguments[2].isBlank()) {
            lines.append("  ").append(arguments[2]).append('\n');
        }
        System.out.print(lines.isEmpty() ? "Nothing was skipped.\n" : "What was skipped:\n" + lines);
        System.out.flush();
    }

    private static Iterable<Path> reports(Path root, Instant since) throws IOException {
        try (var files = Files.find(root, 5, (file, attributes) -> file.toString().matches(".*surefire-reports.TEST-.*xml")
                && !attributes.lastModifiedTime().toInstant().isBefore(since))) {
            return files.toList();
        }
    }

    private static void count(Path report, Map<String, Integer> skipped) throws Exception {
        var xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        var cases = xml.getElementsByTagName("skipped");
        for (var i = 0; i < cases.getLength(); i++) {
            var skip = (Element) cases.item(i);
            // An assumption's reason is the first line of its exception, behind the class.
            var told = skip.getAttribute("message").isBlank() ? skip.getTextContent() : skip.getAttribute("message");
            var reason = told.strip().lines().findFirst().orElse("no reason was given");
            skipped.merge(reason.replaceFirst("^[\\w.]+Exception: (Assumption failed: )?", ""), 1, Integer::sum);
        }
    }
}
