package org.touchline.walk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.touchline.change.ChangeType;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.UserLicense;

/**
 * What a function is called for.
 *
 * <p>A new function has its own here, one for each thing that it is for: a line in {@link #ALL} with the sample of {@code events/}, or an
 * event of its own about the people of {@link World}. Its handler is made of a {@code Wiring} by a private constructor. What it
 * stores and deletes has to be in {@link World#picture}: so a new table is in {@code World.STORES}, and what of an item differs from
 * run to run in {@code World.LEFT_OUT}. Then {@code -Dtouchline.walk=<name>} walks it alone, and whole.
 *
 * @param name what {@code -Dtouchline.walk} calls it
 * @param function its logical id
 * @param before what happens in the Learning Center just before
 * @param event what the function is handed, as of the call
 * @param sender who calls it, and so what they do if it fails
 */
record Errand(String name, String function, Consumer<World> before, Function<World, String> event, Sender sender) {
    /** Who calls. */
    enum Sender {
        /** The Learning Center never tries again (design rule 6). */
        WEBHOOK,
        /** Somebody who does it again until it is done. */
        CALLER,
        /** It comes again, whatever became of it. */
        SCHEDULE
    }

    /** One for each function of the template at least. */
    static final List<Errand> ALL = List.of(
            webhook(
                    "license-told",
                    "user-license-webhook",
                    world -> world.simulator.changeSilently().license(World.ANN, "coach_41"),
                    license(World.ANN, "coach_41", "added", "2026-03-01T13:00:00Z")),
            webhook(
                    "license-of-a-former-id",
                    "user-license-webhook",
                    _ -> {},
                    license(World.BEN_BEFORE, "coach_41", "added", "2026-03-01T12:59:00Z")),
            webhook(
                    "license-contradicted",
                    "user-license-webhook",
                    // What is stored has the lower revision of the two, and is right: so the person is asked about.
                    world -> {
                        var at = "2026-03-01T12:50:00Z";
                        world.simulator
                                .changeSilently()
                                .license(new UserLicense(
                                        World.ANN,
                                        LicenseAction.ADDED,
                                        "coach_41",
                                        null,
                                        null,
                                        null,
                                        Instant.parse(at)));
                        world.store(license(World.ANN, "coach_41", "added", at));
                    },
                    license(World.ANN, "coach_41", "removed", "2026-03-01T12:50:00Z")),
            webhook(
                    "catalog",
                    "license-catalog-webhook",
                    _ -> {},
                    "[{\"license_id\":\"referee_8\",\"name\":\"Referee\",\"discipline\":\"referee\",\"type\":\"r\",\"rank\":1}]"),
            webhook(
                    "id-change",
                    "ussf-id-webhook",
                    world -> world.simulator.changeSilently().ussfId(World.ANN, World.NEXT),
                    moved(World.ANN, World.NEXT)),
            webhook("id-change-in-a-circle", "ussf-id-webhook", _ -> {}, moved(World.BEN, World.BEN_BEFORE)),
            webhook(
                    "user-update",
                    "user-webhook",
                    world -> world.simulator.changeSilently().refereeExperience(World.ANN, 9),
                    "{\"ussf_id\":\"" + World.ANN
                            + "\",\"changed\":[\"referee_experience\",\"grassroots_referee_certificate\"]}"),
            schedule("reconciliation", "UserLicenseReconciliationFunction", "{}", world -> {
                world.simulator.changeSilently().license(World.ANN, "coach_41");
                world.simulator.changeSilently().removeLicense(World.ANN, "referee_8");
                world.simulator.changeSilently().license(World.BEN, "referee_8");
            }),
            caller(
                    "reconciliation-of-a-window",
                    "UserLicenseReconciliationFunction",
                    "{\"startDate\":\"2026-03-01T12:30:00Z\",\"endDate\":\"2026-03-01T13:30:00Z\"}",
                    world -> {
                        world.simulator.changeSilently().license(World.ANN, "coach_41");
                        world.simulator.changeSilently().removeLicense(World.ANN, "referee_8");
                        world.simulator.changeSilently().license(World.BEN, "referee_8");
                        world.simulator.changeSilently().license(World.BEN, "coach_41");
                    }),
            schedule("follow-ups", "FollowUpFunction", "{}", _ -> {}),
            schedule("catalog-sync", "LicenseCatalogSyncFunction", "{}", _ -> {}),
            schedule("audit", "SubscriptionAuditFunction", "{\"repair\":true}", _ -> {}),
            schedule(
                    "refresh-of-a-share",
                    "PersonRefreshFunction",
                    "{}",
                    world -> world.simulator.changeSilently().license(World.ANN, "coach_41")),
            caller(
                    "refresh",
                    "PersonRefreshFunction",
                    "{\"ussfId\":\"" + World.ANN + "\"}",
                    world -> world.simulator.changeSilently().ussfId(World.ANN, World.NEXT)),
            caller("erasure", "PersonErasureFunction", "{\"ussfId\":\"" + World.BEN + "\"}", _ -> {}),
            caller(
                    "erasure-of-a-member",
                    "PersonErasureFunction",
                    "{\"memberIdentifier\":\"" + World.memberIdentifier(World.CAL) + "\"}",
                    _ -> {}),
            caller("integration-check", "IntegrationCheckFunction", "{\"ussfId\":\"" + World.ANN + "\"}", _ -> {}),
            caller("subsidies", "BackgroundCheckSubsidiesFunction", "{\"operation\":\"organizations\"}", _ -> {}),
            caller("replay", "QuarantineReplayFunction", "{}", world -> {
                // What was quarantined once, since nobody could read it, can be read now.
                world.quarantine(
                        "/webhooks/user-license-update",
                        license(World.ANN, "coach_41", "added", "2026-03-01T12:50:00Z"));
                world.quarantine("/webhooks/ussf-id-update", moved(World.ANN, World.NEXT));
                world.simulator.changeSilently().ussfId(World.ANN, World.NEXT);
            }),
            caller(
                    "import",
                    "MemberImportFunction",
                    "{\"members\":["
                            + World.memberJson(World.DAN)
                                    .replaceFirst(
                                            "\\{",
                                            "{\"memberIdentifier\":\"" + World.memberIdentifier(World.DAN) + "\",")
                            + "]}",
                    _ -> {}),
            caller("put-a-member", "MemberDirectoryFunction", member("PUT", World.DAN), _ -> {}),
            caller("delete-a-member", "MemberDirectoryFunction", member("DELETE", World.ANN), _ -> {}),
            caller("look-up", "LicenseLookupFunction", FunctionHarness.sampleText("license-lookup"), _ -> {}),
            caller("roster", "RosterFunction", FunctionHarness.sampleText("roster"), _ -> {}),
            caller("history", "ChangeHistoryFunction", FunctionHarness.sampleText("change-history"), _ -> {}),
            caller("feed", "ChangeFeedFunction", FunctionHarness.sampleText("change-feed"), _ -> {}),
            caller(
                    "publish",
                    "ChangePublisherFunction",
                    FunctionHarness.sampleText("change-publisher"),
                    world -> world.keep(ChangeType.PERSON_SUBSCRIBED, World.ANN)),
            caller(
                    "publish-again",
                    "ChangeReplayFunction",
                    "{\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\"}",
                    world -> world.keep(ChangeType.PERSON_SUBSCRIBED, World.ANN)),
            caller(
                    "notices",
                    "LicenseExpiryFunction",
                    "{}",
                    // One of a week, one that has ended, and one of somebody who had another id.
                    world -> {
                        world.store(ending(World.ANN, "coach_41", "2026-03-08"));
                        world.store(ending(World.ANN, "coach_15", "2026-02-28"));
                        world.store(ending(World.BEN_BEFORE, "coach_41", "2026-03-31"));
                    }),
            caller("status", "StackStatusFunction", FunctionHarness.sampleText("stack-status"), _ -> {}),
            caller(
                    "verification",
                    "MemberVerificationFunction",
                    FunctionHarness.sampleText("member-verification"),
                    _ -> {}),
            caller("token", "AccessTokenFunction", FunctionHarness.sampleText("access-token"), _ -> {}));

    static Errand webhook(String name, String sample, Consumer<World> before, String body) {
        var event = withBody(sample, body).toString();
        return new Errand(name, function(sample), before, _ -> event, Sender.WEBHOOK);
    }

    static Errand schedule(String name, String function, String event, Consumer<World> before) {
        return new Errand(name, function, before, _ -> event, Sender.SCHEDULE);
    }

    static Errand caller(String name, String function, String event, Consumer<World> before) {
        return new Errand(name, function, before, _ -> event, Sender.CALLER);
    }

    /** The history is handed what the streams have to say by then. */
    static Errand history() {
        return new Errand("history", "ChangeHistoryFunction", _ -> {}, World::streamEvent, Sender.CALLER);
    }

    /** {@code user-license-webhook} is {@code UserLicenseWebhookFunction} (wire contract §7). */
    private static String function(String folder) {
        var name = new StringBuilder();
        for (var word : folder.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name + "Function";
    }

    private static ObjectNode withBody(String sample, @Nullable String body) {
        return ((ObjectNode) FunctionHarness.json(FunctionHarness.sampleText(sample))).put("body", body);
    }

    static String license(String ussfId, String licenseId, String action, String updatedAt) {
        return "{\"ussf_id\":\"%s\",\"action\":\"%s\",\"license_id\":\"%s\",\"updated_at\":\"%s\"}"
                .formatted(ussfId, action, licenseId, updatedAt);
    }

    private static String ending(String ussfId, String licenseId, String lastDay) {
        return license(ussfId, licenseId, "added", "2026-03-01T12:50:00Z")
                .replaceFirst("}$", ",\"expiration_date\":\"" + lastDay + "\"}");
    }

    static String moved(String former, String successor) {
        return "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(former, successor);
    }

    static String member(String method, String ussfId) {
        return member(method, ussfId, World.memberJson(ussfId));
    }

    /** The same of a member whose USSF-ID nobody tells. */
    static String memberByEmail(String method, String ussfId) {
        return member(method, ussfId, World.memberJsonWithoutId(ussfId));
    }

    private static String member(String method, String ussfId, String json) {
        var event = withBody("member-directory", method.equals("PUT") ? json : null);
        event.put("routeKey", method + " /members/{memberIdentifier}");
        ((ObjectNode) event.at("/requestContext/http")).put("method", method);
        event.putObject("pathParameters").put("memberIdentifier", World.memberIdentifier(ussfId));
        return event.toString();
    }

    /** Calls the function; whether it says that it is done. */
    boolean call(World world, Gate gate) {
        try {
            var answer = FunctionHarness.json(world.function(function, gate).invoke(event.apply(world)));
            return !gate.isStopped()
                    && answer.path("statusCode").asInt(200) < 500
                    && answer.path("batchItemFailures").isEmpty()
                    && (sender != Sender.CALLER || isWhole(answer));
        } catch (Gate.Stopped | RuntimeException failed) {
            return false;
        }
    }

    /** What a caller reads as done: none of many failed or was turned away, and nothing is left. */
    private static boolean isWhole(JsonNode answer) {
        return answer.path("failed").asInt(0) == 0
                && answer.path("rejected").isEmpty()
                && !answer.path("status").asText().equals("partial");
    }

    @Override
    public String toString() {
        return name;
    }

    static Errand named(String name) {
        return ALL.stream()
                .filter(errand -> errand.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
