package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;

/** The simulator alone, as a process of its own, the way {@code bin/simulator} starts it. */
@Tag("long")
@Timeout(120)
class SimulatorRunTest {
    private static final String ADA = """
            {"ussf_id":"2030000000000001","first_name":"Ada","last_name":"Loop","email":"ada@example.org","dob":"1990-02-03",\
            "licenses":[{"license_id":"referee_8","expiration_date":"2099-12-31"}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void goLiveCheckPassesForSomebodyOfTheFileAndEachWebhookGoesWhereItIsSaid() throws Exception {
        var api = URI.create("http://127.0.0.1:" + anyPort());
        var builder = builder(Files.writeString(folder.resolve("people of ours.jsonl"), ADA));
        builder.environment()
                .putAll(Map.of(
                        "LEARNING_CENTER_USERNAME", "partner",
                        "LEARNING_CENTER_PASSWORD", "partners-password",
                        "WEBHOOK_KEY", "partners-key",
                        "USER_LICENSE_UPDATE_URL", api + "/webhooks/user-license-update",
                        "USS_LICENSES_UPDATE_URL", api + "/webhooks/uss-licenses-update",
                        "USSF_ID_UPDATE_URL", api + "/webhooks/ussf-id-update",
                        "USER_UPDATE_URL", api + "/webhooks/user-update"));
        var simulator = builder.start();
        var settings = Settings.onFreePorts(
                EmbeddedStack.projectRoot(),
                Map.of(
                        "API_PORT", Integer.toString(api.getPort()),
                        "LEARNING_CENTER_BASE_URL", told("Connect API"),
                        "LEARNING_CENTER_USERNAME", "partner",
                        "LEARNING_CENTER_PASSWORD", "partners-password",
                        "WEBHOOK_KEY", "partners-key"));
        try (var run = LocalRun.start(settings, new Output().stream())) {
            var check = run.endpoints().lambda().resolve("/2015-03-31/functions/IntegrationCheckFunction/invocations");

            var result = TestStack.send("POST", check, "{\"ussfId\":\"2030000000000001\"}")
                    .body();

            assertTrue(result.startsWith("{\"passed\":true"), result);
            assertTrue(result.contains("\"1 active\""), result);
        } finally {
            simulator.destroy();
            simulator.waitFor();
        }
        assertEquals(List.of(), lines("err"));
    }

    @Test
    void fileThatCannotBeReadIsOneLineThatNamesTheLineAndExitCodeOne() throws Exception {
        var people =
                Files.writeString(folder.resolve("people.jsonl"), ADA + "\n" + ADA.replace("1990-02-03", "1990-02-30"));

        assertEquals(1, builder(people).start().waitFor());

        assertEquals(List.of(), lines("out"));
        assertEquals(1, lines("err").size(), people::toString);
        assertTrue(
                lines("err").getFirst().startsWith(people + ": line 3: dob cannot be read: "), lines("err")::toString);
    }

    @Test
    void settingThatCannotBeUsedIsOneLineAndExitCodeOne() throws Exception {
        var none = builder(folder.resolve("none.jsonl"));
        assertEquals(1, none.start().waitFor());
        assertEquals(List.of(folder.resolve("none.jsonl") + ": there is no such file"), lines("err"));

        var url = builder(null);
        url.environment().put("USSF_ID_UPDATE_URL", "ftp://example.org");
        assertEquals(1, url.start().waitFor());
        assertEquals(List.of("USSF_ID_UPDATE_URL: \"ftp://example.org\" is not an http or https URL"), lines("err"));

        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = builder(null);
            port.environment().put("SIMULATOR_PORT", Integer.toString(taken.getLocalPort()));
            assertEquals(1, port.start().waitFor());
            assertEquals(
                    List.of("SIMULATOR_PORT: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ", Address already in use"),
                    lines("err"));
        }
    }

    private static int anyPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private ProcessBuilder builder(Path people) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                SimulatorRun.class.getName(),
                people == null ? "" : people.toString()));
        var builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("SIMULATOR_PORT", "0");
        return builder;
    }

    /** What the start-up text says of it, as soon as it does. */
    private String told(String what) throws Exception {
        while (true) {
            for (var line : lines("out")) {
                if (line.strip().startsWith(what + " ")) {
                    return line.strip().substring(what.length()).strip();
                }
            }
            Thread.sleep(20);
        }
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file), UTF_8);
    }
}
