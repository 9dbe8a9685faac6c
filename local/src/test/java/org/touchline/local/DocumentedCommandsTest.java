package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;

/**
 * Does what the documents say, as a person with a shell and curl would: every {@code $} line of their {@code console} blocks is
 * run, and must print the lines below it, where {@code …} stands for anything. The local run has ports of its own, which the
 * lines have to heed.
 */
@Tag("long")
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final String NEXT = "--- next command ---";

    /** For all commands of a document: each waits for what it wants to see. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private record Step(String command, List<String> expected) {}

    @TempDir
    private Path folder;

    /** Each document in a run of its own, as its reader would start one. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/tour.md", "docs/going-live.md", "docs/members.md"})
    void everyLineDoesWhatItSays(String document) throws Exception {
        for (var program : List.of("bash", "curl", "python3")) {
            Assumptions.assumeTrue(isOnThePath(program), () -> "skipped: the commands need " + program);
        }
        var root = EmbeddedStack.projectRoot();
        var steps = steps(Files.readString(root.resolve(document)));
        assertTrue(steps.size() >= 8, () -> document + " has steps");

        try (var run = LocalRun.start(
                Settings.onFreePorts(root),
                new PrintStream(folder.resolve("log").toFile()))) {
            var script = steps.stream()
                    .map(step -> step.command() + "\necho '" + NEXT + "'\n")
                    .collect(Collectors.joining());
            var printed = bash(script, root, run.endpoints()).split(NEXT + "\n", -1);

            for (var i = 0; i < steps.size(); i++) {
                assertEquals(
                        expected(steps.get(i), printed[i]),
                        printed[i].lines().toList(),
                        steps.get(i).command());
            }
        }
    }

    /** What should have been printed, with what was printed where the document leaves it open. */
    private static List<String> expected(Step step, String printed) {
        var lines = printed.lines().toList();
        var expected = new ArrayList<String>();
        for (var i = 0; i < step.expected().size(); i++) {
            var line = step.expected().get(i);
            var form = Arrays.stream(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*?"));
            var open = i < lines.size() && lines.get(i).strip().matches(form);
            expected.add(open ? lines.get(i) : line);
        }
        return expected;
    }

    private static List<Step> steps(String document) {
        var steps = new ArrayList<Step>();
        for (var block = BLOCK.matcher(document); block.find(); ) {
            var lines = new ArrayList<>(block.group(1).lines().toList());
            while (!lines.isEmpty()) {
                var command = new StringBuilder(lines.removeFirst().replaceFirst("^\\$ ", ""));
                // A command goes on where it ends with a backslash, or inside a quoted text that is indented.
                while (!lines.isEmpty()
                        && (command.toString().endsWith("\\")
                                || lines.getFirst().startsWith("    "))) {
                    command.append('\n').append(lines.removeFirst());
                }
                var expected = new ArrayList<String>();
                while (!lines.isEmpty() && !lines.getFirst().startsWith("$ ")) {
                    expected.add(lines.removeFirst());
                }
                steps.add(new Step(command.toString(), expected));
            }
        }
        return steps;
    }

    private String bash(String script, Path root, LocalRun.Endpoints endpoints)
            throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("commands.sh"), script);
        var output = folder.resolve("output");
        var builder = new ProcessBuilder("bash", file.toString())
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "API_PORT", Integer.toString(endpoints.api().getPort()),
                        "LAMBDA_PORT", Integer.toString(endpoints.lambda().getPort()),
                        "SECRETS_PORT", Integer.toString(endpoints.secrets().getPort()),
                        "SIMULATOR_PORT",
                                Integer.toString(endpoints.learningCenter().getPort()),
                        "EVENTS_PORT", Integer.toString(endpoints.events().getPort())));
        var bash = builder.start();
        try {
            assertTrue(
                    bash.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    () -> "the commands hang after " + text(output));
        } finally {
            bash.destroyForcibly();
        }
        return text(output);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOnThePath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
