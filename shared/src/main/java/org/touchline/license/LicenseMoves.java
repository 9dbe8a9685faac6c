package org.touchline.license;

import java.util.HashMap;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Takes licenses along to the USSF-ID that a person has now (design rule 5): copied first, on condition that it is news there,
 * then deleted, on condition that it is what was copied. So any number of takers, of writers under the former id and of further
 * moves can be at work on one license at once. Safe for use by several threads.
 */
final class LicenseMoves {
    private static final int MOST_RACES = 20;

    private final LicenseRows rows;
    private final ProfileStore profiles;

    LicenseMoves(LicenseRows rows, ProfileStore profiles) {
        this.rows = rows;
        this.profiles = profiles;
    }

    /** Takes all licenses that are under a former id. */
    void takeAllAlong(UssfId former) {
        for (var row : PersonItems.licenses(rows.under(former))) {
            takeAlong(former, PersonItems.licenseId(row));
        }
    }

    /** Takes one license; whether it was news where it went. */
    boolean takeAlong(UssfId former, LicenseId licenseId) {
        var news = false;
        for (var race = 0; race < MOST_RACES; race++) {
            var row = rows.find(former, licenseId);
            if (row == null) {
                return news;
            }
            var present = profiles.present(former);
            if (present.equals(former)) {
                return news;
            }
            news |= rows.put(as(present, row, former));
            // What came meanwhile is not what was copied, and is copied next.
            var gone = rows.delete(row);
            // Whoever writes, looks: the person may have moved on, and that move may not have met what was put here.
            if (profiles.movedTo(present) != null) {
                news |= takeAlong(present, licenseId);
            }
            if (gone) {
                return news;
            }
            Backoff.pause(race);
        }
        throw ConditionalCheckFailedException.builder()
                .message("a license was changed by others " + MOST_RACES + " times in a row while it moved")
                .build();
    }

    /** A row as it goes to another id: its revision stays, and so does its absence if it still counts. */
    private Item as(UssfId present, Item row, UssfId former) {
        var moved = new Item(new HashMap<>(row.attributes())).with("pk", PersonItems.partition(present));
        if (row.has("absentSince") && !PersonItems.isAbsent(row, profiles.lastAnswer(former))) {
            moved.attributes().remove("absentSince");
        }
        return moved;
    }
}
