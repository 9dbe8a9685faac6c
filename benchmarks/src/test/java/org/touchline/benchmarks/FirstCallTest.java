package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.FunctionHarness;

/** Which classes a function loads, in a process of its own, started as Lambda starts it (design §6). */
@Tag("long")
class FirstCallTest {
    private static final List<String> NEED_DATA = List.of(
            "software.amazon.awssdk.services.secretsmanager.model.",
            "software.amazon.awssdk.protocols.",
            "software.amazon.awssdk.thirdparty.jackson.core.util.",
            "org.touchline.secret.",
            "org.touchline.Sha256",
            "org.touchline.functions.MemberVerificationHandler$Authorization",
            "org.touchline.member.",
            "org.touchline.license.UssfId");

    private static StandIns standIns;

    @TempDir
    private Path folder;

    /** What was loaded until the first event was asked for, and then until it was answered. */
    private record Loaded(List<String> init, List<String> call, String answer) {
        List<String> all() {
            var all = new ArrayList<>(init);
            all.addAll(call);
            return all;
        }
    }

    @BeforeAll
    static void start() {
        standIns = new StandIns();
    }

    @AfterAll
    static void stop() {
        standIns.close();
    }

    @Test
    void verificationByAccessTokenLoadsNothingThatBinds() throws IOException {
        var loaded = loaded("member-verification", "MemberVerificationFunction", Map.of());

        assertTrue(loaded.answer().contains("\\\"isValid\\\":true"), loaded.answer());
        assertEquals(List.of(), of(loaded.all(), "com.fasterxml.jackson.databind.", "com.auth0.jwt.interfaces."));
    }

    /** What the constructor did, the first call finds loaded: without that it would load some 1,500 classes of ours and the SDK's. */
    @Test
    void webhookLoadsNothingThatBindsAndItsFirstCallNextToNothing() throws IOException {
        var loaded = loaded("user-license-webhook", "UserLicenseWebhookFunction", Map.of());

        assertTrue(loaded.answer().contains("\"statusCode\":200"), loaded.answer());
        assertEquals(List.of(), of(loaded.all(), "com.fasterxml.jackson.databind.", "com.auth0."));
        assertTrue(loaded.init().contains("com.fasterxml.jackson.core.JsonFactory"), "it is seen what is loaded");
        var late = of(loaded.call(), "org.touchline.", "software.amazon.", "com.fasterxml.");
        assertTrue(late.size() < 25, late::toString);
    }

    /** After SnapStart: what is left is what a secret and a member bring, neither of which may be in a snapshot. */
    @Test
    void firstCallAfterARestoreLoadsNothingThatCouldBeReady() throws IOException {
        var loaded = loaded(
                "member-verification",
                "MemberVerificationFunction",
                Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));

        assertTrue(loaded.answer().contains("\\\"isValid\\\":true"), loaded.answer());
        var late = of(loaded.call(), "org.touchline.", "software.amazon.", "com.fasterxml.").stream()
                .filter(name -> !name.contains("$$Lambda") && NEED_DATA.stream().noneMatch(name::startsWith))
                .toList();
        assertEquals(List.of(), late);
    }

    private Loaded loaded(String sample, String logicalId, Map<String, String> more) throws IOException {
        var log = folder.resolve("classes");
        var environment = standIns.environment(logicalId);
        environment.putAll(more);
        var function = standIns.stack().template().function(logicalId);
        var java = new ArrayList<>(new ManagedRuntime(folder)
                .java(function.memorySize(), "-Xlog:class+load:file=" + log + ":none:filecount=0"));
        // Here a function is no package yet: its classes are on the class path.
        java.set(java.size() - 1, System.getProperty("java.class.path"));
        try (var process = FunctionProcess.start(
                new DeploymentPackage(folder, function.handler()),
                environment,
                new FunctionProcess.Start(List.of(), java))) {
            process.initialized();
            var init = names(log);
            var answer = process.call(FunctionHarness.sampleText(sample).getBytes(UTF_8));
            var all = names(log);
            return new Loaded(init, all.subList(init.size(), all.size()), new String(answer.body(), UTF_8));
        }
    }

    private static List<String> names(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    private static List<String> of(List<String> classes, String... packages) {
        return classes.stream()
                .filter(name -> List.of(packages).stream().anyMatch(name::startsWith))
                .toList();
    }
}
