package org.touchline.functions;

import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.license.UssfId;

/** What a payload asks for (wire contract §7). */
@NullMarked
sealed interface SubsidyOperation {
    /** Every kind of payload, for who sent another. */
    String ACCEPTED = """
        {"operation":"organizations"}; {"operation":"list","payerOrganization":"…"}, also with "ussfId" and "email"; \
        {"operation":"create","payerOrganization":"…"} with either "ussfId", 16 digits, or "email"; \
        {"operation":"delete","subsidyId":"…"}\
        """;

    /** Who lets us create subsidies. */
    record Organizations() implements SubsidyOperation {}

    /** The subsidies of a payer, of one person or address if that is given. */
    record ListOf(
            String payerOrganization,
            @Nullable UssfId ussfId,
            @Nullable String email) implements SubsidyOperation {}

    /** A subsidy for somebody who has a USSF-ID. */
    record CreateForPerson(String payerOrganization, UssfId ussfId) implements SubsidyOperation {}

    /** A subsidy for whoever has that address, or will have it. */
    record CreateForEmail(String payerOrganization, String email) implements SubsidyOperation {}

    /** An unused subsidy is taken back. */
    record Delete(String subsidyId) implements SubsidyOperation {}

    /** @throws InvalidValueException if the payload is of no kind that is {@link #ACCEPTED} */
    static SubsidyOperation in(JsonObject payload) {
        return switch (required(payload, "operation")) {
            case "organizations" -> {
                requireNoOthers(payload);
                yield new Organizations();
            }
            case "list" -> {
                requireNoOthers(payload, "payerOrganization", "ussfId", "email");
                yield new ListOf(required(payload, "payerOrganization"), ussfId(payload), text(payload, "email"));
            }
            case "create" -> {
                requireNoOthers(payload, "payerOrganization", payload.has("email") ? "email" : "ussfId");
                var payer = required(payload, "payerOrganization");
                yield payload.has("email")
                        ? new CreateForEmail(payer, required(payload, "email"))
                        : new CreateForPerson(payer, UssfId.parse(required(payload, "ussfId")));
            }
            case "delete" -> {
                requireNoOthers(payload, "subsidyId");
                yield new Delete(required(payload, "subsidyId"));
            }
            default -> throw new InvalidValueException("operation is none that is known");
        };
    }

    /** What nobody knows may be a slip that changes whom it is about. */
    private static void requireNoOthers(JsonObject payload, String... names) {
        var known = Set.of(names);
        for (var field : payload.properties()) {
            if (!field.getKey().equals("operation") && !known.contains(field.getKey())) {
                throw new InvalidValueException("a field is not of that operation");
            }
        }
    }

    private static @Nullable UssfId ussfId(JsonObject payload) {
        var ussfId = text(payload, "ussfId");
        return ussfId == null ? null : UssfId.parse(ussfId);
    }

    private static String required(JsonObject payload, String name) {
        var text = text(payload, name);
        if (text == null) {
            throw new InvalidValueException(name + " is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonObject payload, String name) {
        var value = payload.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new InvalidValueException(name + " is no text");
        }
        return value.asText().strip();
    }
}
