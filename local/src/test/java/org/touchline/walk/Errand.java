package org.touchline.walk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.FunctionHarness;

/**
 * What a function is called for.
 *
 * @param name what {@code -Dtouchline.walk} calls it
 * @param function its logical id
 * @param before what happens in the Learning Center just before
 * @param event what the function is handed
 * @param sender who calls it, and so what they do if it fails
 */
record Errand(String name, String function, Consumer<World> before, String event, Sender sender) {
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
            caller(
                    "verification",
                    "MemberVerificationFunction",
                    FunctionHarness.sampleText("member-verification"),
                    _ -> {}),
            caller("token", "AccessTokenFunction", FunctionHarness.sampleText("access-token"), _ -> {}));

    static Errand webhook(String name, String sample, Consumer<World> before, String body) {
        return new Errand(name, function(sample), before, withBody(sample, body).toString(), Sender.WEBHOOK);
    }

    static Errand schedule(String name, String function, String event, Consumer<World> before) {
        return new Errand(name, function, before, event, Sender.SCHEDULE);
    }

    static Errand caller(String name, String function, String event, Consumer<World> before) {
        return new Errand(name, function, before, event, Sender.CALLER);
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

    static String moved(String former, String successor) {
        return "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(former, successor);
    }

    static String member(String method, String ussfId) {
        var event = withBody("member-directory", method.equals("PUT") ? World.memberJson(ussfId) : null);
        event.put("routeKey", method + " /members/{memberIdentifier}");
        ((ObjectNode) event.at("/requestContext/http")).put("method", method);
        event.putObject("pathParameters").put("memberIdentifier", World.memberIdentifier(ussfId));
        return event.toString();
    }

    /** Calls the function; whether it says that it is done. */
    boolean call(World world, Gate gate) {
        try {
            var status = FunctionHarness.json(world.function(function, gate).invoke(event))
                    .path("statusCode")
                    .asInt(200);
            return !gate.isStopped() && status < 500;
        } catch (Gate.Stopped | RuntimeException failed) {
            return false;
        }
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
