package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A function in a process of its own, started as Lambda starts it: the official runtime client, with the flags of the managed runtime,
 * asks a Runtime API for events, which is here.
 */
final class FunctionProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** How long an answer may come after the function's time is over: Lambda would have ended it. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final String RUNTIME = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String API = "/2018-06-01/runtime/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final Process process;
    private final Path output;
    private final long startedAt;
    private final Duration limit;

    /** What the runtime client tells, and when. */
    private record Told(What what, byte[] body, long at) {}

    private enum What {
        /** It asks for the next event: what came before is done, initialization too. */
        READY,
        ANSWERED,
        FAILED,
        /** Its process has ended, which it never does by itself. */
        GONE
    }

    /** The function answered with an error: Lambda would try again what nobody waits for. */
    static final class FailedException extends IOException {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** @param took until the answer was here */
    record Answer(byte[] body, Duration took) {}

    private FunctionProcess(DeploymentPackage function, Map<String, String> environment, Start start, Duration limit)
            throws IOException {
        this.limit = limit;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(API, this::serve);
        server.start();
        output = Files.createTempFile("function", ".log");
        var command = new ArrayList<>(start.wrapper());
        command.addAll(start.java());
        command.add(RUNTIME);
        command.add(function.handler());
        var builder = new ProcessBuilder(command)
                .directory(function.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment()
                .put(
                        "AWS_LAMBDA_RUNTIME_API",
                        "127.0.0.1:" + server.getAddress().getPort());
        startedAt = System.nanoTime();
        process = builder.start();
        // What still comes of it before that is waited for no longer.
        var _ = process.onExit()
                .thenRun(() -> told.add(new Told(What.GONE, "it ended".getBytes(UTF_8), System.nanoTime())));
    }

    /**
     * How a process is started.
     *
     * @param wrapper a command that the Java command is put behind
     * @param java with its options and the class path of the runtime
     */
    record Start(List<String> wrapper, List<String> java) {}

    static FunctionProcess start(DeploymentPackage function, Map<String, String> environment, Start start)
            throws IOException {
        return start(function, environment, start, LIMIT);
    }

    /** @param limit what the function is told that it has for each event, as the template's {@code Timeout} says */
    static FunctionProcess start(
            DeploymentPackage function, Map<String, String> environment, Start start, Duration limit)
            throws IOException {
        return new FunctionProcess(function, environment, start, limit);
    }

    /** Waits until it asks for its first event: how long that took, from the start of the process. */
    Duration initialized() throws IOException {
        return Duration.ofNanos(next(What.READY).at() - startedAt);
    }

    /** Hands an event over that it waits for, and waits for the answer. */
    Answer call(byte[] event) throws IOException {
        var begin = System.nanoTime();
        events.add(event);
        var answer = next(What.ANSWERED);
        return new Answer(answer.body(), Duration.ofNanos(answer.at() - begin));
    }

    /** CPU that it has used, in all its threads; to a hundredth of a second. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory that it has had, in kilobytes. */
    long peakKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private Told next(What expected) throws IOException {
        try {
            var next = told.poll(limit.plus(GRACE).toSeconds(), TimeUnit.SECONDS);
            if (next == null || next.what() != expected) {
                var what = (next == null ? "nothing came" : new String(next.body(), UTF_8)) + "; it printed: "
                        + Files.readString(output);
                throw next != null && next.what() == What.FAILED ? new FailedException(what) : new IOException(what);
            }
            return next;
        } catch (InterruptedException ends) {
            throw new IOException(ends);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var at = System.nanoTime();
            var path = exchange.getRequestURI().getPath().substring(API.length());
            if (path.equals("invocation/next")) {
                told.add(new Told(What.READY, body, at));
                handOver(exchange, events.take());
            } else if (path.equals("restore/next")) {
                // Of SnapStart: as if the snapshot that was just taken were restored at once.
                exchange.sendResponseHeaders(200, -1);
            } else {
                told.add(new Told(path.endsWith("/response") ? What.ANSWERED : What.FAILED, body, at));
                exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException ends) {
            // The process is gone.
        }
    }

    private void handOver(HttpExchange exchange, byte[] event) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", "00000000-0000-0000-0000-000000000000");
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + limit.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:benchmark");
        headers.set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    /** Ends it at once. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        server.stop(0);
        threads.shutdownNow();
        Files.deleteIfExists(output);
    }
}
