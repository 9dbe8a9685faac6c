package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;

/** Design rule 33: the rate is the only brake, whatever a call takes. */
@Tag("long")
class ManyAtOnceTest {
    private static final int MEMBERS = 300;
    private static final String DELAY_MILLIS = "200";

    /** On two cores beside nothing else it is within 40 seconds; beside others it takes longer. One after the other it would be 300. */
    private static final Duration LONGEST = Duration.ofSeconds(200);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    /** At 200 calls a second, of 0.2 seconds each, five for each member. */
    @Test
    @Tag("rule-33")
    void membersAreEnrolledAsFastAsTheRateAllowsThoughEachCallTakesItsTime() throws Exception {
        try (var run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()),
                new PrintStream(folder.resolve("log").toFile()))) {
            var simulator = URI.create(run.endpoints().learningCenter().resolve("/simulator") + "/");
            for (var person = 1; person <= MEMBERS; person++) {
                assertEquals(
                        200,
                        TestStack.send("POST", simulator.resolve("people"), person(person))
                                .statusCode());
            }
            TestStack.send(
                    "POST",
                    simulator.resolve("faults"),
                    "{\"effect\":\"delay\",\"millis\":" + DELAY_MILLIS + ",\"times\":1000000}");

            var begun = Instant.now();
            // A machine that is busy may leave some out, which the answer names: the same list again.
            while (!rejected(run).isEmpty()) {
                assertTrue(Duration.between(begun, Instant.now()).compareTo(LONGEST) < 0, "some are not stored");
            }
            var imported = Duration.between(begun, Instant.now());
            while (!members(run, "pending").isEmpty()) {
                assertTrue(Duration.between(begun, Instant.now()).compareTo(LONGEST) < 0, "some are still pending");
                Thread.sleep(100);
            }
            assertTrue(members(run, "no_match").isEmpty());
            assertTrue(members(run, "failed").isEmpty());
            assertEquals(200, members(run, "enrolled").size(), "a whole page");

            System.out.printf(
                    Locale.ROOT,
                    "%d members, %s ms a call, 200 calls a second: stored after %.1f s, all enrolled after %.1f s%n",
                    MEMBERS,
                    DELAY_MILLIS,
                    imported.toMillis() / 1e3,
                    Duration.between(begun, Instant.now()).toMillis() / 1e3);
        }
    }

    private static JsonNode rejected(LocalRun run) throws Exception {
        var answer = TestStack.send(
                "POST",
                URI.create(run.endpoints().lambda() + "/2015-03-31/functions/MemberImportFunction/invocations"),
                "{\"members\":["
                        + IntStream.rangeClosed(1, MEMBERS)
                                .mapToObj(ManyAtOnceTest::member)
                                .collect(Collectors.joining(","))
                        + "]}");
        assertEquals(200, answer.statusCode(), answer.body());
        return MAPPER.readTree(answer.body()).path("rejected");
    }

    private static JsonNode members(LocalRun run, String status) throws Exception {
        var uri = run.endpoints().api().resolve("/members?limit=200&enrollment=" + status);
        var answer = TestStack.get(uri);
        // Beside this, the API may be too late.
        return answer.statusCode() == 200 ? MAPPER.readTree(answer.body()).path("members") : members(run, status);
    }

    private static String person(int number) {
        return String.format(
                Locale.ROOT,
                "{\"ussf_id\":\"%016d\",\"first_name\":\"First\",\"last_name\":\"Last%d\",\"email\":\"%d@example.org\",\"dob\":\"1990-01-01\","
                        + "\"referee_experience\":4}",
                number,
                number,
                number);
    }

    private static String member(int number) {
        return String.format(
                Locale.ROOT,
                "{\"memberIdentifier\":\"M-%d\",\"firstName\":\"First\",\"lastName\":\"Last%d\",\"email\":\"%d@example.org\","
                        + "\"dateOfBirth\":\"1990-01-01\"}",
                number,
                number,
                number);
    }
}
