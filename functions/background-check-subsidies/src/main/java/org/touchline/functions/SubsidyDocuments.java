package org.touchline.functions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.touchline.Json;
import org.touchline.learningcenter.Subsidy;
import org.touchline.learningcenter.SubsidyOrganization;

/** What the Learning Center answered about subsidies, as JSON in camelCase (wire contract §7). */
@NullMarked
final class SubsidyDocuments {
    private SubsidyDocuments() {}

    static ArrayNode organizations(List<SubsidyOrganization> organizations) {
        var documents = Json.MAPPER.createArrayNode();
        organizations.forEach(organization -> documents
                .addObject()
                .put("organizationId", organization.organizationId())
                .put("name", organization.name()));
        return documents;
    }

    static ArrayNode subsidies(List<Subsidy> subsidies) {
        var documents = Json.MAPPER.createArrayNode();
        subsidies.forEach(subsidy -> documents.add(subsidy(subsidy)));
        return documents;
    }

    static ObjectNode subsidy(Subsidy subsidy) {
        return Json.MAPPER
                .createObjectNode()
                .put("subsidyId", subsidy.subsidyId())
                .put("payerOrganization", subsidy.payerOrganization())
                .put("ussfId", Objects.toString(subsidy.ussfId(), null))
                .put("email", subsidy.email())
                .put("createdAt", Objects.toString(subsidy.createdAt(), null))
                .put("expiresAt", Objects.toString(subsidy.expiresAt(), null))
                .put("usedAt", Objects.toString(subsidy.usedAt(), null));
    }

    static ObjectNode refusal(int status, String message) {
        var document = Json.MAPPER.createObjectNode();
        document.putObject("error").put("status", status).put("message", message);
        return document;
    }
}
