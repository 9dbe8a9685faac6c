package org.touchline.functions;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.OAuthWiring;
import org.touchline.lambda.Wiring;
import org.touchline.oauth.IssuedTokens;
import org.touchline.oauth.TokenEndpoint;
import org.touchline.oauth.TokenError;
import org.touchline.oauth.TokenRefusedException;
import org.touchline.oauth.TokenRequest;

/** {@code POST /oauth/token}: tokens for clients that say who they are (wire contract §4, RFC 6749). */
@NullMarked
public final class AccessTokenHandler extends HttpFunction {
    private final Wiring wiring;
    private final TokenEndpoint endpoint;

    /** For Lambda. */
    public AccessTokenHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public AccessTokenHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private AccessTokenHandler(Wiring wiring) {
        this.wiring = wiring;
        this.endpoint = new OAuthWiring(wiring).endpoint();
    }

    @Override
    protected void rehearse(HttpRequest sample) {
        if (wiring.isForSnapshot()) {
            rehearsing(wiring.secret("OAUTH_CLIENTS_SECRET")::rehearse);
        } else {
            rehearsing(() -> endpoint.issue(new TokenRequest(Optional.of("Basic Og=="), Map.of())));
        }
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        try {
            return issued(endpoint.issue(tokenRequest(request)));
        } catch (BadRequestException malformed) {
            return refused(TokenError.INVALID_REQUEST, malformed.getMessage());
        } catch (TokenRefusedException refused) {
            return refused(refused.error(), refused.getMessage());
        }
    }

    /** Parameters belong into the body: in the URL, a secret would be written into everybody's logs (RFC 6749 §2.3.1). */
    private static TokenRequest tokenRequest(HttpRequest request) {
        // Before anything of it is read: nobody has said yet who they are.
        if (request.isBodyLargerThan(TokenRequest.MOST_BYTES)) {
            throw new BadRequestException("the body has at most " + TokenRequest.MOST_BYTES + " bytes");
        }
        if (request.query().parameters().keySet().stream().anyMatch(TokenRequest.PARAMETERS::contains)) {
            throw new BadRequestException("parameters belong into the body, not into the URL");
        }
        return new TokenRequest(request.header("authorization"), request.form().parameters());
    }

    private static HttpResponse issued(IssuedTokens tokens) {
        var body = new JsonObject().put("access_token", tokens.accessToken()).put("token_type", "bearer");
        tokens.lifetime().ifPresent(lifetime -> body.put("expires_in", lifetime.toSeconds()));
        tokens.refreshToken().ifPresent(token -> body.put("refresh_token", token));
        return HttpResponse.ok(body).with("pragma", "no-cache");
    }

    private static HttpResponse refused(TokenError error, String description) {
        var body = new JsonObject().put("error", error.code()).put("error_description", description);
        var answer = HttpResponse.json(error.status(), body).with("pragma", "no-cache");
        return error == TokenError.INVALID_CLIENT
                ? answer.with("www-authenticate", "Basic realm=\"access-token\"")
                : answer;
    }
}
