package org.touchline.statement;

import org.touchline.catalog.CatalogStore;
import org.touchline.catalog.CatalogStore.ImplausibleCatalogException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;

/**
 * The complete list of licenses changed (Connect API, "Update of U.S.Soccer's list of licenses"); or the catalog's sync, whose
 * answer looks the same, says so.
 */
public final class LicenseCatalogUpdate implements Statement {
    private final CatalogStore catalog;

    /** Takes lists over into a catalog. */
    public LicenseCatalogUpdate(CatalogStore catalog) {
        this.catalog = catalog;
    }

    @Override
    public void rehearse() {
        catalog.read();
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
