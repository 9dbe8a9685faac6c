package org.touchline.statement;

import java.time.InstantSource;
import org.touchline.catalog.CatalogStore;
import org.touchline.change.HistoryWriter;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.LicenseStore;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.Source;

/**
 * What the Learning Center can state, by where it comes from: nothing can be in quarantine that is not replayed, for the compiler asks
 * for each {@link Source}.
 *
 * @param licenses where the changes of licenses go
 * @param catalog where lists of licenses go
 * @param moves where changes of USSF-IDs go
 * @param followUps where it is recorded who is to be asked about
 * @param history where records of streams go
 * @param clock tells what is too far ahead
 */
public record Statements(
        LicenseStore licenses,
        CatalogStore catalog,
        PersonMove moves,
        FollowUpStore followUps,
        HistoryWriter history,
        InstantSource clock) {
    /** What a payload from there states. */
    public Statement of(Source source) {
        return switch (source) {
            case USER_LICENSE_WEBHOOK, RECONCILIATION_ROW -> new UserLicenseUpdate(licenses, clock);
            case LICENSE_CATALOG_WEBHOOK, CATALOG_SYNC -> new LicenseCatalogUpdate(catalog);
            case USSF_ID_WEBHOOK -> new UssfIdUpdate(moves);
            case USER_WEBHOOK -> new UserUpdate(followUps);
            case STREAM_RECORD -> new HistoryRecord(history);
            case FULL_ANSWER_ROW -> new FullAnswerRow(followUps, clock);
        };
    }
}
