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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Router.Route;

/** The routes under {@code /simulator}: {@link LearningCenterSimulator}'s methods, for a person with curl. */
final class ControlRoutes {
    private static final String ROOT = "/simulator";
    private static final Map<String, String> PLAIN_TEXT = Map.of("Content-Type", "text/plain; charset=utf-8");

    private final LearningCenterSimulator simulator;
    private final LearningCenter center;

    ControlRoutes(LearningCenterSimulator simulator, LearningCenter center) {
        this.simulator = simulator;
        this.center = center;
    }

    private record UserChange(
            @Nullable Integer refereeExperience, @Nullable GrassrootsCertificate grassrootsRefereeCertificate) {}

    /** Every route, and {@code GET /simulator}, which shows them. */
    List<Route> all() {
        return Stream.concat(
                        controls().stream().map(Control::route),
                        Stream.of(get(ROOT, _ -> Answer.text(200, PLAIN_TEXT, table()))))
                .toList();
    }

    /**
     * A route as a person is shown it.
     *
     * @param about what its body is, and what it does; of a long one each line
     */
    private record Control(Route route, String about) {
        String row() {
            var name = "%-6s %-46s ".formatted(route.method(), route.pattern());
            return (name + about.strip()).replace("\n", "\n" + " ".repeat(name.length()));
        }
    }

    /** The table of {@code GET /simulator}, which {@code docs/simulator.md} shows too. */
    private String table() {
        return controls().stream().map(Control::row).collect(Collectors.joining("\n", "", "\n"));
    }

    private List<Control> controls() {
        return List.of(
                new Control(
                        get(ROOT + "/people", _ -> Answer.ok(simulator.people())),
                        "everybody, with names, e-mail addresses and birth dates"),
                new Control(post(ROOT + "/people", this::addPeople), """
                        {"count":100} makes people up; or one person:
                        {"ussf_id","first_name","last_name","email","dob"}
                        and what the next route has, and "licenses":
                        [{"license_id"} and any other field of the webhook]"""),
                new Control(post(ROOT + "/users/{ussf_id}", this::changeUser), """
                        {"referee_experience":5,"grassroots_referee_certificate":
                        {"has_certificate":true,"issue_date":"2026-02-01"}}, one or both"""),
                new Control(
                        get(
                                ROOT + "/users/{ussf_id}/user-licenses",
                                call -> Answer.ok(simulator.licenses(call.ussfId()))),
                        "all of a person's licenses, removed ones included"),
                new Control(post(ROOT + "/user-licenses", this::changeLicense), """
                        {"ussf_id","license_id"} and any other field of the webhook;
                        what is left out stays as it was, but action and updated_at
                        tell of a change now"""),
                new Control(
                        post(ROOT + "/ussf-id-changes", this::changeUssfId), "{\"current_ussf_id\",\"new_ussf_id\"}"),
                new Control(
                        put(ROOT + "/licenses", this::replaceCatalog),
                        "the complete catalog, a list as GET /licenses answers it"),
                new Control(
                        put(ROOT + "/licenses/{license_id}", this::changeCatalog),
                        "{\"name\",\"discipline\",\"type\",\"rank\"}"),
                new Control(
                        delete(ROOT + "/licenses/{license_id}", this::removeFromCatalog),
                        "takes it out of the catalog"),
                new Control(put(ROOT + "/organizations", this::authorizeOrganizations), """
                        those that pay for background checks:
                        [{"organization_id","name"}]"""),
                new Control(
                        post(ROOT + "/subsidies/{subsidy_id}/use", this::useSubsidy),
                        "somebody's background check uses it"),
                new Control(
                        get(ROOT + "/webhooks", _ -> Answer.ok(simulator.webhooks())),
                        "what was sent, and what was answered"),
                new Control(
                        put(ROOT + "/webhook-key", this::changeWebhookKey),
                        "{\"key\"} is what webhooks carry from now on"),
                new Control(post(ROOT + "/faults", this::addFault), """
                        {"method","path","after","times"}, all optional, and one of
                        {"status","headers","body"}, {"effect":"dropped_connection"},
                        {"effect":"half_body"},
                        {"effect":"slow_body"|"delay","millis"},
                        {"effect":"unknown_field"|"missing_field","field"},
                        {"effect":"without_pagination"|"bare_list"},
                        {"effect":"odd_row","body"}"""),
                new Control(delete(ROOT + "/faults", this::clearFaults), "nothing goes wrong any more"),
                new Control(
                        put(ROOT + "/login", this::changeLogin),
                        "{\"username\",\"password\"} is the only login from now on"),
                new Control(post(ROOT + "/sessions/end", this::endSessions), "no token is good any more"),
                new Control(
                        get(ROOT + "/calls", _ -> Answer.ok(simulator.calls())),
                        "how often each call of the Connect API came"));
    }

    private Answer addPeople(Call call) {
        var request = PeopleRequest.of(call.json());
        var added = request.addTo(center);
        return Answer.ok(request instanceof PeopleRequest.One ? added.getFirst() : added);
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

    private Answer changeWebhookKey(Call call) {
        simulator.webhookKey(text(call.json(), "key"));
        return Answer.ok();
    }

    private Answer changeLogin(Call call) {
        var body = call.json();
        simulator.login(text(body, "username"), text(body, "password"));
        return Answer.ok();
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
