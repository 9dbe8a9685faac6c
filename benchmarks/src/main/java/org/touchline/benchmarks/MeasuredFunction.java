package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.touchline.benchmarks.CapacityMeter.Sums;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;

/**
 * A function of a stack in a process of its own, with the memory that the template gives it, under Lambda's runtime client, from this
 * process's class path; and what it consumes. One thread at a time.
 */
final class MeasuredFunction implements AutoCloseable {
    private static final int MOST_TRIES = 3;

    private final String logicalId;
    private final FunctionProcess process;
    private final Path meter;
    private int invocations;
    private int failures;

    /**
     * Starts it, and waits until it is ready.
     *
     * @param limit how long it may take for an event
     * @param folder an empty one, for what is written about it
     */
    MeasuredFunction(EmbeddedStack stack, String logicalId, ManagedRuntime runtime, Duration limit, Path folder)
            throws IOException {
        var function = stack.template().function(logicalId);
        this.logicalId = logicalId;
        meter = folder.resolve("meter");
        var java = runtime.java(
                function.memorySize(),
                "-D" + CapacityMeter.FILE + "=" + meter,
                "-D" + CapacityMeter.INDEXES + "=" + TransactionUnits.indexesOf(stack.template()));
        java.set(java.size() - 1, classPath());
        var environment = new HashMap<>(stack.environment(logicalId));
        environment.putAll(StandIns.CREDENTIALS);
        process = FunctionProcess.start(
                new DeploymentPackage(Files.createDirectory(folder.resolve("task")), function.handler()),
                environment,
                new FunctionProcess.Start(List.of(), java),
                limit);
        process.initialized();
    }

    /** This process's, from wherever it is read: the function's works elsewhere. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Hands an event over; what fails is tried again, as Lambda does it where nobody waits.
     *
     * @throws IOException with what it printed, if it fails three times, or does not answer in time
     */
    JsonNode invoke(String event) throws IOException {
        for (var tries = 1; ; tries++) {
            invocations++;
            try {
                var answer = new String(process.call(event.getBytes(UTF_8)).body(), UTF_8);
                process.initialized();
                return FunctionHarness.json(answer);
            } catch (FunctionProcess.FailedException failed) {
                failures++;
                if (tries == MOST_TRIES) {
                    throw failed;
                }
                process.initialized();
            }
        }
    }

    /** How many invocations failed so far. */
    int failures() {
        return failures;
    }

    boolean isOf(String function) {
        return logicalId.equals(function);
    }

    /** How many so far. */
    int invocations() {
        return invocations;
    }

    /** What it has asked of DynamoDB so far. */
    Sums sums() {
        return CapacityMeter.read(meter);
    }

    Duration cpu() {
        return process.cpu();
    }

    /** The most memory that it has had, in kilobytes; Lambda counts it too. */
    long peakKilobytes() throws IOException {
        return process.peakKilobytes();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
