package org.touchline.local;

import static java.util.stream.Collectors.joining;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;

/** The Learning Center simulator alone ({@code bin/simulator}), for whoever builds a partner of the Connect API of their own. */
final class SimulatorRun {
    private SimulatorRun() {}

    /**
     * Runs until the process that started this one ends, or until Ctrl-C.
     *
     * @param args a file of people, or nothing or an empty text for the test users alone; settings come from the environment
     */
    public static void main(String[] args) {
        var file = args.length == 0 || args[0].isEmpty() ? null : Path.of(args[0]);
        Program.run(() -> start(file, System.getenv(), System.out));
    }

    /**
     * Starts it, and then prints where it listens.
     *
     * @param people who is in it beside the test users, as {@code docs/simulator.md} says; null for nobody
     * @param environment variables by name
     * @throws StartException if a setting or the file cannot be understood, or the port is in use; nothing is left running then
     */
    static LearningCenterSimulator start(@Nullable Path people, Map<String, String> environment, PrintStream out) {
        var variables = new Variables(environment);
        var username = variables.text(Settings.USERNAME, "local-username");
        var password = variables.text(Settings.PASSWORD, "local-password");
        var key = variables.text(Settings.WEBHOOK_KEY, "local-webhook-key");
        var port = variables.port(Settings.SIMULATOR_PORT, 3002);
        var urls = new TreeMap<String, URI>();
        for (var webhook : LearningCenterSimulator.WEBHOOKS) {
            var url = variables.url(setting(webhook));
            if (url != null) {
                urls.put(webhook, url);
            }
        }
        var simulator = listen(LearningCenterSimulator.builder().credentials(username, password), port);
        try {
            tell(simulator, urls, key);
            if (people != null) {
                add(people, simulator);
            }
            out.println(welcome(simulator, urls, username, password, key));
            return simulator;
        } catch (StartException e) {
            simulator.close();
            throw e;
        }
    }

    private static void tell(LearningCenterSimulator simulator, Map<String, URI> urls, String key) {
        try {
            simulator.webhooksTo(urls, key);
        } catch (IllegalArgumentException e) {
            throw new StartException(Settings.WEBHOOK_KEY, e);
        }
    }

    /** Which variable says where that webhook goes, such as {@code USER_LICENSE_UPDATE_URL}. */
    private static String setting(String webhook) {
        return webhook.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL";
    }

    private static LearningCenterSimulator listen(LearningCenterSimulator.Builder builder, int port) {
        try {
            return builder.port(port).start();
        } catch (UncheckedIOException e) {
            throw StartException.cannotListen(Settings.SIMULATOR_PORT, port, e);
        }
    }

    private static void add(Path people, LearningCenterSimulator simulator) {
        try {
            simulator.addPeople(people);
        } catch (UncheckedIOException e) {
            throw new StartException(
                    people.toString(),
                    e.getCause() instanceof NoSuchFileException
                            ? "there is no such file"
                            : "cannot be read, " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new StartException(people.toString(), e);
        }
    }

    private static String welcome(
            LearningCenterSimulator simulator, Map<String, URI> urls, String username, String password, String key) {
        var webhooks = LearningCenterSimulator.WEBHOOKS.stream()
                .map(webhook -> "  %-22s %s"
                        .formatted(
                                webhook,
                                urls.containsKey(webhook)
                                        ? urls.get(webhook)
                                        : "lost; " + setting(webhook) + " names a URL"))
                .collect(joining("\n"));
        return """
                The Learning Center simulator runs on this machine, and its people are made up:

                  Connect API            %1$s
                  username, password     %2$s, %3$s
                  controls               %4$s
                  people                 %5$s

                Webhooks carry the header Authorization: %6$s

                %7$s

                Who is in it, what it can be told and what it cannot prove: docs/conformance.md. Ctrl-C ends it.
                """.formatted(
                        simulator.baseUrl(),
                        username,
                        password,
                        simulator.baseUrl().resolve("/simulator"),
                        Integer.toString(simulator.people().size()),
                        key,
                        webhooks);
    }
}
