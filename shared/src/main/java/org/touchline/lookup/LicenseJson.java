package org.touchline.lookup;

import java.util.Objects;
import org.touchline.JsonObject;
import org.touchline.catalog.Catalog;
import org.touchline.license.CatalogEntry;
import org.touchline.license.Person.Profile;

/** Licenses as JSON (wire contract §5). */
public final class LicenseJson {
    private LicenseJson() {}

    /** The answer of {@code GET /licenses}. */
    public static JsonObject catalog(Catalog catalog) {
        var document = new JsonObject();
        var licenses = document.putArray("licenses");
        for (var entry : catalog.ranked()) {
            put(licenses.addObject(), entry).put("status", entry.retired() ? "retired" : "active");
        }
        return document;
    }

    /** The answer of both look-ups. */
    public static JsonObject person(LicenseLookup.Result result) {
        var profile = result.person().profile();
        var document = new JsonObject()
                .put("ussfId", result.person().ussfId().value())
                .put("subscribed", profile.subscribed());
        var licenses = document.putArray("licenses");
        result.licenses().forEach(held -> put(licenses.addObject(), held));
        putProfile(document, profile);
        return document.put("asOf", Objects.toString(result.asOf(), null));
    }

    /** A member of {@code GET /roster}. */
    public static JsonObject member(Roster.Row row) {
        var member = row.member().member();
        var result = row.held();
        var document = new JsonObject()
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
    public static JsonObject expiration(Expirations.Row row) {
        var document = new JsonObject()
                .put("expirationDate", row.license().expirationDate().toString())
                .put("ussfId", row.license().ussfId().value());
        var holders = document.putArray("memberIdentifiers");
        row.holders().forEach(holder -> holders.add(holder.value()));
        return document.put("licenseId", row.license().licenseId().value()).put("name", row.name());
    }

    private static void putProfile(JsonObject document, Profile profile) {
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

    private static void put(JsonObject document, HeldLicense held) {
        var license = held.license();
        put(document, held.entry())
                .put("issuer", license.issuer())
                .put("issueDate", Objects.toString(license.issueDate(), null))
                .put("expirationDate", Objects.toString(license.expirationDate(), null))
                .put("status", held.status().wireName())
                .put("updatedAt", license.updatedAt().toString());
    }

    private static JsonObject put(JsonObject document, CatalogEntry entry) {
        return document.put("licenseId", entry.licenseId().value())
                .put("name", entry.displayName())
                .put("discipline", entry.discipline())
                .put("type", entry.type())
                .put("rank", entry.rank());
    }
}
