package org.touchline.learningcenter.wire;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.touchline.Json;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UserChange;
import org.touchline.learningcenter.UssfIdChange;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseState;
import org.touchline.license.UssfId;

/**
 * What the Learning Center sends, read into the domain (wire contract §1 and §3). Every method throws
 * {@link UnintelligibleException} for what it cannot read.
 */
public final class LearningCenterJson {
    /** What is later than this is no clock that runs ahead, but a mistake that would win over every real change. */
    private static final Duration MOST_AHEAD = Duration.ofHours(24);

    private LearningCenterJson() {}

    /** Any JSON text. */
    public static JsonValue parse(byte[] text) {
        try {
            var json = Json.read(text);
            if (json.isMissingNode()) {
                throw new UnintelligibleException("there is no JSON");
            }
            return json;
        } catch (IOException notJson) {
            throw new UnintelligibleException("it is not JSON, or has a field twice");
        }
    }

    /**
     * A change of one license: {@code ussf_id}, {@code action}, {@code license_id} and {@code updated_at} are required; the
     * rest may be missing. An {@code updated_at} more than 24 hours ahead is unintelligible.
     *
     * @param now what it may be ahead of
     */
    public static LicenseChange licenseChange(JsonValue json, Instant now) {
        return notAhead(licenseChange(json), now);
    }

    private static LicenseChange licenseChange(JsonValue json) {
        var change = new LearningCenterRecord(json);
        return new LicenseChange(
                change.ussfId("ussf_id"),
                change.licenseId(),
                change.action(),
                change.text("issuer"),
                change.date("issue_date"),
                change.date("expiration_date"),
                change.timestamp("updated_at"));
    }

    /** The rows of a full answer as they came, for who can do with those that {@link #shownLicense} can read. */
    public static List<JsonValue> shownLicenses(JsonValue answer) {
        return collection(answer, "licenses", "userlicenses").valueStream().toList();
    }

    /**
     * One row of a full answer: {@code license_id} and {@code updated_at} are required; the rest may be missing. A row of
     * somebody else's is unintelligible, and so is an {@code updated_at} more than 24 hours ahead.
     *
     * @param person who was asked for
     * @param now what it may be ahead of
     */
    public static LicenseChange shownLicense(UssfId person, JsonValue row, Instant now) {
        return notAhead(shownLicense(person, row), now);
    }

    static LicenseChange shownLicense(UssfId person, JsonValue row) {
        var license = new LearningCenterRecord(row);
        var ussfId = license.ussfIdOrNull("ussf_id");
        if (ussfId != null && !ussfId.equals(person)) {
            throw new UnintelligibleException("ussf_id is somebody else's");
        }
        return new LicenseChange(
                person,
                license.licenseId(),
                LicenseState.SHOWN_ACTIVE,
                license.text("issuer"),
                license.date("issue_date"),
                license.date("expiration_date"),
                license.timestamp("updated_at"));
    }

    private static LicenseChange notAhead(LicenseChange change, Instant now) {
        if (change.updatedAt().isAfter(now.plus(MOST_AHEAD))) {
            throw new UnintelligibleException("updated_at is more than 24 hours ahead");
        }
        return change;
    }

    /** The complete list of licenses: {@code license_id} is required; the rest may be missing. */
    public static List<CatalogEntry> catalog(JsonValue json) {
        return catalogRows(json).stream().map(LearningCenterJson::catalogEntry).toList();
    }

    /** The rows of that list as they came, for who can do with those that {@link #catalogEntry} can read. */
    public static List<JsonValue> catalogRows(JsonValue json) {
        return collection(json, "licenses").valueStream().toList();
    }

    /** One license of that list. */
    public static CatalogEntry catalogEntry(JsonValue row) {
        var entry = new LearningCenterRecord(row);
        return new CatalogEntry(
                entry.licenseId(),
                entry.text("name"),
                entry.text("discipline"),
                entry.text("type"),
                entry.wholeNumber("rank"),
                false);
    }

    /** A change of a USSF-ID: {@code current_ussf_id}, which is the old one, and {@code new_ussf_id}. */
    public static UssfIdChange ussfIdChange(JsonValue json) {
        var change = new LearningCenterRecord(json);
        var former = change.ussfId("current_ussf_id");
        var successor = change.ussfId("new_ussf_id");
        if (former.equals(successor)) {
            throw new UnintelligibleException("current_ussf_id and new_ussf_id are the same");
        }
        return new UssfIdChange(former, successor);
    }

    /** A change of a person's other data: {@code ussf_id}, and in {@code changed} a text or an array of texts. */
    public static UserChange userChange(JsonValue json) {
        var change = new LearningCenterRecord(json);
        var ussfId = change.ussfId("ussf_id");
        var known = EnumSet.noneOf(UserChange.Changed.class);
        var hasUnknown = false;
        for (var name : change.texts("changed")) {
            var changed = Arrays.stream(UserChange.Changed.values())
                    .filter(each ->
                            LearningCenterRecord.normalized(each.name()).equals(LearningCenterRecord.normalized(name)))
                    .findFirst();
            changed.ifPresent(known::add);
            hasUnknown |= changed.isEmpty();
        }
        if (known.isEmpty()) {
            throw new UnintelligibleException("changed names nothing that is known");
        }
        return new UserChange(ussfId, known, hasUnknown);
    }

    /** A bare array, or what an object holds as {@code data} or under one of the resource's own names, normalized. */
    static JsonValue collection(JsonValue json, String... resource) {
        if (json.isArray()) {
            return json;
        }
        var names = Set.of(resource);
        for (var field : json.properties()) {
            var name = LearningCenterRecord.normalized(field.getKey());
            if ((name.equals("data") || names.contains(name))
                    && field.getValue().isArray()) {
                return field.getValue();
            }
        }
        throw new UnintelligibleException("a list was expected, and there is " + LearningCenterRecord.kind(json));
    }
}
