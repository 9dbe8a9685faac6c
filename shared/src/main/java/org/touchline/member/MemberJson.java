package org.touchline.member;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.license.UssfId;

/** Members as JSON (wire contract §5). */
public final class MemberJson {
    private static final int LONGEST_TEXT = 500;
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);
    private static final Set<String> FIELDS =
            Set.of("firstName", "lastName", "email", "dateOfBirth", "ussfId", "active", "expiresOn");
    /** What an answer adds: taken along by who reads a member, changes it and puts it back. */
    private static final Set<String> ANSWERED = Set.of("memberIdentifier", "enrollment");

    private MemberJson() {}

    /**
     * Reads what somebody puts in.
     *
     * @param json an object; a field that is {@code null} counts as missing
     * @param today nobody is born later
     * @throws RefusedMemberException for the first field that is missing, unreadable or unknown: a mistyped
     *     {@code expiresOn} must not make a membership that never expires
     */
    public static Member read(MemberIdentifier identifier, JsonValue json, LocalDate today) {
        if (!json.isObject()) {
            throw new RefusedMemberException("body", "a member is a JSON object");
        }
        requireKnownFields(json);
        requireSameIdentifier(identifier, json);
        var optionalFields = new HashMap<String, String>();
        for (var name : Member.OPTIONAL_FIELDS) {
            var text = text(json, name);
            if (text != null) {
                optionalFields.put(name, text);
            }
        }
        return new Member(
                identifier,
                required("firstName", text(json, "firstName")),
                required("lastName", text(json, "lastName")),
                email(required("email", text(json, "email"))),
                dateOfBirth(required("dateOfBirth", date(json, "dateOfBirth")), today),
                ussfId(json),
                active(json),
                date(json, "expiresOn"),
                optionalFields);
    }

    /** Writes a member as stored, with identifier and enrollment. */
    public static JsonObject write(EnrolledMember enrolled) {
        var member = enrolled.member();
        var json = new JsonObject()
                .put("memberIdentifier", member.identifier().value())
                .put("firstName", member.firstName())
                .put("lastName", member.lastName())
                .put("email", member.email())
                .put("dateOfBirth", member.dateOfBirth().toString());
        if (member.ussfId() != null) {
            json.put("ussfId", member.ussfId().value());
        }
        json.put("active", member.active());
        if (member.expiresOn() != null) {
            json.put("expiresOn", member.expiresOn().toString());
        }
        for (var name : Member.OPTIONAL_FIELDS) {
            if (member.optionalFields().containsKey(name)) {
                json.put(name, member.optionalFields().get(name));
            }
        }
        var enrollment = enrolled.enrollment();
        json.putObject("enrollment")
                .put("status", enrollment.status().wireName())
                .put("detail", enrollment.detail())
                .put("ussfId", Objects.toString(enrollment.ussfId(), null))
                .put("checkedAt", Objects.toString(enrollment.checkedAt(), null));
        return json;
    }

    private static void requireKnownFields(JsonValue json) {
        for (var field : json.properties()) {
            var name = field.getKey();
            if (!FIELDS.contains(name) && !ANSWERED.contains(name) && !Member.OPTIONAL_FIELDS.contains(name)) {
                throw new RefusedMemberException(name, "a member has no such field");
            }
        }
    }

    private static void requireSameIdentifier(MemberIdentifier identifier, JsonValue json) {
        var text = text(json, "memberIdentifier");
        if (text != null && !MemberIdentifier.tryParse(text).equals(Optional.of(identifier))) {
            throw new RefusedMemberException("memberIdentifier", "not the one in the path");
        }
    }

    private static String email(String email) {
        var at = email.indexOf('@');
        if (at < 1 || at == email.length() - 1 || email.chars().anyMatch(Character::isWhitespace)) {
            throw new RefusedMemberException("email", "an e-mail address");
        }
        return email;
    }

    private static LocalDate dateOfBirth(LocalDate date, LocalDate today) {
        if (date.isBefore(EARLIEST) || date.isAfter(today)) {
            throw new RefusedMemberException("dateOfBirth", "a day from " + EARLIEST + " to today");
        }
        return date;
    }

    private static @Nullable UssfId ussfId(JsonValue json) {
        var text = text(json, "ussfId");
        try {
            return text == null ? null : UssfId.parse(text);
        } catch (InvalidValueException invalid) {
            throw new RefusedMemberException("ussfId", invalid.getMessage());
        }
    }

    private static boolean active(JsonValue json) {
        var value = json.get("active");
        if (value == null || value.isNull()) {
            return true;
        }
        if (!value.isBoolean()) {
            throw new RefusedMemberException("active", "true or false");
        }
        return value.booleanValue();
    }

    private static @Nullable LocalDate date(JsonValue json, String name) {
        var text = text(json, name);
        if (text == null) {
            return null;
        }
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException noSuchDay) {
            // Refused below, as what is no date at all.
        }
        throw new RefusedMemberException(name, "a date as YYYY-MM-DD");
    }

    private static @Nullable String text(JsonValue json, String name) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new RefusedMemberException(name, "a text");
        }
        var text = value.asText().strip();
        if (!Json.isWellFormed(text)) {
            throw new RefusedMemberException(name, "a text in Unicode");
        }
        if (text.codePointCount(0, text.length()) > LONGEST_TEXT) {
            throw new RefusedMemberException(name, "at most " + LONGEST_TEXT + " characters");
        }
        return text.isEmpty() ? null : text;
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new RefusedMemberException(name, "required");
        }
        return value;
    }
}
