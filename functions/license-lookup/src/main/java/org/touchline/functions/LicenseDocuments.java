package org.touchline.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.touchline.Json;
import org.touchline.catalog.Catalog;
import org.touchline.license.CatalogEntry;
import org.touchline.lookup.HeldLicense;
import org.touchline.lookup.LicenseLookup;

/** Licenses as JSON (wire contract §5). */
@NullMarked
final class LicenseDocuments {
    private LicenseDocuments() {}

    static ObjectNode catalog(Catalog catalog) {
        var document = Json.MAPPER.createObjectNode();
        var licenses = document.putArray("licenses");
        for (var entry : catalog.ranked()) {
            put(licenses.addObject(), entry).put("status", entry.retired() ? "retired" : "active");
        }
        return document;
    }

    static ObjectNode person(LicenseLookup.Result result) {
        var profile = result.person().profile();
        var document = Json.MAPPER
                .createObjectNode()
                .put("ussfId", result.person().ussfId().value())
                .put("subscribed", profile.subscribed());
        var licenses = document.putArray("licenses");
        result.licenses().forEach(held -> put(licenses.addObject(), held));
        if (profile.refereeExperience() != null) {
            document.put("refereeExperience", profile.refereeExperience());
        }
        var certificate = profile.grassrootsCertificate();
        if (certificate != null) {
            document.putObject("grassrootsCertificate")
                    .put("hasCertificate", certificate.hasCertificate())
                    .put("issueDate", Objects.toString(certificate.issueDate(), null));
        }
        return document.put("asOf", Objects.toString(result.asOf(), null));
    }

    private static void put(ObjectNode document, HeldLicense held) {
        var license = held.license();
        put(document, held.entry())
                .put("issuer", license.issuer())
                .put("issueDate", Objects.toString(license.issueDate(), null))
                .put("expirationDate", Objects.toString(license.expirationDate(), null))
                .put("status", held.status().wireName())
                .put("updatedAt", license.updatedAt().toString());
    }

    private static ObjectNode put(ObjectNode document, CatalogEntry entry) {
        return document.put("licenseId", entry.licenseId().value())
                .put("name", entry.displayName())
                .put("discipline", entry.discipline())
                .put("type", entry.type())
                .put("rank", entry.rank());
    }
}
