package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.lambda.WebhookFunction;
import org.touchline.lambda.Wiring;
import org.touchline.quarantine.Source;
import org.touchline.statement.LicenseCatalogUpdate;

/** {@code POST /webhooks/uss-licenses-update}: the complete list of licenses changed. */
@NullMarked
public final class LicenseCatalogWebhookHandler extends WebhookFunction {
    /** For Lambda. */
    public LicenseCatalogWebhookHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public LicenseCatalogWebhookHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private LicenseCatalogWebhookHandler(Wiring wiring) {
        super(wiring, Source.LICENSE_CATALOG_WEBHOOK, new LicenseCatalogUpdate(wiring.catalog()));
    }
}
