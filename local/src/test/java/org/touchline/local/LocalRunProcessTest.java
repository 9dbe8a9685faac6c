package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The local run as a process of its own, the way Maven starts it. */
@Timeout(30)
class LocalRunProcessTest {
    private static final Map<String, String> FREE_PORTS = Map.of(
            "API_PORT", "0", "LAMBDA_PORT", "0", "SIMULATOR_PORT", "0", "DYNAMODB_PORT", "0", "SECRETS_PORT", "0");

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
        var shell = builder(List.of("sh", "-c", String.join(" ", command()) + " & wait"))
                .start();
        var api = URI.create(awaitApi());
        assertEquals(200, TestStack.get(api.resolve("/")).statusCode());

        shell.destroyForcibly().waitFor();

        awaitRefused(api);
        assertEquals(List.of(), lines("err"), "nothing goes wrong at the end");
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(FREE_PORTS);
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
