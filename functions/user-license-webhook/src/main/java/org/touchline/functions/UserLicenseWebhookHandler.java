package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.lambda.WebhookFunction;
import org.touchline.lambda.Wiring;
import org.touchline.license.LearnedBy;
import org.touchline.quarantine.Source;
import org.touchline.statement.UserLicenseUpdate;

/** {@code POST /webhooks/user-license-update}: a license of a person was added, updated or removed. */
@NullMarked
public final class UserLicenseWebhookHandler extends WebhookFunction {
    /** For Lambda. */
    public UserLicenseWebhookHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public UserLicenseWebhookHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private UserLicenseWebhookHandler(Wiring wiring) {
        super(
                wiring,
                Source.USER_LICENSE_WEBHOOK,
                new UserLicenseUpdate(wiring.licensesAskingAnew(LearnedBy.WEBHOOK), wiring.clock()));
    }
}
