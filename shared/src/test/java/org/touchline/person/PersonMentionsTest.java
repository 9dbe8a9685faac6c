package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;

/** In which spellings a payload names a person, and what only looks like it. */
class PersonMentionsTest {
    private final PersonMentions mentions = new PersonMentions(
            List.of(new UssfId("2020000004136762")),
            List.of(
                    Members.member("CYSA-1001", "\"email\":\"vidar@test.com\""),
                    Members.member("8", "\"email\":\"tim.smith@test.com\"")),
            List.of(new MemberIdentifier("7"), new MemberIdentifier("CYSA-1007")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ussf_id\":\"2020000004136762\"}",
                "{\"ussf_id\":\" 2020-0000 0413 - 6762\"}",
                "{\"ussf_id\":2020000004136762}",
                "{\"ussf_id\":2.020000004136762E15}",
                "[{\"a\":[{\"b\":\"see 2020 0000 0413 6762!\"}]}]",
                "{\"2020000004136762\":true}",
                "{\"ussf_id\":\"202000000413676\\u0032\"}",
                "{\"email\":\"Vidar@Test.com\"}",
                "{\"text\":\"<tim.smith@test.com>\"}",
                "{\"text\":\"cysa-1001 \"}",
                "{\"memberIdentifier\":8}",
                "{\"memberIdentifier\":\"7\"}",
                "{\"text\":\"cysa-1007\"}",
                "{\"dynamodb\":{\"Keys\":{\"memberIdentifier\":{\"S\":\"7\"}}}}",
                "{\"NewImage\":{\"members\":{\"L\":[{\"S\":\"8\"}]}}}",
                "not JSON 2020000004136762",
                "not JSON: vidar@test.com."
            })
    void aPersonIsNamed(String payload) {
        assertEquals(true, mentions.test(payload.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ussf_id\":\"12020000004136762\"}",
                "{\"ussf_id\":\"20200000041367621\"}",
                "{\"ussf_id\":\"2020000004136763\"}",
                "{\"email\":\"other-vidar@test.com\"}",
                "{\"email\":\"vidar@test.com.au\"}",
                "{\"email\":\"vidar@test-com\"}",
                "{\"license_id\":\"8\",\"rank\":8}",
                "{\"dynamodb\":{\"NewImage\":{\"rank\":{\"N\":\"7\"}}}}",
                "{\"text\":\"CYSA-10012\"}",
                "{\"n\":1e2000000000}",
                "{\"n\":-1e400}",
                "{\"n\":1e-2000000000}",
                "{\"text\":\"\\ud800\"}",
                "",
                "null"
            })
    void nobodyIsNamed(String payload) {
        assertEquals(false, mentions.test(payload.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whoever sends it: an erasure reads what is in quarantine. */
    @Test
    void nestingWithoutEndHidesNobody() {
        var deep = "[".repeat(999);

        assertEquals(false, mentions.test((deep + "]".repeat(999)).getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                true,
                mentions.test((deep + "\"2020000004136762\"" + "]".repeat(999)).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ussf_id\":\"2020000004136762\"}", ""})
    void whereThereIsNobodyNobodyIsNamed(String payload) {
        assertEquals(
                false,
                new PersonMentions(List.of(), List.of(), List.of()).test(payload.getBytes(StandardCharsets.UTF_8)));
    }
}
