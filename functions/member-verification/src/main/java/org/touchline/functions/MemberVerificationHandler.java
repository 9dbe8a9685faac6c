package org.touchline.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.OAuthWiring;
import org.touchline.lambda.Wiring;
import org.touchline.member.Member;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberVerification;
import org.touchline.oauth.TokenVerifier;
import org.touchline.secret.RotatingKey;

/** {@code GET} and {@code POST /member-verification}: whether a member number is real, and who that is (wire contract §4). */
@NullMarked
public final class MemberVerificationHandler extends HttpFunction {
    private static final List<String> IDENTIFIER_NAMES = List.of("memberIdentifier", "membershipIdentifier");
    /**
     * For whoever posts activity progress here: what 77 Media's document calls the delivery endpoint is where they deliver that, and
     * no part of verification.
     */
    private static final String PURPOSE =
            "this URL says whether one member number is valid; it takes no activity progress";

    /** Whose look-up finds nobody. */
    private static final String NOBODY = "-";

    private static final String CHALLENGE = "Bearer realm=\"member-verification\"";

    private final Wiring wiring;
    private final MemberVerification verification;
    private final Optional<String> accessTokenName;
    private final RotatingKey accessToken;
    private final TokenVerifier oauth;
    private final Metrics metrics;

    private enum Authorization {
        GRANTED,
        NOTHING_OFFERED,
        WRONG,
        NOT_CONFIGURED
    }

    /** For Lambda. */
    public MemberVerificationHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public MemberVerificationHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private MemberVerificationHandler(Wiring wiring) {
        this.wiring = wiring;
        this.verification = new MemberVerification(wiring.members(), wiring.calendar());
        this.accessTokenName = wiring.setting("ACCESS_TOKEN_NAME").map(name -> name.toLowerCase(Locale.ROOT));
        this.accessToken = wiring.accessToken();
        this.oauth = new OAuthWiring(wiring).verifier();
        this.metrics = wiring.metrics();
    }

    @Override
    protected void rehearse(HttpRequest sample) {
        if (wiring.isForSnapshot()) {
            rehearsing(wiring.secret("ACCESS_TOKEN_SECRET")::rehearse);
        } else {
            rehearsing(() -> accessToken.matches(List.of()));
        }
        rehearsing(() -> body(sample));
        rehearsing(() -> inQuery(sample));
        rehearsing(() -> verification.verify(NOBODY));
        rehearsing(() -> rehearseAnswer(HttpResponse.ok(notValid())));
        rehearsing(() -> metrics.line().count(Metrics.VERIFICATIONS_VALID, 1).rehearse());
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        return switch (authorization(request)) {
            case GRANTED -> counted(verification.verify(identifier(request)));
            case NOTHING_OFFERED -> challenge(CHALLENGE);
            case WRONG -> challenge(CHALLENGE + ", error=\"invalid_token\"");
            case NOT_CONFIGURED -> HttpResponse.unavailable("no way to authorize is configured", RETRY_AFTER);
        };
    }

    /** Either mode, or both: what was offered decides which; the configured header first. */
    private Authorization authorization(HttpRequest request) {
        var header = accessTokenName.flatMap(request::header).filter(token -> !token.isBlank());
        if (header.isPresent()) {
            return accessToken.matches(List.of(header.get())) ? Authorization.GRANTED : Authorization.WRONG;
        }
        var bearer = request.bearerToken().filter(token -> !token.isEmpty());
        if (bearer.isPresent() && oauth.isGoodAccessToken(bearer.get())) {
            return Authorization.GRANTED;
        }
        if (accessTokenName.isEmpty() && oauth.isOff()) {
            return Authorization.NOT_CONFIGURED;
        }
        return bearer.isPresent() ? Authorization.WRONG : Authorization.NOTHING_OFFERED;
    }

    private HttpResponse counted(Optional<Member> member) {
        metrics.count(member.isPresent() ? Metrics.VERIFICATIONS_VALID : Metrics.VERIFICATIONS_NOT_VALID, 1);
        return HttpResponse.ok(
                member.map(MemberVerificationHandler::valid).orElseGet(MemberVerificationHandler::notValid));
    }

    /** RFC 6750 §3: without an error where no token was offered, and never with a reason. */
    private HttpResponse challenge(String challenge) {
        metrics.count(Metrics.VERIFICATIONS_REFUSED, 1);
        return HttpResponse.problem(401, "the access token is missing or wrong").with("www-authenticate", challenge);
    }

    private static String identifier(HttpRequest request) {
        var given = request.routeKey().startsWith("GET") ? inQuery(request) : inBody(request);
        if (given.isEmpty()) {
            throw new BadRequestException("memberIdentifier is required; " + PURPOSE);
        }
        if (given.size() != 1 || MemberIdentifier.isBlank(given.getFirst())) {
            throw new BadRequestException("memberIdentifier is required, once");
        }
        return given.getFirst();
    }

    private static List<String> inQuery(HttpRequest request) {
        var query = request.queryKnowing(IDENTIFIER_NAMES.toArray(String[]::new));
        return IDENTIFIER_NAMES.stream()
                .flatMap(name -> query.all(name).stream())
                .toList();
    }

    /** A member number may come as a JSON number. */
    private static List<String> inBody(HttpRequest request) {
        request.queryKnowing();
        var body = body(request);
        var given = new ArrayList<String>();
        for (var name : IDENTIFIER_NAMES) {
            var value = body.path(name);
            if (value.isTextual() || value.isIntegralNumber()) {
                given.add(value.asText());
            } else if (!value.isMissingNode() && !value.isNull()) {
                throw new BadRequestException(name + " is a text");
            }
        }
        return given;
    }

    private static JsonObject body(HttpRequest request) {
        try {
            return request.jsonObject();
        } catch (BadRequestException notOne) {
            throw new BadRequestException(notOne.getMessage() + "; " + PURPOSE);
        }
    }

    private static JsonObject valid(Member member) {
        var answer = new JsonObject()
                .put("isValid", true)
                .put("firstName", member.firstName())
                .put("lastName", MemberVerification.withoutSuffix(member.lastName()))
                .put("email", member.email())
                // A date: midnight belongs to no time zone, and none shifts it.
                .put("dateOfBirth", member.dateOfBirth() + "T00:00:00");
        for (var name : Member.OPTIONAL_FIELDS) {
            if (member.optionalFields().containsKey(name)) {
                answer.put(name, member.optionalFields().get(name));
            }
        }
        return answer;
    }

    private static JsonObject notValid() {
        var answer = new JsonObject().put("isValid", false);
        Stream.of("firstName", "lastName", "email", "dateOfBirth").forEach(name -> answer.put(name, ""));
        return answer;
    }
}
