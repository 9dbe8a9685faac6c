package org.touchline.embedded.learningcenter;

import static org.touchline.embedded.learningcenter.Router.Route.delete;
import static org.touchline.embedded.learningcenter.Router.Route.get;
import static org.touchline.embedded.learningcenter.Router.Route.post;
import static org.touchline.embedded.learningcenter.Router.Route.put;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Router.Route;

/** The routes under {@code /simulator}: {@link LearningCenterSimulator}'s methods, for a person with curl. */
final class ControlRoutes {
    /** Bounds what one request may ask for; ask again for more. */
    private static final int MOST_PEOPLE = 1_000_000;

    private final LearningCenterSimulator simulator;
    private final LearningCenter center;

    ControlRoutes(LearningCenterSimulator simulator, LearningCenter center) {
        this.simulator = simulator;
        this.center = center;
    }

    private record UserChange(
            @Nullable Integer refereeExperience, @Nullable GrassrootsCertificate grassrootsRefereeCertificate) {}

    List<Route> all() {
        return List.of(
                get("/simulator/people", _ -> Answer.ok(simulator.people())),
                post("/simulator/people", this::addPeople),
                post("/simulator/users/{ussf_id}", this::changeUser),
                get("/simulator/users/{ussf_id}/user-licenses", call -> Answer.ok(simulator.licenses(call.ussfId()))),
                post("/simulator/user-licenses", this::changeLicense),
                post("/simulator/ussf-id-changes", this::changeUssfId),
                put("/simulator/licenses", this::replaceCatalog),
                put("/simulator/licenses/{license_id}", this::changeCatalog),
                delete("/simulator/licenses/{license_id}", this::removeFromCatalog),
                put("/simulator/organizations", this::authorizeOrganizations),
                post("/simulator/subsidies/{subsidy_id}/use", this::useSubsidy),
                get("/simulator/webhooks", _ -> Answer.ok(simulator.webhooks())),
                post("/simulator/faults", this::addFault),
                delete("/simulator/faults", this::clearFaults),
                post("/simulator/sessions/end", this::endSessions),
                get("/simulator/calls", _ -> Answer.ok(simulator.calls())));
    }

    private Answer addPeople(Call call) {
        var body = call.json();
        if (body.has("count")) {
            int count = body.get("count").asInt();
            if (count < 1 || count > MOST_PEOPLE) {
                throw Refusal.badRequest("count is not between 1 and " + MOST_PEOPLE);
            }
            return Answer.ok(simulator.addPeople(count));
        }
        var person = Json.<ObjectNode>tree(
                Map.of("referee_experience", 0, "grassroots_referee_certificate", GrassrootsCertificate.NONE));
        return Answer.ok(simulator.addPerson(Json.value(person.setAll(body), Person.class)));
    }

    private Answer changeUser(Call call) {
        var body = call.json();
        var changes = changes(call, body);
        var change = Json.value(body, UserChange.class);
        changes.user(call.ussfId(), change.refereeExperience(), change.grassrootsRefereeCertificate());
        return Answer.ok(center.person(call.ussfId()));
    }

    /** What the body leaves out stays as it was. */
    private Answer changeLicense(Call call) {
        var body = call.json();
        var changes = changes(call, body);
        var license = center.touched(text(body, "ussf_id"), text(body, "license_id"));
        return Answer.ok(
                changes.license(Json.value(Json.<ObjectNode>tree(license).setAll(body), UserLicense.class)));
    }

    private Answer changeUssfId(Call call) {
        var body = call.json();
        var next = text(body, "new_ussf_id");
        changes(call, body).ussfId(text(body, "current_ussf_id"), next);
        return Answer.ok(center.person(next));
    }

    /** The complete list, bare or as {@code licenses} of an object. */
    private Answer replaceCatalog(Call call) {
        var body = Json.node(call.body());
        var changes = changes(call, body);
        changes.catalog(Json.values(body.isArray() ? body : body.path("licenses"), new TypeReference<>() {}));
        return Answer.ok(center.catalog());
    }

    private Answer changeCatalog(Call call) {
        var body = call.json();
        var changes = changes(call, body);
        var license = Json.value(body.put("license_id", call.variable("license_id")), License.class);
        changes.catalogLicense(license);
        return Answer.ok(license);
    }

    private Answer removeFromCatalog(Call call) {
        changes(call, call.json()).removeCatalogLicense(call.variable("license_id"));
        return Answer.ok();
    }

    private Answer authorizeOrganizations(Call call) {
        simulator.authorizedBy(Json.values(Json.node(call.body()), new TypeReference<>() {}));
        return Answer.ok();
    }

    private Answer useSubsidy(Call call) {
        return Answer.ok(simulator.useSubsidy(call.variable("subsidy_id")));
    }

    private Answer addFault(Call call) {
        simulator.addFault(Json.value(call.json(), FaultRequest.class).fault());
        return Answer.ok();
    }

    private Answer clearFaults(Call call) {
        simulator.clearFaults();
        return Answer.ok();
    }

    private Answer endSessions(Call call) {
        simulator.endSessions();
        return Answer.ok();
    }

    /**
     * Changes that lose their webhook where the body's field {@code webhook}, which is taken out, or the query says
     * false.
     */
    private LearningCenterChanges changes(Call call, JsonNode body) {
        var field = body instanceof ObjectNode object ? object.remove("webhook") : null;
        boolean tell = call.flag("webhook", field == null || field.asBoolean(true));
        return tell ? simulator.change() : simulator.changeSilently();
    }

    private static String text(JsonNode body, String name) {
        if (!body.hasNonNull(name)) {
            throw Refusal.badRequest(name + " is missing");
        }
        return body.get(name).asText();
    }
}
