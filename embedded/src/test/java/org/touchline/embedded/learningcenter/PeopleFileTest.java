package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.embedded.EmbeddedStack;

/** People from a file: who is in it is there, and what cannot be read says in which line. */
class PeopleFileTest {
    private static final String ADA = "2030000000000001";
    private static final String ADAS_LINE = """
            {"ussf_id":"2030000000000001","first_name":"Ada","last_name":"Łoś","email":"ada@example.org","dob":"1990-02-03"}""";

    @TempDir
    private Path folder;

    @AutoClose
    private final LearningCenterSimulator simulator = LearningCenterSimulator.builder()
            .clock(new SetClock("2026-05-01T12:00:00Z"))
            .start();

    @Test
    void peopleOfTheFileAreThereBesideTheTestUsersWithTheirLicenses() throws IOException {
        simulator.addPeople(file("\uFEFF" + ADAS_LINE.replace("}", """
                ,"referee_experience":4,"licenses":[
                {"license_id":"referee_8"},
                {"license_id":"coach_5","action":"removed","issuer":"Cal North","issue_date":"2024-01-02",
                "expiration_date":"2025-12-31","updated_at":"2025-12-01T00:00:00.5Z"}]}""".replace("\n", "")) + """
                \r

                {"count":3}
                """));

        assertEquals(7 + 1 + 3, simulator.people().size());
        var ada = simulator.people().get(7);
        assertEquals(
                new Person(
                        ADA, "Ada", "Łoś", "ada@example.org", LocalDate.of(1990, 2, 3), 4, GrassrootsCertificate.NONE),
                ada);
        assertEquals(
                List.of(
                        new UserLicense(
                                ADA,
                                LicenseAction.REMOVED,
                                "coach_5",
                                "Cal North",
                                LocalDate.of(2024, 1, 2),
                                LocalDate.of(2025, 12, 31),
                                Instant.parse("2025-12-01T00:00:00.5Z")),
                        new UserLicense(
                                ADA,
                                LicenseAction.ADDED,
                                "referee_8",
                                "U.S. Soccer",
                                LocalDate.of(2026, 5, 1),
                                null,
                                Instant.parse("2026-05-01T12:00:00Z"))),
                simulator.licenses(ADA));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ussf_id is not 16 digits       | {'ussf_id':'1','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01'}
            dob cannot be read             | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'c','dob':'1990-02-30'}
            email is missing               | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','dob':'1990-01-01'}
            is in line 1 already           | {'ussf_id':'2030000000000001','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01'}
            email belongs to               | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'ada@example.org','dob':'1990-01-01'}
            licenses is no list            | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01','licenses':5}
            license_id is missing          | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01','licenses':[5]}
            expiration_date cannot be read | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01','licenses':[{'license_id':'a','expiration_date':'soon'}]}
            count is not between 1 and     | {'count':0}
            shoe cannot be read            | {'ussf_id':'2030000000000002','first_name':'A','last_name':'B','email':'c','dob':'1990-01-01','shoe':41}
            a JSON object is expected      | [1]
            is not JSON                    | {'count':
            """)
    void whatCannotBeReadSaysInWhichLine(String reason, String line) throws IOException {
        var file = file(ADAS_LINE + "\n\n" + line.replace('\'', '"') + "\n");

        var message = assertThrows(IllegalArgumentException.class, () -> simulator.addPeople(file))
                .getMessage();

        assertTrue(message.startsWith("line 3: ") && message.contains(reason), message);
        assertEquals(8, simulator.people().size(), "nobody of the bad line is there");
    }

    @Test
    void peopleOfThePageAreTaken() throws IOException {
        simulator.addPeople(file(page().split("```json\n")[1].split("```")[0]));

        assertEquals(7 + 2 + 1000, simulator.people().size());
    }

    @Test
    void whatThePageLetsHappenHappens() throws IOException {
        var told = Pattern.compile("`curl(?: -X (\\w+))? \\$S(/\\S+)(?: -d '(.*?)')?`")
                .matcher(page())
                .results()
                .toList();
        // As bin/simulator does where no URL is set.
        simulator.webhooksTo(Map.of(), "key");
        try (var client = ConnectClient.loggedInto(simulator)) {
            for (var each : told) {
                var body = Objects.requireNonNullElse(each.group(3), "");
                var method = Objects.requireNonNullElse(each.group(1), body.isEmpty() ? "GET" : "POST");

                assertEquals(200, client.control(method, each.group(2), body).status(), each.group());
            }
        }
        assertEquals(12, told.size());
    }

    private static String page() throws IOException {
        return Files.readString(EmbeddedStack.projectRoot().resolve("docs/conformance.md"));
    }

    @Test
    void anotherEncodingSaysInWhichLine() throws IOException {
        var file = Files.write(
                folder.resolve("people.jsonl"),
                ("{\"count\":1}\n" + ADAS_LINE.replace("Łoś", "Loś"))
                        .replace("ś", "ÿ")
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(
                "line 2: is not UTF-8",
                assertThrows(IllegalArgumentException.class, () -> simulator.addPeople(file))
                        .getMessage());
    }

    @Test
    void fileThatThereIsNotSaysSo() {
        assertThrows(UncheckedIOException.class, () -> simulator.addPeople(folder.resolve("none")));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("people.jsonl"), text);
    }
}
