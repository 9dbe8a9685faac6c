package org.touchline.learningcenter.wire;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.learningcenter.UserQuery;
import org.touchline.license.UssfId;

/**
 * A call of the Connect API. Every path, parameter and body that we send is in this class and nowhere else (wire contract
 * §2). Where the contract marks a path as <em>chosen</em>, it is our guess, and changed here when U.S. Soccer hands out the
 * real one.
 *
 * @param pattern the path as the contract writes it, below the base URL
 * @param variables what stands for the names in braces
 * @param query parameters that have a value, in the order they were added
 * @param body null for none
 */
public record ConnectCall(
        String method,
        String pattern,
        Map<String, String> variables,
        Map<String, String> query,
        @Nullable JsonObject body) {
    private static final String LICENSES_OF_USER = "/users/{ussf_id}/user-licenses";
    private static final String SUBSCRIPTIONS_OF_USER = "/users/{ussf_id}/subscriptions";
    /** Chosen. */
    private static final String SUBSIDIES = "/background-checks/subsidies";

    private static final Set<String> NO_SEGMENT = Set.of("", ".", "..");

    public static ConnectCall login(String username, String password) {
        return of("POST", "/login").with(fields().put("username", username).put("password", password));
    }

    /** Chosen. */
    public static ConnectCall refresh(String refreshToken) {
        return of("POST", "/refresh-token").with(fields().put("refresh_token", refreshToken));
    }

    public static ConnectCall licenses() {
        return of("GET", "/licenses");
    }

    public static ConnectCall users(UserQuery user) {
        return of("GET", "/users")
                .with("email", user.email())
                .with("first_name", user.firstName())
                .with("last_name", user.lastName())
                .with("dob", user.birthDate());
    }

    public static ConnectCall licensesOf(UssfId ussfId, @Nullable LocalDate birthDate) {
        return of("GET", LICENSES_OF_USER).about(ussfId).with("dob", birthDate);
    }

    public static ConnectCall subscribe(UssfId ussfId) {
        return of("POST", SUBSCRIPTIONS_OF_USER).about(ussfId);
    }

    public static ConnectCall unsubscribe(UssfId ussfId) {
        return of("DELETE", SUBSCRIPTIONS_OF_USER).about(ussfId);
    }

    public static ConnectCall refereeExperience(UssfId ussfId) {
        return of("GET", "/users/{ussf_id}/referee-experience").about(ussfId);
    }

    public static ConnectCall grassrootsCertificate(UssfId ussfId) {
        return of("GET", "/users/{ussf_id}/grassroots-referee-certificate").about(ussfId);
    }

    public static ConnectCall subscriptions(int page, @Nullable UssfId ussfId) {
        return of("GET", "/subscriptions").with("page", page).with("ussf_id", ussfId);
    }

    public static ConnectCall userLicenses(Instant start, Instant end, int page) {
        return of("GET", "/user-licenses")
                .with("start_date", start)
                .with("end_date", end)
                .with("page", page);
    }

    /** Chosen. */
    public static ConnectCall subsidyOrganizations() {
        return of("GET", "/background-checks/organizations");
    }

    public static ConnectCall subsidies(String payer, @Nullable UssfId ussfId, @Nullable String email) {
        return of("GET", SUBSIDIES)
                .with("payer_organization", payer)
                .with("ussf_id", ussfId)
                .with("email", email);
    }

    public static ConnectCall createSubsidy(String payer, UssfId ussfId) {
        return of("POST", SUBSIDIES)
                .with(fields().put("payer_organization", payer).put("ussf_id", ussfId.value()));
    }

    public static ConnectCall createSubsidy(String payer, String email) {
        return of("POST", SUBSIDIES)
                .with(fields().put("payer_organization", payer).put("email", email));
    }

    public static ConnectCall deleteSubsidy(String subsidyId) {
        return of("DELETE", SUBSIDIES + "/{subsidy_id}").where("subsidy_id", subsidyId);
    }

    /** Chosen, as the other drills. */
    public static ConnectCall drillLicenseCatalogUpdate() {
        return of("POST", "/webhooks/uss-licenses-update");
    }

    public static ConnectCall drillUserLicenseUpdate(UssfId ussfId) {
        return of("POST", "/webhooks/user-license-update/{ussf_id}").about(ussfId);
    }

    public static ConnectCall drillUssfIdUpdate() {
        return of("POST", "/webhooks/ussf-id-update");
    }

    public static ConnectCall drillUserUpdate() {
        return of("POST", "/webhooks/user-update");
    }

    /** The call as the wire contract names it, such as {@code GET /users/{ussf_id}/user-licenses}: nothing personal. */
    public String name() {
        return method + " " + pattern;
    }

    /** The person whom it names, wherever, so that 410 can speak of that person; null if it names nobody. */
    @Nullable String ussfId() {
        var inBody = body == null ? null : body.path("ussf_id").asText();
        return variables.getOrDefault("ussf_id", query.getOrDefault("ussf_id", inBody));
    }

    /** Whether there is no such person if it is answered so: what is optional does not decide that (wire contract §2, errors). */
    boolean decidesWhetherPersonExists() {
        return pattern.equals(LICENSES_OF_USER) || method.equals("POST") && pattern.equals(SUBSCRIPTIONS_OF_USER);
    }

    /** Whether it asks that a person's birth date be compared. */
    boolean comparesBirthDate() {
        return pattern.equals(LICENSES_OF_USER) && query.containsKey("dob");
    }

    /** What follows the base URL, values percent-encoded. */
    String target() {
        var path = pattern;
        for (var variable : variables.entrySet()) {
            path = path.replace("{" + variable.getKey() + "}", encoded(variable.getValue()));
        }
        return query.isEmpty()
                ? path
                : query.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                        .collect(Collectors.joining("&", path + "?", ""));
    }

    /** Only its name: the rest is personal, or a password. */
    @Override
    public String toString() {
        return name();
    }

    private static ConnectCall of(String method, String pattern) {
        return new ConnectCall(method, pattern, Map.of(), Map.of(), null);
    }

    private static JsonObject fields() {
        return new JsonObject();
    }

    private ConnectCall about(UssfId ussfId) {
        return where("ussf_id", ussfId.value());
    }

    private ConnectCall where(String variable, String value) {
        if (NO_SEGMENT.contains(value.strip())) {
            throw new InvalidValueException(variable + " may not be empty or dots");
        }
        return new ConnectCall(method, pattern, Map.of(variable, value), query, body);
    }

    private ConnectCall with(String parameter, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        var more = new LinkedHashMap<>(query);
        more.put(parameter, value.toString());
        return new ConnectCall(method, pattern, variables, more, body);
    }

    private ConnectCall with(JsonObject json) {
        return new ConnectCall(method, pattern, variables, query, json);
    }

    private static String encoded(String value) {
        // The encoder is for forms, where a space is a plus; elsewhere in a URL a plus is a plus.
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
