package org.touchline.embedded.learningcenter;

import static org.touchline.embedded.learningcenter.Router.Route.delete;
import static org.touchline.embedded.learningcenter.Router.Route.get;
import static org.touchline.embedded.learningcenter.Router.Route.post;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Router.Route;

/** The calls of the Learning Center Connect API (wire contract §2), on top of what the {@link LearningCenter} knows. */
final class ConnectRoutes {
    private final LearningCenter center;
    private final Sessions sessions;
    private final Subsidies subsidies;
    private final Drills drills;

    ConnectRoutes(LearningCenter center, Sessions sessions, Subsidies subsidies, Drills drills) {
        this.center = center;
        this.sessions = sessions;
        this.subsidies = subsidies;
        this.drills = drills;
    }

    private record Login(
            @Nullable String username, @Nullable String password) {}

    private record Refresh(@Nullable String refreshToken) {}

    private record RefereeExperience(String ussfId, int refereeExperience) {}

    List<Route> all() {
        return List.of(
                post("/login", this::login),
                post("/refresh-token", this::refresh),
                get("/licenses", _ -> Answer.ok(center.catalog())),
                get("/users", this::users),
                get("/users/{ussf_id}/user-licenses", this::licenses),
                post("/users/{ussf_id}/subscriptions", this::subscribe),
                delete("/users/{ussf_id}/subscriptions", this::unsubscribe),
                get("/users/{ussf_id}/referee-experience", this::refereeExperience),
                get("/users/{ussf_id}/grassroots-referee-certificate", this::grassrootsCertificate),
                get("/subscriptions", call -> Answer.ok(center.subscriptions(call.parameter("ussf_id"), call.page()))),
                get("/user-licenses", this::changes),
                get("/background-checks/organizations", _ -> Answer.ok(subsidies.organizations())),
                get("/background-checks/subsidies", this::subsidies),
                post("/background-checks/subsidies", this::createSubsidy),
                delete("/background-checks/subsidies/{subsidy_id}", this::deleteSubsidy),
                post("/webhooks/uss-licenses-update", this::drillLicensesUpdate),
                post("/webhooks/user-license-update/{ussf_id}", this::drillUserLicenseUpdate),
                post("/webhooks/ussf-id-update", this::drillUssfIdUpdate),
                post("/webhooks/user-update", this::drillUserUpdate));
    }

    private Answer login(Call call) {
        var login = Json.value(call.json(), Login.class);
        return Answer.ok(sessions.login(login.username(), login.password()));
    }

    private Answer refresh(Call call) {
        return Answer.ok(sessions.refresh(Json.value(call.json(), Refresh.class).refreshToken()));
    }

    private Answer users(Call call) {
        var query = new People.Query(
                call.parameter("email"),
                call.parameter("first_name"),
                call.parameter("last_name"),
                call.parameter("dob"));
        if (!query.isEnough()) {
            throw Refusal.badRequest("email, or first_name, last_name and dob are required");
        }
        var found = center.find(query);
        return Answer.ok(
                switch (found.size()) {
                    case 0 -> Map.of("result", "no_match");
                    case 1 ->
                        Map.of("result", "match", "ussf_id", found.getFirst().ussfId());
                    default -> Map.of("result", "multiple_matches");
                });
    }

    private Answer licenses(Call call) {
        var dob = call.parameter("dob");
        if (dob != null && !dob.equals(center.person(call.ussfId()).dob().toString())) {
            throw Refusal.badRequest("dob does not match ussf_id");
        }
        var filter = new LicenseFilter(
                call.parameter("discipline"),
                call.parameter("type"),
                call.parameter("license_id"),
                call.flag("highest_only", false));
        return Answer.ok(center.activeLicenses(call.ussfId(), filter).stream()
                .map(license -> Json.<ObjectNode>tree(license).without("action"))
                .toList());
    }

    private Answer subscribe(Call call) {
        center.subscribe(call.ussfId());
        return Answer.ok();
    }

    private Answer unsubscribe(Call call) {
        center.unsubscribe(call.ussfId());
        return Answer.ok();
    }

    private Answer refereeExperience(Call call) {
        var person = center.person(call.ussfId());
        return Answer.ok(new RefereeExperience(person.ussfId(), person.refereeExperience()));
    }

    private Answer grassrootsCertificate(Call call) {
        return Answer.ok(center.person(call.ussfId()).grassrootsRefereeCertificate());
    }

    private Answer changes(Call call) {
        return Answer.ok(center.changes(call.instant("start_date"), call.instant("end_date"), call.page()));
    }

    private Answer subsidies(Call call) {
        return Answer.ok(subsidies.list(
                call.parameter("payer_organization"), call.parameter("ussf_id"), call.parameter("email")));
    }

    private Answer createSubsidy(Call call) {
        return Answer.ok(subsidies.create(Json.value(call.json(), Subsidies.Request.class)));
    }

    private Answer deleteSubsidy(Call call) {
        subsidies.delete(call.variable("subsidy_id"));
        return Answer.ok();
    }

    private Answer drillLicensesUpdate(Call call) {
        drills.licensesUpdate();
        return Answer.ok();
    }

    private Answer drillUserLicenseUpdate(Call call) {
        drills.userLicenseUpdate(call.ussfId());
        return Answer.ok();
    }

    private Answer drillUssfIdUpdate(Call call) {
        drills.ussfIdUpdate();
        return Answer.ok();
    }

    private Answer drillUserUpdate(Call call) {
        drills.userUpdate();
        return Answer.ok();
    }
}
