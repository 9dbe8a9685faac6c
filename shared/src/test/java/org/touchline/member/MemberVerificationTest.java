package org.touchline.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.member.Members.member;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.time.OrganizationCalendar;

/** Design §4. */
class MemberVerificationTest {
    private final Calls calls = new Calls();
    /** A minute before midnight of the last day of 2026 in New York. */
    private final MutableClock clock = new MutableClock("2027-01-01T04:59:00Z");

    private TestStack stack;
    private MemberDirectory members;
    private MemberVerification verification;

    @BeforeEach
    void createDirectory() {
        stack = Backend.EMBEDDED.newStack();
        members = new MemberDirectory(calls.listening(stack.dynamoDb()), stack.table("MemberDirectoryTable"));
        verification =
                new MemberVerification(members, new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York")));
    }

    @AfterEach
    void deleteDirectory() {
        stack.close();
    }

    @Test
    void memberIsFoundHoweverTheNumberIsTyped() {
        Members.put(members, member("AB-12", ""));

        assertEquals("Tim", verification.verify(" ab-12 ").orElseThrow().firstName());
    }

    @Test
    void unknownAndInactiveMembersAreNotValid() {
        Members.put(members, member("A1", "\"active\":false"));

        assertTrue(verification.verify("A1").isEmpty());
        assertTrue(verification.verify("A2").isEmpty());
    }

    @Test
    void membershipIsGoodThroughItsLastDayInTheOrganizationsTimeZone() {
        Members.put(members, member("A1", "\"expiresOn\":\"2026-12-31\""));

        assertTrue(verification.verify("A1").isPresent());
        clock.advance(Duration.ofMinutes(1));
        assertTrue(verification.verify("A1").isEmpty());
    }

    /** The budget of design §6. */
    @Test
    void costsOneRequestAndNoneWhereTheTextCannotBeAnIdentifier() {
        verification.verify("A1");
        assertEquals(List.of("GetItem"), calls.drain());

        verification.verify("no/identifier");
        assertEquals(List.of(), calls.drain());
    }

    @ParameterizedTest
    @CsvSource({
        "Smith, Smith",
        "Smith Jr, Smith",
        "'Smith, Jr.', Smith",
        "'Smith , sr', Smith",
        "SMITH III, SMITH",
        "Smith Jr III, Smith Jr",
        "Smith\u00a0Jr, Smith",
        "Smith iv., Smith",
        "Smith II, Smith",
        "'de la Cruz, Jr', de la Cruz",
        "Jr, Jr",
        "III, III",
        "', Jr', ', Jr'",
        "Smithjr, Smithjr",
        "Smith V, Smith V",
        "Smith-Jr, Smith-Jr",
        "Ivy, Ivy",
        "Jr Smith, Jr Smith",
    })
    void lastNameLosesASuffixThatFollowsAnotherWord(String given, String sent) {
        assertEquals(sent, MemberVerification.withoutSuffix(given));
    }
}
