package org.touchline.local;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.touchline.embedded.EmbeddedDynamoDb;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.embedded.Template;
import org.touchline.embedded.TemplateException;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The whole connector on this machine (wire contract §6): the real functions behind gateways that read {@code template.yaml},
 * on DynamoDB and secrets in memory, with a Learning Center to talk to. Several can run beside each other.
 */
public final class LocalRun implements AutoCloseable {
    private static final String STACK = "touchline";
    private static final String TEMPLATE = "template.yaml";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Endpoints endpoints;

    /**
     * Where the parts listen.
     *
     * @param learningCenter its base URL, the simulator's or another's
     */
    public record Endpoints(URI api, URI lambda, URI learningCenter, URI dynamoDb, URI secrets) {}

    private LocalRun(Settings settings, InstantSource clock, PrintStream out) {
        try {
            endpoints = startParts(settings, clock, out);
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
        try {
            var settings = Settings.read(Path.of(args[0]), System.getenv());
            if (!settings.metrics()) {
                // Functions write them here, for CloudWatch to find.
                System.setOut(new WithoutMetrics(System.out));
            }
            var run = start(settings, System.out);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(run::close));
        } catch (StartException e) {
            System.err.println(e.getMessage());
            endMaven();
            System.exit(1);
        }
        var parentEnds = ProcessHandle.current().parent().map(ProcessHandle::onExit);
        parentEnds.orElseGet(CompletableFuture::new).join();
        System.exit(0);
    }

    /**
     * Has the reason be the last line: of a program that fails, Maven itself has thirty to say, and no setting for fewer. It ends as
     * by Ctrl-C, and the shell sees that something failed.
     */
    private static void endMaven() {
        if (Boolean.getBoolean("touchline.startedByMaven")) {
            ProcessHandle.current().parent().ifPresent(maven -> {
                maven.destroy();
                // To end before it does would let it speak.
                maven.onExit().completeOnTimeout(maven, 10, TimeUnit.SECONDS).join();
            });
        }
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
        return new LocalRun(settings, clock, out);
    }

    private Endpoints startParts(Settings settings, InstantSource clock, PrintStream out) {
        // Ports first: one that is in use is told at once. Requests wait until their gateway serves.
        var api = listen(Settings.API_PORT, settings.apiPort(), port -> LoopbackServer.bind(port, out));
        var lambda = listen(Settings.LAMBDA_PORT, settings.lambdaPort(), port -> LoopbackServer.bind(port, out));
        var secrets = listen(Settings.SECRETS_PORT, settings.secretsPort(), SecretsEndpoint::start);
        var dynamoDb = listen(Settings.DYNAMODB_PORT, settings.dynamoDbPort(), EmbeddedDynamoDb::start);
        var learningCenter = learningCenter(settings, api.uri());
        var template = template(settings, learningCenter);

        createTables(template, dynamoDb.endpoint());
        SeedSecrets.into(secrets, template, settings);
        var instances = new Instances(Instances.LIMIT, clock);
        var functions = part(new Functions(template, dynamoDb.endpoint(), secrets.endpoint(), instances, out));
        part(Repetition.of("idle instances", instances::letIdleGo));
        lambda.serve(new InvokeGateway(functions));
        try {
            part(new Streams(template, functions, dynamoDb.endpoint(), out));
            var schedules = new Schedules(functions, clock);
            part(Repetition.of("schedules", schedules::fireDue));
        } catch (IllegalArgumentException e) {
            throw new StartException(TEMPLATE, e);
        }

        var all = new Endpoints(api.uri(), lambda.uri(), learningCenter, dynamoDb.endpoint(), secrets.endpoint());
        var welcome = Welcome.text(version(template), settings, all);
        api.serve(new ApiGateway(functions, welcome, ApiGateway.TIME_LIMIT, clock));
        out.println(welcome);
        return all;
    }

    private URI learningCenter(Settings settings, URI api) {
        if (settings.learningCenterBaseUrl() != null) {
            return settings.learningCenterBaseUrl();
        }
        var builder = LearningCenterSimulator.builder()
                .credentials(settings.learningCenterUsername(), settings.learningCenterPassword());
        var simulator = listen(
                Settings.SIMULATOR_PORT,
                settings.simulatorPort(),
                port -> builder.port(port).start());
        simulator.webhooksTo(api, settings.webhookKey());
        return simulator.baseUrl();
    }

    /** The template, with those of our values that it has a parameter for. */
    private static Template template(Settings settings, URI learningCenter) {
        var file = settings.root().resolve(TEMPLATE);
        try {
            var values = new HashMap<String, String>();
            values.put("AccessTokenName", settings.accessTokenName());
            values.put("LearningCenterBaseUrl", learningCenter.toString());
            values.put("LearningCenterRequestsPerSecond", Integer.toString(settings.learningCenterRequestsPerSecond()));
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
            EmbeddedDynamoDb.createTables(client, template);
        }
    }

    private <P extends AutoCloseable> P listen(String setting, int port, Listening<P> start) {
        try {
            return part(start.on(port));
        } catch (IOException | UncheckedIOException e) {
            var reason =
                    Stream.iterate(e, Objects::nonNull, Throwable::getCause).reduce((outer, inner) -> inner);
            throw new StartException(
                    setting,
                    "cannot listen on 127.0.0.1:" + port + ", "
                            + reason.orElse(e).getMessage());
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

    /** Ends every part, the last that was started first. Whatever was stored is gone. */
    @Override
    public void close() {
        parts.forEach(LocalRun::closeQuietly);
        parts.clear();
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // The others are to be closed all the same.
        }
    }

    @FunctionalInterface
    private interface Listening<P> {
        P on(int port) throws IOException;
    }
}
