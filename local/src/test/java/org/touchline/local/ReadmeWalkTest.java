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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;

/**
 * Does what the README says, as a person with a shell and curl would: every {@code $} line of its {@code console} blocks is run,
 * and must print the lines below it, where {@code …} stands for anything.
 */
class ReadmeWalkTest {
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final String NEXT = "--- next command ---";

    private record Step(String command, List<String> expected) {}

    @Test
    void everyLineOfTheWalkDoesWhatItSays(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(isOnThePath("bash") && isOnThePath("curl"), "skipped: the walk needs bash and curl");
        var root = EmbeddedStack.projectRoot();
        var steps = steps(Files.readString(root.resolve("README.md")));
        assertTrue(steps.size() > 15, "the README has a walk");
        var anyPort = Map.of(
                "API_PORT", "0", "LAMBDA_PORT", "0", "SIMULATOR_PORT", "0", "DYNAMODB_PORT", "0", "SECRETS_PORT", "0");

        try (var run = LocalRun.start(
                Settings.read(root, anyPort),
                new PrintStream(folder.resolve("log").toFile()))) {
            var script = steps.stream()
                    .map(step -> step.command() + "\necho '" + NEXT + "'\n")
                    .collect(Collectors.joining())
                    .replace("http://127.0.0.1:3000", run.endpoints().api().toString())
                    .replace("http://127.0.0.1:3001", run.endpoints().lambda().toString())
                    .replace(
                            "http://127.0.0.1:3002",
                            run.endpoints()
                                    .learningCenter()
                                    .resolve("/")
                                    .toString()
                                    .replaceAll("/$", ""));
            var printed = bash(script, folder).split(NEXT + "\n", -1);

            for (var i = 0; i < steps.size(); i++) {
                assertEquals(
                        expected(steps.get(i), printed[i]),
                        printed[i].lines().toList(),
                        steps.get(i).command());
            }
        }
    }

    /** What should have been printed, with what was printed where the README leaves it open. */
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

    private static List<Step> steps(String readme) {
        var steps = new ArrayList<Step>();
        for (var block = BLOCK.matcher(readme); block.find(); ) {
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

    private static String bash(String script, Path folder) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("walk.sh"), script);
        var output = folder.resolve("output");
        var bash = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(bash.waitFor(60, TimeUnit.SECONDS), () -> "the walk hangs after " + text(output));
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
