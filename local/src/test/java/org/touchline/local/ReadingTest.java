package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The programs of {@code docs/reading.md} are run as they stand there, against a gateway that looks at their signatures. */
class ReadingTest {
    private static final int MEMBERS = 1_000;
    private static final LocalDate TODAY = LocalDate.now(ZoneId.of("America/New_York"));

    private static LocalRun run;
    private static IamGateway gateway;
    private static MemberDirectory members;
    private static String document;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startWithAThousandMembers() throws Exception {
        var root = EmbeddedStack.projectRoot();
        document = Files.readString(root.resolve("docs/reading.md"));
        run = LocalRun.start(Settings.onFreePorts(root), new Output().stream());
        var template = Template.read(root.resolve("template.yaml"), "touchline", Map.of());
        gateway = new IamGateway(run.endpoints().api(), template);
        var dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder());
        members = new MemberDirectory(
                dynamoDb, template.table("MemberDirectoryTable").name());
        var licenses =
                new LicenseStore(dynamoDb, template.table("LicenseStoreTable").name());
        for (var number = 0; number < MEMBERS; number++) {
            // One in a hundred is known to have a USSF-ID.
            put(number, number % 100 == 0 ? ussfId(number) : null);
        }
        licenses.apply(license(ussfId(0), TODAY.plusDays(60)));
        licenses.apply(license(ussfId(100), TODAY.plusDays(61)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        run.close();
    }

    /** Ten calls for a thousand members; and the answers to the three questions. */
    @Test
    void nightlyJobKeepsACopyOfEverybody() throws Exception {
        requires("python3", "-c", "import botocore");
        var job = Files.writeString(folder.resolve("job.py"), code("python", 0));
        assertTrue(Files.readAllLines(job).size() <= 25, "about twenty lines");

        assertEquals("10 calls; 1000 members; left:", run("python3", job.toString()));
        assertEquals(
                "M-000000",
                sql(0, "day", TODAY.plusDays(60)).lines().findFirst().orElse(""));
        assertEquals("M-000100", sql(0, "day", TODAY.plusDays(61)));
        assertEquals("M-000000|referee_8|" + TODAY.plusDays(60), sql(1, "today", TODAY));

        members.delete(new MemberIdentifier("M-000999"), Owed.NOTHING);
        try {
            assertEquals("10 calls; 999 members; left: M-000999", run("python3", job.toString()));
        } finally {
            put(999, null);
        }
    }

    @Test
    void nodeReadsTheRoster() throws Exception {
        requires("node", "-e", "fetch");
        var program = Files.writeString(folder.resolve("roster.js"), code("js", 0));

        assertEquals("" + MEMBERS, run("node", program.toString()));
    }

    @Test
    void javaReadsTheRoster() throws Exception {
        var program = Files.writeString(folder.resolve("ReadRoster.java"), code("java", 0));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertEquals("" + MEMBERS, run(java, "-cp", System.getProperty("java.class.path"), program.toString()));
    }

    @Test
    void matchDayListsWhoLacksWhat() throws Exception {
        requires("python3", "-c", "import json");
        var program = Files.writeString(folder.resolve("match.py"), code("python", 1));
        var page = folder.resolve("page");
        Files.writeString(page, """
                {"members":[{"memberIdentifier":"A","asOf":"2026-01-01T00:00:00Z","licenses":[{"licenseId":"safety_1"},{"licenseId":"safety_2"}]},\
                {"memberIdentifier":"B","asOf":"2026-01-01T00:00:00Z","licenses":[{"licenseId":"safety_1"}]},\
                {"memberIdentifier":"C","asOf":null,"licenses":[]}]}
                """);

        assertEquals(
                "B lacks safety_2\nC not known", run("bash", "-c", "python3 '%s' < '%s'".formatted(program, page)));
    }

    /** The catalog's own words, so that nobody asks for a license that there is not. */
    @Test
    void licensesThatAClubAsksForAreTheCatalogs() throws Exception {
        var catalog = new String(
                Template.class
                        .getResourceAsStream("/org/touchline/embedded/learningcenter/license-catalog.csv")
                        .readAllBytes(),
                UTF_8);
        var table = document.substring(document.indexOf("## Which licenses"), document.indexOf("What is *not* known"));
        var ids = Pattern.compile("`((?:safety|referee|coach)_\\d+)`")
                .matcher(table)
                .results()
                .toList();

        assertTrue(ids.size() >= 8);
        for (var id : ids) {
            var line = catalog.lines()
                    .filter(each -> each.startsWith(id.group(1) + ","))
                    .findFirst()
                    .orElse("");
            var name = line.split(",").length > 1 ? line.split(",")[1] : "none";
            assertTrue(table.contains(name), () -> id.group(1) + " is " + name);
        }
    }

    private static void put(int number, @Nullable UssfId ussfId) {
        members.put(
                new Member(
                        new MemberIdentifier(String.format(Locale.ROOT, "M-%06d", number)),
                        "Vidar",
                        "Mlakar",
                        "v@test.com",
                        LocalDate.of(1999, 1, 1),
                        ussfId,
                        true,
                        null,
                        Map.of()),
                Owed.NOTHING);
    }

    private static UssfId ussfId(int number) {
        return new UssfId(String.format(Locale.ROOT, "2020000004%06d", number));
    }

    private static LicenseChange license(UssfId ussfId, LocalDate ends) {
        return new LicenseChange(
                ussfId,
                new LicenseId("referee_8"),
                LicenseState.ACTIVE,
                null,
                null,
                ends,
                Instant.parse("2026-01-10T15:04:05Z"));
    }

    private static String code(String language, int number) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .skip(number)
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    /** A question of the document to the copy, as Python's SQLite answers it. */
    private String sql(int number, String parameter, LocalDate day) throws Exception {
        var question = Arrays.stream(code("sql", 0).split(";"))
                .map(String::strip)
                .toList()
                .get(number);
        var ask = """
                import sqlite3, sys
                for row in sqlite3.connect("members.db").execute(sys.argv[1], {sys.argv[2]: sys.argv[3]}):
                    print(*row, sep="|")
                """;
        return run("python3", "-c", ask, question, parameter, day.toString());
    }

    private static void requires(String... command) {
        var name = command[0];
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Assumptions.assumeTrue(
                    process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0,
                    () -> "skipped: needs " + name + " with " + command[command.length - 1]);
        } catch (IOException missing) {
            Assumptions.abort("skipped: needs " + name);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private String run(String... command) throws Exception {
        var output = folder.resolve("output");
        var builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(output.toString()));
        builder.environment()
                .putAll(Map.of(
                        "API_URL", gateway.uri().toString(),
                        "AWS_REGION", IamGateway.REGION,
                        "AWS_ACCESS_KEY_ID", IamGateway.ACCESS_KEY_ID,
                        "AWS_SECRET_ACCESS_KEY", IamGateway.SECRET_ACCESS_KEY,
                        "AWS_SESSION_TOKEN", IamGateway.SESSION_TOKEN));
        var process = builder.start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "hangs");
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output).strip();
    }
}
