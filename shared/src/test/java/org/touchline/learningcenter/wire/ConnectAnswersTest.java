package org.touchline.learningcenter.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonValue;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.Subsidy;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UserMatch;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.UssfId;

/** Wire contract §2, every form of an answer that is read. */
class ConnectAnswersTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\":\"match\",\"ussf_id\":\"2020000004136762\"}",
                "{\"Result\":\"Match\",\"USSF-ID\":\"2020-0000-0413-6762\"}",
                "{\"ussf_id\":2020000004136762}",
                "[{\"ussf_id\":\"2020000004136762\"}]",
                "{\"data\":[{\"ussf_id\":\"2020000004136762\"}]}",
                "{\"users\":[{\"result\":\"match\",\"ussf_id\":\"2020000004136762\"}]}"
            })
    void onePersonIsAMatch(String json) {
        assertEquals(new UserMatch.Match(VIDAR), match(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\":\"multiple_matches\"}",
                "{\"result\":\"Multiple matches\"}",
                "[{\"ussf_id\":\"2020000004136762\"},{\"ussf_id\":\"2020000004152809\"}]"
            })
    void severalPeopleAreNoMatchToRelyOn(String json) {
        assertEquals(new UserMatch.MultipleMatches(), match(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"result\":\"no_match\"}", "{\"result\":\"No-Match\"}", "[]", "{\"data\":[]}"})
    void nobodyIsNoMatch(String json) {
        assertEquals(new UserMatch.NoMatch(), match(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"result\":\"maybe\"}",
                "{\"result\":\"match\"}",
                "{\"ussf_id\":\"5\"}",
                "[5]",
                "5",
                "null"
            })
    void anythingElseIsUnintelligible(String json) {
        assertThrows(UnintelligibleException.class, () -> match(json));
    }

    @Test
    void rowWithoutAPersonIsOfThePersonAskedForAndOneOfSomebodyElseIsNotBelieved() {
        var row = "[{\"license_id\":\"referee_8\",\"updated_at\":\"2026-03-01T12:00:00Z\"%s}]";

        assertEquals(
                VIDAR,
                ConnectAnswers.licensesOf(VIDAR, parse(row.formatted("")))
                        .getFirst()
                        .ussfId());
        assertThrows(
                UnintelligibleException.class,
                () -> ConnectAnswers.licensesOf(VIDAR, parse(row.formatted(",\"ussf_id\":\"2020000004152809\""))));
    }

    /** What is missing in a full answer counts as removed (rule 3b): half of one must not pass for the whole. */
    @Test
    @Tag("rule-3b")
    void oneUnreadableLicenseMakesTheFullAnswerUnreadable() {
        assertThrows(UnintelligibleException.class, () -> ConnectAnswers.licensesOf(VIDAR, parse("""
            [{"license_id":"referee_8","updated_at":"2026-03-01T12:00:00Z"},{"license_id":"referee_7"}]\
            """)));
    }

    @Test
    void pageSaysWhereItIs() {
        var page = page("""
            {"Data":[1,2],"Pagination":{"Current_page":"2","Per_page":"2","Last_page":3,"Total":5}}\
            """);

        assertEquals(new Page<>(List.of(1, 2), 2, 2, 3, 5), page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,2]",
                "{\"data\":[1,2]}",
                "{\"user_licenses\":[1,2]}",
                "{\"data\":[1,2],\"pagination\":null}",
                "{\"data\":[1,2],\"pagination\":{}}",
                "{\"data\":[1,2],\"pagination\":{\"last_page\":0,\"per_page\":0,\"current_page\":0}}"
            })
    void answerWithoutPagesIsOnePage(String json) {
        assertEquals(new Page<>(List.of(1, 2), 1, 2, 1, 2), page(json));
    }

    @Test
    void emptyListIsAnEmptyPage() {
        assertEquals(new Page<>(List.of(), 1, 100, 1, 0), page("""
            {"data":[],"pagination":{"current_page":1,"per_page":100,"last_page":0,"total":0}}\
            """));
    }

    @Test
    void yearsAreWholeAndNotNegative() {
        assertEquals(7, ConnectAnswers.refereeExperience(parse("{\"Referee-Experience\":\"7\"}")));
        for (var json : List.of("{}", "{\"referee_experience\":-1}", "{\"referee_experience\":1.5}", "7")) {
            assertUnintelligible(ConnectAnswers::refereeExperience, json);
        }
    }

    @Test
    void certificateIsThereOrNot() {
        assertEquals(
                new GrassrootsCertificate(true, LocalDate.of(2026, 2, 1)),
                ConnectAnswers.grassrootsCertificate(
                        parse("{\"Has-Certificate\":\"TRUE\",\"Issue-Date\":\"2026-02-01T00:00:00\"}")));
        assertEquals(
                new GrassrootsCertificate(false, null),
                ConnectAnswers.grassrootsCertificate(parse("{\"has_certificate\":false,\"issue_date\":null}")));
        for (var json : List.of("{}", "{\"has_certificate\":\"perhaps\"}", "true")) {
            assertUnintelligible(ConnectAnswers::grassrootsCertificate, json);
        }
    }

    @Test
    void subsidyMayBeForSomebodyOfWhomOnlyAnAddressIsKnown() {
        var subsidy = ConnectAnswers.subsidy(parse("""
            {"subsidy_id":5,"payer_organization":1001,"email":"a@b.c","created_at":"2026-03-01 12:00:00","used_at":null}\
            """));

        assertEquals(
                new Subsidy("5", "1001", null, "a@b.c", Instant.parse("2026-03-01T12:00:00Z"), null, null), subsidy);
        assertUnintelligible(ConnectAnswers::subsidy, "{\"payer_organization\":1001}");
    }

    /** Wire contract §2: the other rows are used. */
    @Test
    void rowThatCannotBeReadIsCountedAndTheOthersAreUsed() {
        var odd = new ArrayList<UnintelligibleException>();
        var subscriptions = ConnectAnswers.page(parse("""
            {"data":[5,{"ussf_id":"x"},{"ussf_id":"2020000004136762"}],"pagination":{"total":3}}\
            """), "subscriptions", 1, ConnectAnswers::subscription, odd::add);
        var subsidies = ConnectAnswers.subsidies(parse("[{},{\"subsidy_id\":5}]"), odd::add);
        var organizations = ConnectAnswers.subsidyOrganizations(parse("[{\"organization_id\":1},[]]"), odd::add);

        assertEquals(
                List.of(VIDAR),
                subscriptions.rows().stream().map(Subscription::ussfId).toList());
        assertEquals(3, subscriptions.total());
        assertEquals(List.of("5"), subsidies.stream().map(Subsidy::subsidyId).toList());
        assertEquals(1, organizations.size());
        assertEquals(new UserMatch.Match(VIDAR), ConnectAnswers.userMatch(parse("""
            [{"ussf_id":"5"},{"ussf_id":"2020000004136762"}]\
            """), odd::add));
        assertEquals(5, odd.size());
    }

    private static UserMatch match(String json) {
        return ConnectAnswers.userMatch(parse(json), _ -> {});
    }

    private static Page<Integer> page(String json) {
        return ConnectAnswers.page(
                parse(json), "userlicenses", 1, row -> row.decimalValue().intValue(), _ -> {});
    }

    private static void assertUnintelligible(Function<JsonValue, ?> reader, String json) {
        assertThrows(UnintelligibleException.class, () -> reader.apply(parse(json)), json);
    }

    private static JsonValue parse(String json) {
        return LearningCenterJson.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
