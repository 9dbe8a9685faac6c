package org.touchline.learningcenter.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.learningcenter.wire.UnknownFields.Found;

/** Wire contract §1: unknown fields are counted, and each new name is told once, never a value. */
class UnknownFieldsTest {
    private final UnknownFields unknownFields = new UnknownFields();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /webhooks/user-license-update  | {"USSF-ID":"x","Action":1,"License ID":1,"issuer":1,"issue_date":1,"Expiration-Date":1,"updated_at":1,"discipline":1}
            /webhooks/uss-licenses-update  | [{"license_id":1,"name":1,"discipline":1,"type":1,"rank":1}]
            /webhooks/uss-licenses-update  | {"Licenses":[{"license_id":1}]}
            /webhooks/ussf-id-update       | {"Current USSF-ID":1,"new_ussf_id":1}
            /webhooks/user-update          | {"ussf_id":1,"changed":["hosted_by"]}
            GET /users                     | [{"ussf_id":1}]
            GET /subscriptions             | {"data":[{"ussf_id":1,"created_at":1}],"pagination":{"current_page":1,"per_page":1,"last_page":1,"total":1}}
            GET /users/{ussf_id}/grassroots-referee-certificate | {"Has-Certificate":true,"issue_date":null}
            GET /licenses                  | []
            GET /licenses                  | 5
            """)
    void whatTheContractKnowsIsNotUnknownHoweverItIsSpelled(String source, String json) {
        assertEquals(new Found(0, List.of()), in(source, json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /webhooks/user-update | {"ussf_id":1,"hosted_by":{"name":"x"}}                                  | 1 | hosted_by
            GET /licenses         | [{"color":1,"license_id":1},{"color":2},5]                              | 2 | color
            GET /user-licenses    | {"data":[{"course":1}],"links":{},"pagination":{"total":1,"next":"x"}}  | 3 | course,links,next
            GET /users            | {"result":"no_match","match_score":1}                                   | 1 | match_score
            """)
    void fieldsAreCountedAndNamed(String source, String json, int count, String names) {
        assertEquals(new Found(count, List.of(names.split(","))), in(source, json));
    }

    @Test
    void nameIsToldOnceHoweverOftenItComes() {
        in("/webhooks/user-update", "{\"hosted_by\":1}");

        assertEquals(new Found(1, List.of()), in("/webhooks/user-update", "{\"hosted_by\":1}"));
        assertEquals(new Found(2, List.of("color")), in("GET /licenses", "[{\"hosted_by\":1,\"color\":1}]"));
    }

    /** Rule 21: who uses data as names has them counted, and never logged. */
    @Test
    void whatDoesNotLookLikeANameIsNotShown() {
        assertEquals(new Found(4, List.of("(not shown)")), in("GET /licenses", """
                        [{"tim@example.org":1,"2020000004136762":1,"x\\ny":1,"%s":1}]""".formatted("x".repeat(41))));
    }

    @Test
    void atMostAHundredNamesAreTold() {
        var fields =
                IntStream.range(0, 300).mapToObj(i -> "\"f" + i + "\":1").collect(Collectors.joining(",", "{", "}"));

        var found = in("/webhooks/user-update", fields);

        assertEquals(300, found.count());
        assertEquals(100, found.newNames().size());
    }

    private Found in(String source, String json) {
        return unknownFields.in(source, LearningCenterJson.parse(json.getBytes(StandardCharsets.UTF_8)));
    }
}
