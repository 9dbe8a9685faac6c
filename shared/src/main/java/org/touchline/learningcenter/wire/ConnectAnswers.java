package org.touchline.learningcenter.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.Subsidy;
import org.touchline.learningcenter.SubsidyOrganization;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UserMatch;
import org.touchline.license.LicenseChange;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.UssfId;

/**
 * What the Connect API answers, read into the domain (wire contract §1 and §2). Every method throws
 * {@link UnintelligibleException} for what it cannot read. A row of a list that cannot be read is told to {@code unreadable}, and the
 * others are used; but one unreadable license of a person makes {@link #licensesOf the whole answer} unreadable.
 */
public final class ConnectAnswers {
    private ConnectAnswers() {}

    /**
     * Every form that is read: an object with a result, an object with just an id, a list of such objects. Of a list of which no row
     * can be read nobody knows whether it means a match.
     */
    public static UserMatch userMatch(JsonValue json, Consumer<UnintelligibleException> unreadable) {
        if (json.isObject()) {
            var user = new LearningCenterRecord(json);
            var result = user.text("result");
            if (result != null) {
                return switch (LearningCenterRecord.normalized(result)) {
                    case "match" -> new UserMatch.Match(user.ussfId("ussf_id"));
                    case "multiplematches" -> new UserMatch.MultipleMatches();
                    case "nomatch" -> new UserMatch.NoMatch();
                    default -> throw new UnintelligibleException("result is no known result");
                };
            }
            if (user.has("ussf_id")) {
                return new UserMatch.Match(user.ussfId("ussf_id"));
            }
        }
        var users = LearningCenterJson.collection(json, "users");
        var matches = rows(users, row -> userMatch(row, unreadable), unreadable);
        if (matches.isEmpty() && !users.isEmpty()) {
            throw new UnintelligibleException("no row of the list of users can be read");
        }
        return switch (matches.size()) {
            case 0 -> new UserMatch.NoMatch();
            case 1 -> matches.getFirst();
            default -> new UserMatch.MultipleMatches();
        };
    }

    /** The licenses that a person has now; a row without {@code ussf_id} is that person's. */
    public static List<LicenseChange> licensesOf(UssfId person, JsonValue json) {
        return LearningCenterJson.shownLicenses(json).stream()
                .map(row -> LearningCenterJson.shownLicense(person, row))
                .toList();
    }

    /** Whole years. */
    public static int refereeExperience(JsonValue json) {
        var years = new LearningCenterRecord(json).wholeNumber("referee_experience");
        if (years == null || years < 0) {
            throw new UnintelligibleException("referee_experience is not a number of years");
        }
        return years;
    }

    public static GrassrootsCertificate grassrootsCertificate(JsonValue json) {
        var certificate = new LearningCenterRecord(json);
        return new GrassrootsCertificate(certificate.truth("has_certificate"), certificate.date("issue_date"));
    }

    public static Subscription subscription(JsonValue json) {
        var subscription = new LearningCenterRecord(json);
        return new Subscription(subscription.ussfId("ussf_id"), subscription.timestampOrNull("created_at"));
    }

    public static List<SubsidyOrganization> subsidyOrganizations(
            JsonValue json, Consumer<UnintelligibleException> unreadable) {
        return rows(
                LearningCenterJson.collection(json, "organizations"),
                row -> {
                    var organization = new LearningCenterRecord(row);
                    return new SubsidyOrganization(
                            organization.requiredText("organization_id"), organization.text("name"));
                },
                unreadable);
    }

    public static List<Subsidy> subsidies(JsonValue json, Consumer<UnintelligibleException> unreadable) {
        return rows(LearningCenterJson.collection(json, "subsidies"), ConnectAnswers::subsidy, unreadable);
    }

    public static Subsidy subsidy(JsonValue json) {
        var subsidy = new LearningCenterRecord(json);
        return new Subsidy(
                subsidy.requiredText("subsidy_id"),
                subsidy.text("payer_organization"),
                subsidy.ussfIdOrNull("ussf_id"),
                subsidy.text("email"),
                subsidy.timestampOrNull("created_at"),
                subsidy.timestampOrNull("expires_at"),
                subsidy.timestampOrNull("used_at"));
    }

    /**
     * A page of a list. Without {@code pagination}, or with a {@code last_page} of 0 or none, it is the only one.
     *
     * @param resource the list's own name, normalized
     * @param page the page that was asked for
     */
    public static <T> Page<T> page(
            JsonValue json,
            String resource,
            int page,
            Function<JsonValue, T> row,
            Consumer<UnintelligibleException> unreadable) {
        var list = LearningCenterJson.collection(json, resource);
        var rows = rows(list, row, unreadable);
        var pagination = json.isObject() ? new LearningCenterRecord(json).object("pagination") : null;
        if (pagination == null) {
            return new Page<>(rows, page, list.size(), 1, list.size());
        }
        return new Page<>(
                rows,
                atLeast(1, pagination.wholeNumber("current_page"), page),
                atLeast(1, pagination.wholeNumber("per_page"), list.size()),
                atLeast(1, pagination.wholeNumber("last_page"), 1),
                atLeast(0, pagination.wholeNumber("total"), list.size()));
    }

    private static int atLeast(int least, @Nullable Integer number, int otherwise) {
        return number == null || number < least ? otherwise : number;
    }

    private static <T> List<T> rows(
            JsonValue list, Function<JsonValue, T> row, Consumer<UnintelligibleException> unreadable) {
        var rows = new ArrayList<T>();
        for (var each : list) {
            try {
                rows.add(row.apply(each));
            } catch (UnintelligibleException odd) {
                unreadable.accept(odd);
            }
        }
        return rows;
    }
}
