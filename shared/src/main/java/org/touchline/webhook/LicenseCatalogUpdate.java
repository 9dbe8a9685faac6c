package org.touchline.webhook;

import org.touchline.catalog.CatalogStore;
import org.touchline.catalog.CatalogStore.ImplausibleCatalogException;
import org.touchline.catalog.LicenseCatalogSync;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;

/**
 * The complete list of licenses changed (Connect API, "Update of U.S.Soccer's list of licenses"); or the catalog's sync, whose
 * answer looks the same, says so.
 */
public final class LicenseCatalogUpdate implements Webhook {
    private final String path;
    private final CatalogStore catalog;

    private LicenseCatalogUpdate(String path, CatalogStore catalog) {
        this.path = path;
        this.catalog = catalog;
    }

    /** Takes lists over into a catalog. */
    public LicenseCatalogUpdate(CatalogStore catalog) {
        this("/webhooks/uss-licenses-update", catalog);
    }

    /** A list that the catalog's sync quarantined, for its replay. */
    public static LicenseCatalogUpdate ofSync(CatalogStore catalog) {
        return new LicenseCatalogUpdate(LicenseCatalogSync.SOURCE, catalog);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Outcome apply(Payload payload) {
        var completeList = LearningCenterJson.catalog(payload.json());
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
