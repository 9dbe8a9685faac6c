package org.touchline.learningcenter.session;

import java.util.Optional;
import java.util.Set;
import org.touchline.InvalidValueException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.AccessToken;
import org.touchline.learningcenter.wire.ConnectAnswer;
import org.touchline.learningcenter.wire.ConnectCall;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.learningcenter.wire.LearningCenterRecord;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;

/** The two calls that need no access token, and give one (Connect API, "Login" and "Refresh tokens"). */
final class TokenRequests {
    private static final Set<Integer> WRONG_CREDENTIALS = Set.of(401, 403);

    private final LearningCenterHttp http;
    private final Pacing pacing;

    TokenRequests(LearningCenterHttp http, Pacing pacing) {
        this.http = http;
        this.pacing = pacing;
    }

    /** A new pair for a refresh token; empty if it is refused, whatever the status: then a login is next, and tells more. */
    Optional<Tokens> refresh(String refreshToken, Deadline deadline) {
        var answer = http.send(ConnectCall.refresh(refreshToken), null, deadline);
        return answer.isSuccess() ? Optional.of(tokens(answer)) : Optional.empty();
    }

    /**
     * A pair for a username and a password; empty if those are refused.
     *
     * @throws RefusedException if it is refused for another reason, such as a wrong base URL
     */
    Optional<Tokens> logIn(Credentials credentials, Deadline deadline) {
        var answer = http.send(ConnectCall.login(credentials.username(), credentials.password()), null, deadline);
        if (answer.isSuccess()) {
            return Optional.of(tokens(answer));
        }
        if (WRONG_CREDENTIALS.contains(answer.status())) {
            return Optional.empty();
        }
        throw new RefusedException(answer.call(), answer.status(), answer.reason());
    }

    private Tokens tokens(ConnectAnswer answer) {
        var pair = new LearningCenterRecord(answer.json());
        try {
            return Tokens.received(
                    new AccessToken(pair.requiredText("access_token")), pair.text("refresh_token"), pacing.now());
        } catch (InvalidValueException unusable) {
            throw new UnintelligibleException("access_token is not a token");
        }
    }
}
