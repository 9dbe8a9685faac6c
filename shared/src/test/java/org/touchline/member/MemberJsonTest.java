package org.touchline.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.member.Members.member;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Json;
import org.touchline.JsonArray;
import org.touchline.license.UssfId;

/** Wire contract §5. */
class MemberJsonTest {
    @Test
    void memberWithTheRequiredFieldsIsActiveAndDoesNotExpire() {
        var member = member("A1", "");

        assertTrue(member.active());
        assertNull(member.expiresOn());
        assertNull(member.ussfId());
        assertEquals(Map.of(), member.optionalFields());
        assertEquals(LocalDate.of(1973, 11, 5), member.dateOfBirth());
    }

    @Test
    void readsAndWritesEveryField() throws Exception {
        var fields = """
            "ussfId":"2020-0000-0415-2809","active":false,"expiresOn":"2026-12-31","membershipExpiration":"12/2026",
            "position":"Coach","gender":"M","country":"US","region":"CA","city":"Los Angeles","postal":"90001",
            "address":"1 Main St","address2":"Apt 2\"\
            """;
        var member = member("a1", fields);

        var written = MemberJson.write(new EnrolledMember(
                member,
                new Enrollment(
                        Enrollment.Status.ENROLLED,
                        "subscribed",
                        new UssfId("2020000004152809"),
                        Instant.parse("2026-03-01T12:00:00Z"))));

        var expected = """
            {"memberIdentifier":"A1","firstName":"Tim","lastName":"Smith","email":"2020000004152809@test.com",
             "dateOfBirth":"1973-11-05","ussfId":"2020000004152809","active":false,"expiresOn":"2026-12-31",
             "membershipExpiration":"12/2026","position":"Coach","gender":"M","country":"US","region":"CA",
             "city":"Los Angeles","postal":"90001","address":"1 Main St","address2":"Apt 2",
             "enrollment":{"status":"enrolled","detail":"subscribed","ussfId":"2020000004152809",
             "checkedAt":"2026-03-01T12:00:00Z"}}\
            """;
        assertEquals(Json.read(expected), written);
    }

    @Test
    void whatWasAnsweredCanBePutBack() {
        var member = member("A1", "\"city\":\"Los Angeles\"");
        var answered = MemberJson.write(new EnrolledMember(member, Enrollment.pending(null)));

        assertEquals(member, MemberJson.read(member.identifier(), answered, Members.TODAY));
    }

    @Test
    void missingFieldsAreLeftOutAndNullIsMissing() {
        var written = MemberJson.write(new EnrolledMember(
                member("A1", "\"ussfId\":null,\"city\":null,\"active\":null,\"expiresOn\":null"),
                Enrollment.pending(null)));

        assertFalse(written.has("ussfId"));
        assertFalse(written.has("city"));
        assertTrue(written.get("active").booleanValue());
        assertTrue(written.get("enrollment").get("ussfId").isNull());
        assertEquals("pending", written.get("enrollment").get("status").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "firstName | \"firstName\":null",
                "firstName | \"firstName\":\"  \"",
                "lastName | \"lastName\":7",
                "email | \"email\":\"nobody\"",
                "email | \"email\":\"a b@test.com\"",
                "dateOfBirth | \"dateOfBirth\":\"11/05/1973\"",
                "dateOfBirth | \"dateOfBirth\":\"1973-02-30\"",
                "dateOfBirth | \"dateOfBirth\":\"1973-11-05T00:00:00\"",
                "dateOfBirth | \"dateOfBirth\":\"2026-03-02\"",
                "dateOfBirth | \"dateOfBirth\":\"0073-11-05\"",
                "ussfId | \"ussfId\":\"123\"",
                "ussfId | \"ussfId\":2020000004152809",
                "active | \"active\":\"true\"",
                "expiresOn | \"expiresOn\":\"tomorrow\"",
                "city | \"city\":[]",
                "expireson | \"expireson\":\"2026-12-31\"",
                "memberIdentifier | \"memberIdentifier\":\"B2\""
            })
    void refusesWhatIsNoMemberAndNamesTheField(String field, String fields) {
        var refused = assertThrows(RefusedMemberException.class, () -> member("A1", fields));

        assertEquals(field, refused.field());
    }

    @Test
    void refusesAnythingButAnObject() {
        assertThrows(
                RefusedMemberException.class,
                () -> MemberJson.read(MemberIdentifier.parse("A1"), new JsonArray(), Members.TODAY));
    }
}
