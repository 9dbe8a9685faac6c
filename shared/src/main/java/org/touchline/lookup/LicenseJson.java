package org.touchline.lookup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.touchline.Json;
import org.touchline.catalog.Catalog;
import org.touchline.license.CatalogEntry;
import org.touchline.license.Person.Profile;

/** Licenses as JSON (wire contract §5). */
public final class LicenseJson {
    private LicenseJson() {}

    /** The answer of {@code GET /licenses}. */
    public static ObjectNode catalog(Catalog catalog) {
        var document = Json.MAPPER.createObjectNode();
        var licenses = document.putArray("licenses");
        for (var entry : catalog.ranked()) {
            put(licenses.addObject(), entry).put("status", entry.retired() ? "retired" : "active");
        }
        return document;
    }

    /** The answer of both look-ups. */
    public static ObjectNode person(LicenseLookup.Result result) {
        var profile = result.person().profile();
        var document = Json.MAPPER
                .createObjectNode()
                .put("ussfId", result.person().ussfId().value())
                .put("subscribed", profile.subscribed());
        var licenses = document.putArray("licenses");
        result.licenses().forEach(held -> put(licenses.addObject(), held));
        putProfile(document, profile);
        return document.put("asOf", Objects.toString(result.asOf(), null));
    }

    /** A member of {@code GET /roster}. */
    public static ObjectNode member(Roster.Row row) {
        var member = row.member().member();
        var result = row.held();
        var document = Json.MAPPER
                .createObjectNode()
                .put("memberIdentifier", member.identifier().value())
                .put("ussfId", Objects.toString(row.ussfId(), null))
                .put("enrollment", row.member().enrollment().status().wireName())
                .put("active", member.active())
                .put("expiresOn", Objects.toString(member.expiresOn(), null))
                .put("subscribed", result != null && result.person().profile().subscribed())
                .put("asOf", result == null ? null : Objects.toString(result.asOf(), null));
        var licenses = document.putArray("licenses");
        if (result != null) {
            result.licenses().forEach(held -> put(licenses.addObject(), held));
            putProfile(document, result.person().profile());
        }
        return document;
    }

    /** A license of {@code GET /expirations}. */
    public static ObjectNode expiration(Expirations.Row row) {
        var document = Json.MAPPER
                .createObjectNode()
                .put("expirationDate", row.license().expirationDate().toString())
                .put("ussfId", row.license().ussfId().value());
        var holders = document.putArray("memberIdentifiers");
        row.holders().forEach(holder -> holders.add(holder.value()));
        return document.put("licenseId", row.license().licenseId().value()).put("name", row.name());
    }

    private static void putProfile(ObjectNode document, Profile profile) {
        if (profile.refereeExperience() != null) {
            document.put("refereeExperience", profile.refereeExperience());
        }
        var certificate = profile.grassrootsCertificate();
        if (certificate != null) {
            document.putObject("grassrootsCertificate")
                    .put("hasCertificate", certificate.hasCertificate())
                    .put("issueDate", Objects.toString(certificate.issueDate(), null));
        }
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
