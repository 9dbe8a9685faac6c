package org.touchline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Scanner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Shows the page of a deployed stack on this machine, to whoever was given its address, and signs what it asks with the operator's
 * credentials, as {@code kubectl proxy} does. It ends after an hour without a request. Called by {@code bin/console}.
 */
public final class ConsoleServer implements AutoCloseable {
    static final Duration ENDS_AFTER = Duration.ofHours(1);

    private final LoopbackServer server;
    private final Admission admission;
    private final Http http;
    private final Clock clock;
    private final AtomicReference<Instant> lastRequest;

    private ConsoleServer(ConsoleSettings settings, Signer signer, Clock clock, PrintStream out) throws IOException {
        this.clock = clock;
        http = new Http();
        admission = new Admission(clock, new SecureRandom());
        lastRequest = new AtomicReference<>(clock.instant());
        var stack = new DeployedStack(
                settings.stack(),
                settings.timeZone(),
                new AwsEndpoints(settings.region(), settings.endpoint()),
                signer,
                http,
                clock);
        server = LoopbackServer.bind(settings.port(), out);
        server.serve(new Noting(new Console(stack, admission, false)));
    }

    /**
     * Starts it.
     *
     * @throws IOException if the port is taken
     */
    static ConsoleServer start(ConsoleSettings settings, Signer signer, Clock clock, PrintStream out)
            throws IOException {
        return new ConsoleServer(settings, signer, clock, out);
    }

    /**
     * Runs until it is ended, or nobody has asked for an hour.
     *
     * @param args the name of the stack
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            var settings = ConsoleSettings.read(args, System.getenv(), ConsoleServer::regionOfTheProfile);
            var credentials = DefaultCredentialsProvider.builder().build();
            var signer = new Signer(credentials, settings.region(), Clock.systemUTC());
            var console = start(settings, signer, Clock.systemUTC(), System.out);
            console.show(System.out);
            Thread.ofVirtual().start(() -> console.showForEachLine(System.in, System.out));
            console.awaitTheEnd();
            if (console.isIdle()) {
                System.out.println("Nobody has asked for an hour: the console ends.");
            }
            System.exit(0);
        } catch (ConsoleSettings.UnusableException e) {
            fail(e.getMessage());
        } catch (BindException e) {
            fail("CONSOLE_PORT: cannot listen there, " + e.getMessage());
        }
    }

    private static void fail(@Nullable String reason) {
        System.err.println(reason);
        StartedByMaven.end();
        System.exit(1);
    }

    private static String regionOfTheProfile() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion().id();
        } catch (SdkClientException e) {
            return "";
        }
    }

    /** An address that is good once, for ten seconds. What follows the # goes to no server. */
    URI address() {
        return URI.create(server.uri() + "/console/#/enter/" + admission.ticket());
    }

    private void show(PrintStream out) {
        var address = address();
        out.println("  " + address + "   (good once, for ten seconds; Enter for another)");
        Browser.open(address, System.getenv());
    }

    /** A new address for each Enter: one that was used, or is ten seconds old, is none. */
    private void showForEachLine(InputStream in, PrintStream out) {
        var lines = new Scanner(in, UTF_8);
        while (lines.hasNextLine()) {
            lines.nextLine();
            show(out);
        }
    }

    /** Until nobody has asked for long, or what started it has ended. */
    private void awaitTheEnd() throws InterruptedException {
        var parent = ProcessHandle.current().parent();
        while (!isIdle() && parent.map(ProcessHandle::isAlive).orElse(true)) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    boolean isIdle() {
        return clock.instant().isAfter(lastRequest.get().plus(ENDS_AFTER));
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }

    /** Notes when somebody last asked. */
    private final class Noting implements LoopbackServer.Responder {
        private final Console console;

        Noting(Console console) {
            this.console = console;
        }

        @Override
        public HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException {
            lastRequest.set(clock.instant());
            return console.respond(request);
        }

        @Override
        public boolean isLogged(HttpExchange request) {
            return console.isLogged(request);
        }
    }
}
