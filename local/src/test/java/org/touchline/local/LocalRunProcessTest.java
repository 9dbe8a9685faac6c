package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The local run as a process of its own, the way Maven starts it. */
@Tag("long")
@Timeout(30)
class LocalRunProcessTest {
    @TempDir
    private Path folder;

    @Test
    void portInUseIsOneLineAndExitCodeOne() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var process = builder(command());
            process.environment().put("SECRETS_PORT", Integer.toString(taken.getLocalPort()));

            var run = process.start();

            assertEquals(1, run.waitFor());
            assertEquals(List.of(), lines("out"));
            assertEquals(
                    List.of("SECRETS_PORT: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ", Address already in use"),
                    lines("err"));
        }
    }

    @Test
    void runEndsWithTheProcessThatStartedIt() throws Exception {
        var shell = builder(List.of("sh", "-c", quoted(command()) + " & wait")).start();
        var api = URI.create(awaitApi());
        assertEquals(200, TestStack.get(api.resolve("/")).statusCode());

        shell.destroyForcibly().waitFor();

        awaitRefused(api);
        assertEquals(List.of(), lines("err"), "nothing goes wrong at the end");
    }

    /** Maven is anybody here who would go on to speak. */
    @Test
    void reasonForNotStartingIsTheLastLineWhateverMavenWouldSay() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var command = new ArrayList<>(command());
            command.add(1, "-Dtouchline.startedByMaven=true");
            var maven = builder(List.of("sh", "-c", quoted(command) + "; echo thirty lines"));
            maven.environment().put("API_PORT", Integer.toString(taken.getLocalPort()));

            assertNotEquals(0, maven.start().waitFor());

            assertEquals(List.of(), lines("out"));
            assertEquals(1, lines("err").size());
            assertTrue(lines("err").getLast().startsWith("API_PORT: "), () -> String.join("\n", command));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metricsArePrintedWhereTheyAreAskedFor(boolean metrics) throws Exception {
        var builder = builder(command());
        builder.environment().put("METRICS", Boolean.toString(metrics));
        var run = builder.start();
        try {
            TestStack.get(URI.create(awaitApi()).resolve("/measuring"));

            awaitLine("GET /measuring 200 \\d+ ms MeasuringFunction");
            awaitLine("\\[MeasuringFunction\\] measured");
            var told =
                    lines("out").stream().filter(line -> line.contains("_aws")).count();
            assertEquals(metrics ? 1 : 0, told);
        } finally {
            run.destroy();
            run.waitFor();
        }
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(joining(" "));
    }

    private void awaitLine(String pattern) throws Exception {
        while (lines("out").stream().noneMatch(line -> line.matches(pattern))) {
            Thread.sleep(20);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(Settings.FREE_PORTS);
        return builder;
    }

    private static List<String> command() {
        var java = ProcessHandle.current().info().command().orElseThrow();
        return List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                LocalRun.class.getName(),
                TestStack.root().toString());
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file), UTF_8);
    }

    /** Where the API listens, as soon as the start-up text tells. */
    private String awaitApi() throws Exception {
        while (true) {
            for (var line : lines("out")) {
                if (line.strip().startsWith("API ")) {
                    return line.strip().substring("API ".length()).strip();
                }
            }
            Thread.sleep(20);
        }
    }

    private static void awaitRefused(URI uri) throws Exception {
        while (true) {
            try {
                new Socket(uri.getHost(), uri.getPort()).close();
                Thread.sleep(20);
            } catch (ConnectException e) {
                return;
            }
        }
    }
}
