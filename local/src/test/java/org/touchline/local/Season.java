package org.touchline.local;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.GrassrootsCertificate;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.followup.FollowUp.LookForHolders;
import org.touchline.license.UssfId;

/**
 * Days in which a stack comes by whatever it stores: members of every outcome, licenses that came, went, are missing and came back, moves,
 * an erasure, and in the end work that is unfinished, and work that is under way. What is new in the store belongs here, so that
 * {@link UpgradeTest} sees it; what is here stays, since releases are tried with it.
 */
final class Season {
    static final String BEGINNING = "2026-11-30T12:00:00Z";

    /** When it ends. */
    static final Instant END = Instant.parse("2026-12-03T12:00:00Z");

    /** Enrolled, found by e-mail; has what there is of licenses. */
    static final String ANN = "2021000004000101";

    /** Enrolled, and moved on. */
    static final String BEN_BEFORE = "2021000004000102";

    static final String BEN = "2021000004000103";

    /** Whose birth date is another. */
    static final String DAN = "2021000004000105";

    /** Of whom the Learning Center knows nothing. */
    static final String EVE = "2021000004000106";

    /** Whose last answer is doubted. */
    static final String FAY = "2021000004000107";

    /** Erased. */
    static final String GIL = "2021000004000108";

    /** Who holds a lease when it ends, and what it was called with. */
    static final Map<String, String> AT_WORK = new TreeMap<>(Map.of(
            "UserLicenseReconciliationFunction", "{\"resume\":true}",
            "SubscriptionAuditFunction", "{\"resume\":true}",
            "PersonRefreshFunction", "{\"resume\":true}",
            "FollowUpFunction", "{\"all\":true}"));

    /** A list of licenses that nobody understands, in more than one item. */
    static final String LONG_LIST = "[{\"licence\":\"" + "U.S. Soccer ".repeat(30_000) + "\"}]";

    private static final Fault OUTAGE = Fault.answer(503).times(1_000);

    private final StackInTime world;

    private Season(StackInTime world) {
        this.world = world;
    }

    /** All of it, in a new stack. */
    static StackInTime live() {
        var world = new StackInTime(BEGINNING);
        var season = new Season(world);
        season.people();
        season.membersCome();
        world.look();
        season.webhooksCome();
        world.look();
        season.answersDiffer();
        world.look();
        season.thingsEnd();
        world.look();
        season.somethingIsUnfinished();
        world.tellHistory();
        var left = Duration.between(world.clock.instant(), END);
        if (left.isNegative()) {
            throw new IllegalStateException("it takes longer than to its end, by " + left);
        }
        world.clock.advance(left);
        season.everybodyIsAtWork();
        world.look();
        return world;
    }

    private void people() {
        for (var id : new String[] {ANN, BEN_BEFORE, DAN, FAY, GIL}) {
            world.learningCenter.addPerson(
                    new Person(id, "First", "Last", id + "@example.org", LocalDate.of(1990, 1, 1))
                            .withRefereeExperience(4)
                            .withGrassrootsRefereeCertificate(GrassrootsCertificate.NONE));
            world.learningCenter.changeSilently().license(id, "referee_8");
            world.learningCenter.changeSilently().license(id, "coach_15");
        }
        world.call("LicenseCatalogSyncFunction", "{}");
    }

    private void membersCome() {
        var imported = world.call(
                "MemberImportFunction",
                "{\"members\":["
                        + String.join(
                                ",",
                                member(
                                        "ANN",
                                        ANN,
                                        "1990-01-01",
                                        "\"expiresOn\":\"2027-12-31\",\"membershipExpiration\":\"2027-12-31\",\"position\":\"referee\","
                                                + "\"gender\":\"F\",\"country\":\"US\",\"region\":\"CA\",\"city\":\"Chico\",\"postal\":\"95926\",\"address\":\"1 Main St\",\"address2\":\"B\""),
                                member("BEN", BEN_BEFORE, "1990-01-01", ussfId(BEN_BEFORE)),
                                member("CAL", "nobody", "1991-01-01", "\"active\":false"),
                                member("DAN", DAN, "1991-01-01", ussfId(DAN)),
                                member("EVE", EVE, "1990-01-01", ussfId(EVE)),
                                member("FAY", FAY, "1990-01-01", ussfId(FAY)),
                                member("JON", "jon", "1971-01-01", "\"ussfId\":null"),
                                member("GIL", GIL, "1990-01-01", ussfId(GIL)))
                        + "]}");
        if (imported.path("stored").asInt() != 8) {
            throw new IllegalStateException("each is stored: " + imported);
        }
        world.look();
        for (var tries = 0; tries < 5; tries++) {
            minutesPass(1);
            world.call("FollowUpFunction", "{\"all\":true}");
        }
        world.tellHistory();
    }

    private static String member(String identifier, String email, String birthDate, String more) {
        return "{\"memberIdentifier\":\"%s\",\"firstName\":\"First\",\"lastName\":\"Last\",\"email\":\"%s@example.org\",\"dateOfBirth\":\"%s\",%s}"
                .formatted(identifier, email, birthDate, more);
    }

    private static String ussfId(String ussfId) {
        return "\"ussfId\":\"" + ussfId + "\"";
    }

    private void webhooksCome() {
        minutesPass(60);
        world.learningCenter
                .changeSilently()
                .license(new UserLicense(
                        ANN,
                        LicenseAction.ADDED,
                        "coach_41",
                        "Cal North",
                        LocalDate.of(2024, 12, 8),
                        LocalDate.of(2026, 12, 7),
                        world.clock.instant()));
        license(
                ANN,
                "coach_41",
                "added",
                ",\"issuer\":\"Cal North\",\"issue_date\":\"2024-12-08\",\"expiration_date\":\"2026-12-07\"");
        license(ANN, "referee_7", "added", "");
        minutesPass(1);
        license(ANN, "referee_7", "removed", "");
        license(ANN, "no\\u0020license", "unheard", "");
        world.webhook(
                "user-webhook",
                "UserWebhookFunction",
                "{\"ussf_id\":\"" + ANN + "\",\"changed\":[\"grassroots_referee_certificate\",\"haircut\"]}");
        world.learningCenter.changeSilently().ussfId(BEN_BEFORE, BEN);
        world.webhook(
                "ussf-id-webhook",
                "UssfIdWebhookFunction",
                "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(BEN_BEFORE, BEN));
        world.webhook(
                "ussf-id-webhook",
                "UssfIdWebhookFunction",
                "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(BEN, BEN_BEFORE));
        world.webhook("license-catalog-webhook", "LicenseCatalogWebhookFunction", "[]");
        var first = world.call("QuarantineReplayFunction", "{\"list\":true}")
                .at("/entries/0/id")
                .asText();
        world.call("QuarantineReplayFunction", "{\"id\":\"" + first + "\",\"discard\":true}");
        world.call("FollowUpFunction", "{\"all\":true}");
        world.learningCenter.changeSilently().removeCatalogLicense("coach_42");
        world.call("LicenseCatalogSyncFunction", "{}");
        answer("/licenses", LONG_LIST);
        world.callInVain("LicenseCatalogSyncFunction", "{}");
        world.call("UserLicenseReconciliationFunction", "{}");
        world.call("SubscriptionAuditFunction", "{\"repair\":true}");
        world.tellHistory();
    }

    private void license(String ussfId, String license, String action, String more) {
        world.webhook(
                "user-license-webhook",
                "UserLicenseWebhookFunction",
                "{\"ussf_id\":\"%s\",\"action\":\"%s\",\"license_id\":\"%s\",\"updated_at\":\"%s\"%s}"
                        .formatted(ussfId, action, license, world.clock.instant(), more));
    }

    private void answersDiffer() {
        minutesPass(60);
        refresh(ANN);
        world.tellHistory();
        minutesPass(1);
        // A license is missing in one answer, and there again in the next.
        answer("/users/" + BEN + "/user-licenses", "[]");
        world.call("PersonRefreshFunction", "{\"ussfId\":\"" + BEN + "\",\"accept\":true}");
        world.tellHistory();
        minutesPass(1);
        refresh(BEN);
        world.learningCenter.changeSilently().removeLicense(ANN, "coach_15");
        refresh(ANN);
        world.tellHistory();
    }

    private void refresh(String ussfId) {
        world.call("PersonRefreshFunction", "{\"ussfId\":\"" + ussfId + "\"}");
    }

    private void thingsEnd() {
        minutesPass(60);
        world.call("LicenseExpiryFunction", "{}");
        world.call("PersonErasureFunction", "{\"ussfId\":\"" + GIL + "\"}");
        world.ask("MemberDirectoryFunction", "member-directory", "DELETE /members/CAL");
        world.ask(
                "MemberDirectoryFunction",
                "member-directory",
                "PUT /members/IDA",
                "{\"firstName\":\"First\",\"lastName\":\"Last\",\"email\":\"ida@example.org\",\"dateOfBirth\":\"1990-01-01\"}");
        world.call("FollowUpFunction", "{}");
        world.tellHistory();
    }

    private void somethingIsUnfinished() {
        minutesPass(24 * 60);
        world.learningCenter.changeSilently().license(BEN, "coach_41");
        world.learningCenter.addFault(OUTAGE.on("GET", "/user-licenses").after(2));
        world.call("UserLicenseReconciliationFunction", "{}");
        world.learningCenter.clearFaults();
        world.learningCenter.addFault(OUTAGE.on("GET", "/user-licenses").after(2));
        world.call(
                "UserLicenseReconciliationFunction",
                "{\"startDate\":\"2026-11-30T00:00:00Z\",\"endDate\":\"2026-12-01T00:00:00Z\"}");
        world.learningCenter.clearFaults();
        world.learningCenter.addFault(OUTAGE.on("GET", "/subscriptions").after(1));
        world.callInVain("SubscriptionAuditFunction", "{\"repair\":true}");
        world.learningCenter.clearFaults();
        world.learningCenter.addFault(OUTAGE.on("GET", "/users").after(1));
        world.callInVain("PersonRefreshFunction", "{}");
        world.webhook(
                "user-webhook",
                "UserWebhookFunction",
                "{\"ussf_id\":\"" + ANN + "\",\"changed\":\"referee_experience\"}");
        world.call("FollowUpFunction", "{}");
        world.learningCenter.clearFaults();
        world.learningCenter.changeSilently().removeLicense(FAY, "coach_15");
        world.learningCenter.changeSilently().removeLicense(FAY, "referee_8");
        refresh(FAY);
        world.look();
        world.wiring("FollowUpFunction").followUps().record(new LookForHolders(new UssfId(ANN)));
        world.learningCenter.login("somebody", "else");
        world.learningCenter.endSessions();
        world.callInVain("PersonRefreshFunction", "{\"ussfId\":\"" + ANN + "\"}");
        world.look();
        world.learningCenter.login("local-username", "local-password");
    }

    /** Whoever works under a lease has it, in the middle of something. */
    private void everybodyIsAtWork() {
        world.learningCenter.addFault(OUTAGE);
        AT_WORK.forEach(world::callDying);
        world.learningCenter.clearFaults();
    }

    private void answer(String path, String json) {
        world.learningCenter.addFault(Fault.answer(200, Map.of("Content-Type", "application/json"), json)
                .on("GET", path));
    }

    private void minutesPass(int minutes) {
        world.clock.advance(Duration.ofMinutes(minutes));
    }
}
