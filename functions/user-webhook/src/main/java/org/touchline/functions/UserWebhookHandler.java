package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.lambda.WebhookFunction;
import org.touchline.lambda.Wiring;
import org.touchline.quarantine.Source;
import org.touchline.statement.UserUpdate;

/** {@code POST /webhooks/user-update}: a person's experience or certificate changed. */
@NullMarked
public final class UserWebhookHandler extends WebhookFunction {
    /** For Lambda. */
    public UserWebhookHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public UserWebhookHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private UserWebhookHandler(Wiring wiring) {
        super(wiring, Source.USER_WEBHOOK, new UserUpdate(wiring.followUps()));
    }
}
