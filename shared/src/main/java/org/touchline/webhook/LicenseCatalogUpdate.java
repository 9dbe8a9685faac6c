package org.touchline.webhook;

import org.touchline.learningcenter.LearningCenterJson;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.CatalogStore;
import org.touchline.license.CatalogStore.ImplausibleCatalogException;

/** The complete list of licenses changed (Connect API, "Update of U.S.Soccer's list of licenses"). */
public final class LicenseCatalogUpdate implements Webhook {
    private final CatalogStore catalog;

    /** Takes lists over into a catalog. */
    public LicenseCatalogUpdate(CatalogStore catalog) {
        this.catalog = catalog;
    }

    @Override
    public String path() {
        return "/webhooks/uss-licenses-update";
    }

    @Override
    public Outcome apply(Payload payload) {
        var completeList = LearningCenterJson.catalog(LearningCenterJson.parse(payload.body()));
        try {
            return switch (catalog.receive(completeList, payload.receivedAt(), payload.accepted())) {
                case REPLACED -> Outcome.APPLIED;
                case UNCHANGED -> Outcome.UNCHANGED;
            };
        } catch (ImplausibleCatalogException mayBeAMistake) {
            throw new UnintelligibleException(mayBeAMistake.getMessage());
        }
    }
}
