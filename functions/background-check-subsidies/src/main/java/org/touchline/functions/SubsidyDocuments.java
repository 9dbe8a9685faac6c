package org.touchline.functions;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonArray;
import org.touchline.JsonObject;
import org.touchline.learningcenter.Subsidy;
import org.touchline.learningcenter.SubsidyOrganization;

/** What the Learning Center answered about subsidies, as JSON in camelCase (wire contract §7). */
@NullMarked
final class SubsidyDocuments {
    private SubsidyDocuments() {}

    static JsonArray organizations(List<SubsidyOrganization> organizations) {
        var documents = new JsonArray();
        organizations.forEach(organization -> documents
                .addObject()
                .put("organizationId", organization.organizationId())
                .put("name", organization.name()));
        return documents;
    }

    static JsonArray subsidies(List<Subsidy> subsidies) {
        var documents = new JsonArray();
        subsidies.forEach(subsidy -> documents.add(subsidy(subsidy)));
        return documents;
    }

    static JsonObject subsidy(Subsidy subsidy) {
        return new JsonObject()
                .put("subsidyId", subsidy.subsidyId())
                .put("payerOrganization", subsidy.payerOrganization())
                .put("ussfId", Objects.toString(subsidy.ussfId(), null))
                .put("email", subsidy.email())
                .put("createdAt", Objects.toString(subsidy.createdAt(), null))
                .put("expiresAt", Objects.toString(subsidy.expiresAt(), null))
                .put("usedAt", Objects.toString(subsidy.usedAt(), null));
    }

    static JsonObject refusal(int status, String message) {
        var document = new JsonObject();
        document.putObject("error").put("status", status).put("message", message);
        return document;
    }
}
