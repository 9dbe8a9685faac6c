package org.touchline.change;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.catalog.Catalog;
import org.touchline.catalog.CatalogStore;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.StreamRecord;
import org.touchline.license.LicenseId;

/** What the stream of the license store says of the complete list, as an entry (wire contract §9). */
final class CatalogChanges {
    private CatalogChanges() {}

    /** None where the list says what it said before, later. */
    static List<Entry> of(StreamRecord change) {
        if (change.after() == null) {
            return List.of();
        }
        var before = catalog(change.before()).entries();
        var after = catalog(change.after()).entries();
        var added = new TreeSet<LicenseId>();
        var changed = new TreeSet<LicenseId>();
        var retired = new TreeSet<LicenseId>();
        after.forEach((licenseId, entry) -> {
            var was = before.get(licenseId);
            if (was == null) {
                added.add(licenseId);
            } else if (!was.equals(entry)) {
                (entry.retired() ? retired : changed).add(licenseId);
            }
        });
        var data = new JsonObject();
        if (added.isEmpty() && changed.isEmpty() && retired.isEmpty()) {
            return List.of();
        }
        put(data, "added", added);
        put(data, "changed", changed);
        put(data, "retired", retired);
        return List.of(new Entry(
                Entry.id(change.eventId(), ChangeType.CATALOG_CHANGED),
                ChangeType.CATALOG_CHANGED,
                null,
                change.at(),
                data));
    }

    private static void put(JsonObject data, String name, Set<LicenseId> ids) {
        var array = data.putArray(name);
        ids.forEach(id -> array.add(id.value()));
    }

    private static Catalog catalog(@Nullable Item image) {
        return image == null ? Catalog.EMPTY : CatalogStore.catalog(image);
    }
}
