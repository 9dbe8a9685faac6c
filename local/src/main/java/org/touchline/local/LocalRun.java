package org.touchline.local;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.touchline.console.Console;
import org.touchline.console.LocalRunEndpoints;
import org.touchline.console.LoopbackServer;
import org.touchline.embedded.ApiDestinationSender;
import org.touchline.embedded.EmbeddedDynamoDb;
import org.touchline.embedded.EventRules;
import org.touchline.embedded.EventsEndpoint;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.embedded.Template;
import org.touchline.embedded.TemplateException;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The whole connector on this machine (wire contract §6): the real functions behind gateways that read {@code template.yaml},
 * on DynamoDB, secrets and an event bus in memory or in a folder, with a Learning Center to talk to. Several can run beside each other.
 */
public final class LocalRun implements AutoCloseable {
    private static final String STACK = "touchline";
    private static final String TEMPLATE = "template.yaml";
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);
    private static final String LEARNING_CENTER = "learning-center.json";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Endpoints endpoints;

    /**
     * Where the parts listen.
     *
     * @param learningCenter its base URL, the simulator's or another's
     */
    public record Endpoints(URI api, URI lambda, URI learningCenter, URI dynamoDb, URI secrets, URI events) {}

    private LocalRun(Settings settings, InstantSource clock, UnaryOperator<URI> between, PrintStream out) {
        try {
            endpoints = startParts(settings, clock, between, out);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Runs until the process that started this one ends, or until Ctrl-C.
     *
     * @param args the project's folder, and nothing else; settings come from the environment
     */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("One argument is needed: the folder that holds template.yaml");
            System.exit(1);
        }
        // The functions' SDK clients look for credentials, and are not to find anyone's real ones.
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        // DynamoDB Local has remarks on libraries that it can do without.
        Logger.getLogger("").setLevel(Level.SEVERE);
        Program.run(() -> {
            var settings = Settings.read(Path.of(args[0]), System.getenv());
            if (!settings.metrics()) {
                // Functions write them here, for CloudWatch to find.
                System.setOut(new WithoutMetrics(System.out));
            }
            return start(settings, System.out);
        });
    }

    /**
     * Starts everything, and then prints where each part listens.
     *
     * @param out where that goes, and what the functions log
     * @throws StartException if a port is in use or the template cannot be read; nothing is left running then
     */
    public static LocalRun start(Settings settings, PrintStream out) {
        return start(settings, InstantSource.system(), out);
    }

    static LocalRun start(Settings settings, InstantSource clock, PrintStream out) {
        return new LocalRun(settings, clock, UnaryOperator.identity(), out);
    }

    /**
     * The same, with something between the functions and DynamoDB: a test that lets their requests go wrong.
     *
     * @param between where functions find DynamoDB, of where it is; the streams that wake them are read from there itself
     */
    public static LocalRun start(Settings settings, UnaryOperator<URI> between, PrintStream out) {
        return new LocalRun(settings, InstantSource.system(), between, out);
    }

    private Endpoints startParts(Settings settings, InstantSource clock, UnaryOperator<URI> between, PrintStream out) {
        // Ports first: one that is in use is told at once. Requests wait until their gateway serves.
        var api = listen(Settings.API_PORT, settings.apiPort(), port -> LoopbackServer.bind(port, out));
        var lambda = listen(Settings.LAMBDA_PORT, settings.lambdaPort(), port -> LoopbackServer.bind(port, out));
        var data = settings.dataFolder() == null ? null : part(dataFolder(settings.dataFolder()));
        var secrets = listen(Settings.SECRETS_PORT, settings.secretsPort(), SecretsEndpoint::start);
        var events = listen(Settings.EVENTS_PORT, settings.eventsPort(), port -> EventsEndpoint.start(port, clock));
        var dynamoDb = listen(
                Settings.DYNAMODB_PORT,
                settings.dynamoDbPort(),
                port -> EmbeddedDynamoDb.start(port, data == null ? null : data.dynamoDb()));
        var simulator = settings.learningCenterBaseUrl() == null ? simulator(settings, api.uri()) : null;
        var learningCenter = simulator == null ? requireNonNull(settings.learningCenterBaseUrl()) : simulator.baseUrl();
        var template = template(settings, learningCenter);

        createTables(template, dynamoDb.endpoint());
        SeedSecrets.into(secrets, template, settings, data == null ? Map.of() : KeptSecrets.of(data));
        if (data != null) {
            keep(data, secrets, simulator);
        }
        var instances = new Instances(Instances.LIMIT, clock);
        var functions = part(new Functions(
                template, between.apply(dynamoDb.endpoint()), secrets.endpoint(), events.endpoint(), instances, out));
        part(Repetition.of("idle instances", instances::letIdleGo));
        if (data != null) {
            // Whoever is cut off keeps a lease, for which the next run would wait.
            part(() -> instances.awaitIdle(PATIENCE_AT_THE_END));
        }
        lambda.serve(new InvokeGateway(functions));
        try {
            events.tell(part(
                    new EventRules(template, secrets::value, ApiDestinationSender.Pacing.EVENT_BRIDGE, out::println)));
            part(new Streams(template, functions, dynamoDb.endpoint(), out));
            var schedules = new Schedules(functions, clock);
            part(Repetition.of("schedules", schedules::fireDue));
        } catch (IllegalArgumentException e) {
            throw new StartException(TEMPLATE, e);
        }

        var all = new Endpoints(
                api.uri(), lambda.uri(), learningCenter, dynamoDb.endpoint(), secrets.endpoint(), events.endpoint());
        var welcome = Welcome.text(version(template), settings, all);
        var console = Console.ofLocalRun(consoleOf(settings, template, all), clock);
        api.serve(new ApiGateway(functions, welcome, console, ApiGateway.TIME_LIMIT, clock));
        out.println(welcome);
        return all;
    }

    private static LocalRunEndpoints consoleOf(Settings settings, Template template, Endpoints endpoints) {
        var simulator = settings.learningCenterBaseUrl() == null ? endpoints.learningCenter() : null;
        var timeZone = template.parameters().getOrDefault("TimeZone", "UTC");
        return new LocalRunEndpoints(endpoints.api(), endpoints.lambda(), simulator, ZoneId.of(timeZone));
    }

    private static DataFolder dataFolder(Path folder) {
        try {
            return new DataFolder(folder);
        } catch (UncheckedIOException e) {
            throw new StartException(Settings.DATA_DIR, e);
        }
    }

    private static void keep(DataFolder data, SecretsEndpoint secrets, @Nullable LearningCenterSimulator simulator) {
        try {
            if (simulator != null) {
                data.read(LEARNING_CENTER).ifPresent(simulator::remember);
                KeptSecrets.follow(secrets, simulator);
                data.keep(LEARNING_CENTER, simulator::memory);
            }
            KeptSecrets.keep(secrets, data);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new StartException(Settings.DATA_DIR, e);
        }
    }

    private LearningCenterSimulator simulator(Settings settings, URI api) {
        var builder = LearningCenterSimulator.builder()
                .credentials(settings.learningCenterUsername(), settings.learningCenterPassword());
        var simulator = listen(
                Settings.SIMULATOR_PORT,
                settings.simulatorPort(),
                port -> builder.port(port).start());
        simulator.webhooksTo(api, settings.webhookKey());
        return simulator;
    }

    /** The template, with those of our values that it has a parameter for. */
    private static Template template(Settings settings, URI learningCenter) {
        var file = settings.root().resolve(TEMPLATE);
        try {
            var values = new HashMap<String, String>();
            values.put("AccessTokenName", settings.accessTokenName());
            values.put("LearningCenterBaseUrl", learningCenter.toString());
            values.put("LearningCenterRequestsPerSecond", Integer.toString(settings.learningCenterRequestsPerSecond()));
            if (settings.notifyUrl() != null) {
                values.put("NotifyUrl", settings.notifyUrl().toString());
            }
            values.keySet()
                    .retainAll(Template.read(file, STACK, Map.of()).parameters().keySet());
            return Template.read(file, STACK, values);
        } catch (TemplateException | UncheckedIOException e) {
            throw new StartException(TEMPLATE, e);
        }
    }

    /** What a stack says of itself; a template that says nothing has none. */
    private static String version(Template template) {
        return template.outputs().getOrDefault("Version", "without a version");
    }

    private static void createTables(Template template, URI dynamoDb) {
        try (var client = LocalClients.at(dynamoDb, DynamoDbClient.builder())) {
            EmbeddedDynamoDb.createMissingTables(client, template);
        } catch (IllegalStateException e) {
            throw new StartException(Settings.DATA_DIR, e);
        }
    }

    private <P extends AutoCloseable> P listen(String setting, int port, Listening<P> start) {
        try {
            return part(start.on(port));
        } catch (IOException | UncheckedIOException e) {
            throw StartException.cannotListen(setting, port, e);
        }
    }

    private <P extends AutoCloseable> P part(P part) {
        parts.push(part);
        return part;
    }

    /** Where its parts listen, whatever ports they were given. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Ends every part, the last that was started first. Whatever was stored in memory is gone. */
    @Override
    public void close() {
        parts.forEach(Program::closeQuietly);
        parts.clear();
    }

    @FunctionalInterface
    private interface Listening<P> {
        P on(int port) throws IOException;
    }
}
