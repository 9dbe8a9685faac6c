package org.touchline.learningcenter.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;
import org.touchline.learningcenter.UserQuery;
import org.touchline.license.UssfId;

/** Wire contract §2: what we send. */
class ConnectCallTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    @Test
    void valuesArePercentEncoded() {
        var user = new UserQuery("a+b@test.com", "Zoë & Co", "O'Neil=?#", LocalDate.of(1999, 1, 1));

        assertEquals(
                "/users?email=a%2Bb%40test.com&first_name=Zo%C3%AB%20%26%20Co&last_name=O%27Neil%3D%3F%23&dob=1999-01-01",
                ConnectCall.users(user).target());
        assertEquals(
                "/background-checks/subsidies/a%2Fb%3Fc",
                ConnectCall.deleteSubsidy("a/b?c").target());
    }

    @Test
    void whatIsNotGivenIsNotSent() {
        assertEquals(
                "/users?email=a%40b.c",
                ConnectCall.users(UserQuery.byEmail("a@b.c")).target());
        assertEquals(
                "/users/2020000004136762/user-licenses",
                ConnectCall.licensesOf(VIDAR, null).target());
        assertEquals("/subscriptions?page=3", ConnectCall.subscriptions(3, null).target());
    }

    @Test
    void windowIsSentAsInstantsInUtc() {
        assertEquals(
                "/user-licenses?start_date=2026-02-27T12%3A00%3A00Z&end_date=2026-03-01T12%3A00%3A00.500Z&page=2",
                ConnectCall.userLicenses(
                                Instant.parse("2026-02-27T12:00:00Z"), Instant.parse("2026-03-01T12:00:00.5Z"), 2)
                        .target());
    }

    /** Rule 21. */
    @Test
    void nameHoldsNothingPersonal() {
        assertEquals(
                "GET /users/{ussf_id}/user-licenses",
                ConnectCall.licensesOf(VIDAR, LocalDate.of(1999, 1, 1)).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", ".."})
    void idThatWouldNameAnotherPathIsRefused(String subsidyId) {
        assertThrows(InvalidValueException.class, () -> ConnectCall.deleteSubsidy(subsidyId));
    }

    @Test
    void lookUpTakesAnAddressOrAllTheOthers() {
        assertThrows(InvalidValueException.class, () -> new UserQuery(null, "Vidar", "Mlakar", null));
    }
}
