package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.lambda.WebhookFunction;
import org.touchline.lambda.Wiring;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.Source;
import org.touchline.statement.UssfIdUpdate;

/** {@code POST /webhooks/ussf-id-update}: a person's USSF-ID changed. */
@NullMarked
public final class UssfIdWebhookHandler extends WebhookFunction {
    /** For Lambda. */
    public UssfIdWebhookHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public UssfIdWebhookHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private UssfIdWebhookHandler(Wiring wiring) {
        super(
                wiring,
                Source.USSF_ID_WEBHOOK,
                new UssfIdUpdate(
                        new PersonMove(wiring.licenses(), wiring.profiles(), wiring.members(), wiring.followUps())));
    }
}
