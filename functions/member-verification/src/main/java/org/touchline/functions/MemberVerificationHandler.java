package org.touchline.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.Wiring;
import org.touchline.member.Member;
import org.touchline.member.MemberVerification;
import org.touchline.secret.RotatingKey;

/** {@code GET} and {@code POST /member-verification}: whether a member number is real, and who that is (wire contract §4). */
@NullMarked
public final class MemberVerificationHandler extends HttpFunction {
    private static final List<String> IDENTIFIER_NAMES = List.of("memberIdentifier", "membershipIdentifier");
    private static final String CHALLENGE = "Bearer realm=\"member-verification\"";

    private final MemberVerification verification;
    private final @Nullable String accessTokenName;
    private final RotatingKey accessToken;

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
        this.verification = new MemberVerification(wiring.members(), wiring.calendar());
        this.accessTokenName = wiring.setting("ACCESS_TOKEN_NAME")
                .map(name -> name.toLowerCase(Locale.ROOT))
                .orElse(null);
        this.accessToken = wiring.accessToken();
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        if (accessTokenName == null) {
            return HttpResponse.unavailable("no way to authorize is configured", RETRY_AFTER);
        }
        var offered = request.header(accessTokenName).filter(token -> !token.isBlank()).stream()
                .toList();
        if (!accessToken.matches(offered)) {
            var tokenOffered = !offered.isEmpty() || request.bearerToken().isPresent();
            return HttpResponse.problem(401, "the access token is missing or wrong")
                    .with("www-authenticate", tokenOffered ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
        }
        return HttpResponse.ok(verification
                .verify(identifier(request))
                .map(MemberVerificationHandler::valid)
                .orElseGet(MemberVerificationHandler::notValid));
    }

    private static String identifier(HttpRequest request) {
        var given = request.routeKey().startsWith("GET") ? inQuery(request) : inBody(request.jsonObject());
        if (given.size() != 1 || given.getFirst().isBlank()) {
            throw new BadRequestException("memberIdentifier is required, once");
        }
        return given.getFirst();
    }

    private static List<String> inQuery(HttpRequest request) {
        var query = request.query();
        return IDENTIFIER_NAMES.stream()
                .flatMap(name -> query.all(name).stream())
                .toList();
    }

    /** A member number may come as a JSON number. */
    private static List<String> inBody(ObjectNode body) {
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

    private static ObjectNode valid(Member member) {
        var answer = HttpResponse.object()
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

    private static ObjectNode notValid() {
        var answer = HttpResponse.object().put("isValid", false);
        Stream.of("firstName", "lastName", "email", "dateOfBirth").forEach(name -> answer.put(name, ""));
        return answer;
    }
}
