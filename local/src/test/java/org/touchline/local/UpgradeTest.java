package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.touchline.embedded.EmbeddedStack;

/**
 * A store as each release left it works with this code; and what this code writes, the newest release can read, since functions of both
 * run at once while a deployment takes its minutes. Each release has a folder in {@code upgrade}: what its {@link Season} left in the
 * tables, what the Learning Center knew then, and the forms of all that was stored meanwhile.
 *
 * <p>{@code -Dtouchline.upgrade.write=<folder>} writes such a folder. {@code -Dtouchline.upgrade.read=<folder>} reads that one instead: with
 * it, the code of a release is tried on what a later one has written.
 */
@Tag("long")
class UpgradeTest {
    private static final Path RELEASES =
            EmbeddedStack.projectRoot().resolve("local/src/test/resources/org/touchline/local/upgrade");

    /** What is written and the newest release does not know, a line each: the form, {@code — } and why it does no harm. */
    private static final Path COMPATIBILITY = RELEASES.resolve("compatibility.txt");

    private static final Duration LONGER_THAN_ANY_LEASE = Duration.ofMinutes(30);

    private static final String STORE = "store.jsonl";
    private static final String LEARNING_CENTER = "learning-center.json";
    private static final String FORMS = "forms.txt";

    static Stream<Path> releases() throws IOException {
        var one = System.getProperty("touchline.upgrade.read");
        return one == null ? folders().stream() : Stream.of(Path.of(one));
    }

    private static List<Path> folders() throws IOException {
        try (var found = Files.list(RELEASES)) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everythingIsReadAsItWas(Path release) throws IOException {
        try (var world = upgraded(release)) {
            assertEquals(
                    Map.of("coach_15", "removed", "coach_41", "active", "referee_7", "removed", "referee_8", "active"),
                    licenses(world, Season.ANN));
            assertEquals(
                    Map.of("coach_15", "active", "coach_41", "active", "referee_8", "active"),
                    licenses(world, Season.BEN));
            var former = world.ask(
                    "LicenseLookupFunction", "license-lookup", "GET /users/" + Season.BEN_BEFORE + "/licenses");
            assertEquals(
                    "410 " + Season.BEN,
                    former.path("httpStatus").asInt() + " "
                            + former.path("ussfId").asText());

            var roster = world.ask("RosterFunction", "roster", "GET /roster");
            assertEquals(
                    "{ANN=enrolled, BEN=enrolled, DAN=dob_mismatch, EVE=failed, FAY=enrolled, IDA=multiple_matches, JON=no_match}",
                    roster.path("members")
                            .valueStream()
                            .collect(Collectors.toMap(
                                    each -> each.path("memberIdentifier").asText(),
                                    each -> each.path("enrollment").asText(),
                                    (one, _) -> one,
                                    TreeMap::new))
                            .toString());
            var ending =
                    world.ask("RosterFunction", "roster", "GET /expirations").path("expirations");
            assertEquals(
                    "2026-12-07 coach_41 [\"ANN\"]",
                    ending.at("/0/expirationDate").asText() + " "
                            + ending.at("/0/licenseId").asText() + " " + ending.at("/0/memberIdentifiers"));
            var ann = world.ask("MemberDirectoryFunction", "member-directory", "GET /members/ann");
            assertEquals(
                    "Chico " + Season.ANN,
                    ann.path("city").asText() + " "
                            + ann.at("/enrollment/ussfId").asText());

            var status = world.ask("StackStatusFunction", "stack-status", "GET /status");
            assertTrue(status.at("/reconciliation/unfinished").asBoolean(), status::toString);
            assertTrue(status.at("/quarantine/open").asInt() > 0, status::toString);
            assertTrue(status.at("/subscriptions/auditedAt").isTextual(), status::toString);

            var told = changes(world, "").path("changes");
            assertEquals(
                    told.size(),
                    told.valueStream()
                            .map(each -> each.path("id").asText())
                            .distinct()
                            .count());
            assertTrue(
                    told.valueStream()
                            .anyMatch(each -> each.path("type").asText().equals("person.moved")),
                    told::toString);
            var history = world.ask(
                            "ChangeFeedFunction",
                            "change-feed",
                            "GET /users/" + Season.BEN_BEFORE + "/history?limit=200")
                    .path("changes");
            assertTrue(
                    history.valueStream()
                            .anyMatch(each -> each.path("type").asText().equals("member.added")),
                    history::toString);
            assertEquals(
                    404,
                    world.ask("ChangeFeedFunction", "change-feed", "GET /users/" + Season.GIL + "/history")
                            .path("httpStatus")
                            .asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void webhooksAreTakenIn(Path release) throws IOException {
        try (var world = upgraded(release)) {
            assertAnswer("unchanged", license(world, Season.ANN, "referee_7", "2026-11-30T12:00:00Z"));
            assertEquals("removed", licenses(world, Season.ANN).get("referee_7"));
            assertAnswer("applied", license(world, Season.ANN, "referee_7", "2026-12-03T11:00:00Z"));
            assertEquals("active", licenses(world, Season.ANN).get("referee_7"));
            // A full answer did not show it: newer news ends that.
            assertAnswer("applied", license(world, Season.ANN, "coach_15", "2026-12-03T11:00:00Z"));
            assertEquals("active", licenses(world, Season.ANN).get("coach_15"));
            assertAnswer("applied", license(world, Season.BEN_BEFORE, "coach_5", "2026-12-03T11:00:00Z"));
            assertEquals("active", licenses(world, Season.BEN).get("coach_5"));
            var circle = "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(Season.BEN, Season.BEN_BEFORE);
            assertAnswer("quarantined", world.webhook("ussf-id-webhook", "UssfIdWebhookFunction", circle));
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatIsUnfinishedGoesOn(Path release) throws IOException {
        try (var world = upgraded(release)) {
            var window = world.call("UserLicenseReconciliationFunction", "{\"resume\":true}");
            assertEquals("complete", window.path("status").asText(), window::toString);
            var status = world.ask("StackStatusFunction", "stack-status", "GET /status");
            assertFalse(status.at("/reconciliation/unfinished").asBoolean(), status::toString);
            assertEquals(window.path("windowEnd"), status.at("/reconciliation/completeUntil"));
            var own = world.call(
                    "UserLicenseReconciliationFunction",
                    "{\"startDate\":\"2026-11-30T00:00:00Z\",\"endDate\":\"2026-12-01T00:00:00Z\"}");
            assertEquals("complete", own.path("status").asText(), own::toString);
            var audit = world.call("SubscriptionAuditFunction", "{\"resume\":true}");
            assertEquals(3, audit.path("expected").asInt(), audit::toString);
            assertEquals(0, audit.path("extraCount").asInt(), audit::toString);
            // Before the refresh, which does what is due as well.
            var owed = world.call("FollowUpFunction", "{\"all\":true}");
            assertEquals(0, owed.path("failed").asInt(), owed::toString);
            assertTrue(owed.path("done").asInt() > 0, owed::toString);
            var refresh = world.call("PersonRefreshFunction", "{\"resume\":true}");
            assertTrue(
                    refresh.path("refreshed").asInt() > 0
                            && refresh.path("failed").asInt() == 0,
                    refresh::toString);
            // Doubted two days ago: the next answer that takes everything away is believed.
            world.call("PersonRefreshFunction", "{\"ussfId\":\"" + Season.FAY + "\"}");
            assertEquals(Map.of("coach_15", "removed", "referee_8", "removed"), licenses(world, Season.FAY));
            var replayed = world.call("QuarantineReplayFunction", "{}");
            assertTrue(replayed.path("stillQuarantined").asInt() > 0, replayed::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whoIsAtWorkIsNotDisturbed(Path release) throws IOException {
        try (var world = atItsEnd(release)) {
            var before = leases(world);
            assertEquals(Season.AT_WORK.size(), before.size(), before::toString);
            Season.AT_WORK.forEach((function, payload) -> {
                var nothing = world.call(function, payload);
                assertTrue(
                        nothing.path("status").asText().equals("skipped")
                                || nothing.path("done").asInt(1) == 0,
                        () -> function + ": " + nothing);
            });
            assertEquals(before, leases(world));
        }
    }

    /** The rows with leases, and how far their holders have come; that of the session is free after seconds, and taken by each. */
    private static List<String> leases(StackInTime world) {
        return StoredItems.of(world.stack).lines().stream()
                .filter(line -> line.contains("leaseOwner") && !line.contains("TokenCacheTable"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatIsKeptInPiecesIsWhole(Path release) throws IOException {
        try (var world = upgraded(release)) {
            var id = world.call("QuarantineReplayFunction", "{\"list\":true}")
                    .path("entries")
                    .valueStream()
                    .filter(entry -> entry.path("route").asText().equals("/licenses"))
                    .findFirst()
                    .orElseThrow()
                    .path("id")
                    .asText();
            var shown = world.call("QuarantineReplayFunction", "{\"id\":\"" + id + "\",\"show\":true}");
            assertEquals(Season.LONG_LIST, shown.at("/entries/0/payload").asText());
            world.call("QuarantineReplayFunction", "{\"id\":\"" + id + "\",\"discard\":true}");
            assertEquals(
                    List.of(),
                    StoredItems.of(world.stack).lines().stream()
                            .filter(line -> line.contains(id) && line.contains("payload"))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void historyGoesOnWhereItEnded(Path release) throws IOException {
        try (var world = upgraded(release)) {
            var cursor = changes(world, "").path("next").asText();
            assertEquals(0, changes(world, "&after=" + cursor).path("changes").size());
            license(world, Season.ANN, "referee_7", "2026-12-03T11:00:00Z");

            assertEquals(1, world.tellHistory());
            var next = changes(world, "&after=" + cursor);
            assertEquals("[\"license.added\"]", types(next));
            var notices = world.call("LicenseExpiryFunction", "{}");
            assertEquals(
                    "2026-12-03 0",
                    notices.path("through").asText() + " "
                            + notices.path("expiring").asInt());
            world.clock.advance(Duration.ofDays(3));
            assertEquals(
                    1,
                    world.call("LicenseExpiryFunction", "{}").path("expiring").asInt());
            assertEquals(
                    "[\"license.expiring\"]",
                    types(changes(world, "&after=" + next.path("next").asText())));
            var again = world.call(
                    "ChangeReplayFunction", "{\"from\":\"2026-11-30T00:00:00Z\",\"to\":\"2026-12-06T23:00:00Z\"}");
            assertEquals(
                    changes(world, "").path("changes").size(),
                    again.path("published").asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void peopleAreErased(Path release) throws IOException {
        try (var world = upgraded(release)) {
            for (var person : List.of(Season.ANN, Season.BEN_BEFORE)) {
                assertTrue(world.call("PersonErasureFunction", "{\"ussfId\":\"" + person + "\"}")
                        .path("known")
                        .asBoolean());
            }

            var left = StoredItems.of(world.stack).lines();
            for (var trace : List.of(Season.ANN, Season.BEN_BEFORE, Season.BEN, "\"ANN\"", "\"BEN\"")) {
                assertEquals(
                        List.of(),
                        left.stream().filter(line -> line.contains(trace)).toList());
            }
            assertTrue(left.stream().anyMatch(line -> line.contains(Season.FAY)));
        }
    }

    /** Whatever the newest release does not know is named, with why it does it no harm; or it is not written yet. */
    @Test
    void newestReleaseCanReadWhatIsWrittenNow() throws IOException {
        try (var world = Season.live()) {
            var written = System.getProperty("touchline.upgrade.write");
            if (written != null) {
                write(world, Path.of(written));
            }
            var unknown = new TreeSet<>(world.formsThatWereSeen());
            formsOfTheNewestRelease().forEach(unknown::remove);

            assertEquals(new TreeSet<>(listed()), unknown, () -> "what it does not know, and " + COMPATIBILITY);
        }
    }

    static List<String> formsOfTheNewestRelease() throws IOException {
        return Files.readAllLines(folders().getLast().resolve(FORMS), UTF_8);
    }

    private static List<String> listed() throws IOException {
        return Files.readAllLines(COMPATIBILITY, UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    var parts = line.split(" — ", 2);
                    assertEquals(2, parts.length, () -> "without a reason: " + line);
                    return parts[0];
                })
                .toList();
    }

    private static void write(StackInTime world, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(STORE), StoredItems.of(world.stack).lines(), UTF_8);
        Files.write(folder.resolve(LEARNING_CENTER), world.learningCenter.memory());
        Files.write(folder.resolve(FORMS), world.formsThatWereSeen(), UTF_8);
    }

    /** A stack of today's code with what a release left; whoever was at work has died. */
    private static StackInTime upgraded(Path release) throws IOException {
        var world = atItsEnd(release);
        world.clock.advance(LONGER_THAN_ANY_LEASE);
        return world;
    }

    /** The same in the moment at which it left it. */
    private static StackInTime atItsEnd(Path release) throws IOException {
        var world = new StackInTime(Season.END.toString());
        try {
            world.learningCenter.remember(Files.readAllBytes(release.resolve(LEARNING_CENTER)));
            StoredItems.read(release.resolve(STORE)).into(world.stack);
            world.forgetStreams();
            return world;
        } catch (IOException | RuntimeException failed) {
            world.close();
            throw failed;
        }
    }

    private static Map<String, String> licenses(StackInTime world, String ussfId) {
        var answer = world.ask(
                "LicenseLookupFunction", "license-lookup", "GET /users/" + ussfId + "/licenses?include_inactive=true");
        return answer.path("licenses")
                .valueStream()
                .collect(Collectors.toMap(
                        each -> each.path("licenseId").asText(),
                        each -> each.path("status").asText()));
    }

    private static String license(StackInTime world, String ussfId, String licenseId, String updatedAt) {
        return world.webhook(
                "user-license-webhook",
                "UserLicenseWebhookFunction",
                "{\"ussf_id\":\"%s\",\"action\":\"added\",\"license_id\":\"%s\",\"updated_at\":\"%s\"}"
                        .formatted(ussfId, licenseId, updatedAt));
    }

    private static void assertAnswer(String status, String answer) {
        assertTrue(answer.contains("\"status\":\"" + status + "\""), answer);
    }

    private static JsonNode changes(StackInTime world, String more) {
        return world.ask("ChangeFeedFunction", "change-feed", "GET /changes?limit=500" + more);
    }

    private static String types(JsonNode changes) {
        assertFalse(changes.path("changes").isMissingNode(), changes::toString);
        return changes.path("changes")
                .valueStream()
                .map(each -> each.path("type").toString())
                .toList()
                .toString()
                .replace(", ", ",");
    }
}
