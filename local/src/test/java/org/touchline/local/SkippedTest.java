package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;

/** What {@code mvn verify} says at its end, of reports as Surefire writes them. */
class SkippedTest {
    private static final Instant START = Instant.parse("2026-03-12T04:00:00Z");

    @TempDir
    private Path root;

    @Test
    void reasonsAreCountedOverAllModulesOfThisRun() throws Exception {
        var aborted = """
                <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: no Docker
                \tat org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:1)]]></skipped>
                """;
        report("shared", "StoreTest", START.plusSeconds(1), aborted + aborted);
        report("functions/access-token", "HandlerTest", START.plusSeconds(1), aborted);
        report("local", "DisabledTest", START.plusSeconds(1), "<skipped message=\"not on Tuesdays\"/>");
        report("local", "PassedTest", START.plusSeconds(1), "");
        report("local", "OfAnEarlierRunTest", START.minusSeconds(1), "<skipped message=\"long ago\"/>");

        assertEquals(
                List.of("What was skipped:", "  3 x no Docker", "  1 x not on Tuesdays", "  formatting: JDK 17"),
                said("formatting: JDK 17"));
    }

    @Test
    void nothingSkippedIsSaidToo() throws Exception {
        report("local", "PassedTest", START, "");

        assertEquals(List.of("Nothing was skipped."), said(""));
    }

    private void report(String module, String test, Instant written, String inside) throws Exception {
        var folder = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        var file = Files.writeString(
                folder.resolve("TEST-" + test + ".xml"),
                "<testsuite name=\"" + test + "\"><testcase>" + inside + "</testcase></testsuite>");
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private List<String> said(String more) throws Exception {
        var program = EmbeddedStack.projectRoot().resolve("local/Skipped.java").toString();
        var java = ProcessHandle.current().info().command().orElseThrow();
        var output = root.resolve("output");
        var run = new ProcessBuilder(java, program, root.toString(), START.toString(), more)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertEquals(0, run.waitFor());
        return Files.readAllLines(output, UTF_8);
    }
}
