package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.ManyItems;
import org.touchline.embedded.Template;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The programs of {@code docs/reading.md} are run as they stand there, against a gateway that looks at their signatures. */
@Tag("long")
class ReadingTest {
    /** With ten thousand it is a tier of its own (CONTRIBUTING.md). */
    private static final int MEMBERS = Integer.getInteger("touchline.reading.members", 1_000);

    private static final Duration MOST = Duration.ofMinutes(1);
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalDate TODAY = LocalDate.now(NEW_YORK);
    private static final LocalDate MATCH_DAY = TODAY.plusDays(91);
    private static final Instant LEARNED = Instant.parse("2026-01-10T15:04:05Z");
    private static final String NOT_CLEARED = """
            M-000200 lacks safety_2
            M-000300 not known: safety_2
            M-000400 not known: safety_1, safety_2
            M-000500 no member on that day
            M-000600 no member on that day""";

    private static LocalRun run;
    private static IamGateway gateway;
    private static DynamoDbClient dynamoDb;
    private static Template template;
    private static MemberDirectory members;
    private static LicenseStore licenses;
    private static String document;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startWithManyMembers() throws Exception {
        var root = EmbeddedStack.projectRoot();
        document = Files.readString(root.resolve("docs/reading.md"));
        run = LocalRun.start(Settings.onFreePorts(root), new Output().stream());
        template = Template.read(root.resolve("template.yaml"), "touchline", Map.of());
        gateway = new IamGateway(run.endpoints().api(), template);
        dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder());
        members = new MemberDirectory(
                dynamoDb, template.table("MemberDirectoryTable").name());
        licenses =
                new LicenseStore(dynamoDb, template.table("LicenseStoreTable").name());
        // DynamoDB Local is slower with each record of a stream, and nobody here reads what changed.
        for (var store : List.of("MemberDirectoryTable", "LicenseStoreTable")) {
            dynamoDb.updateTable(
                    request -> request.tableName(template.table(store).name())
                            .streamSpecification(stream -> stream.streamEnabled(false)));
        }
        var cleared = List.of(new License("safety_1", null), new License("safety_2", MATCH_DAY));
        known(0, cleared);
        copyToAllOthers(0);
        licenses.apply(new License("referee_8", TODAY.plusDays(60)).of(ussfId(0)));
        licenses.apply(new License("referee_8", TODAY.plusDays(61)).of(ussfId(100)));
        known(
                200,
                List.of(
                        new License("safety_1", null),
                        new License("safety_2", MATCH_DAY.minusDays(1), LEARNED.plusSeconds(1))));
        licenses.apply(new License("safety_1", null).of(ussfId(MEMBERS)));
        put(300, ussfId(MEMBERS), true, null);
        put(400, null, true, null);
        put(500, ussfId(500), false, null);
        put(600, ussfId(600), true, MATCH_DAY.minusDays(1));
        put(700, ussfId(700), true, MATCH_DAY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        run.close();
    }

    /** Ten calls for a thousand members, in no time at all; and the answers to the three questions. */
    @Test
    void nightlyJobKeepsACopyOfEverybody() throws Exception {
        requires("python3", "-c", "import botocore");
        var job = Files.writeString(folder.resolve("job.py"), code("python", 0));
        assertTrue(Files.readAllLines(job).size() <= 25, "about twenty lines");
        var calls = MEMBERS / 100 + " calls; ";
        var begin = System.nanoTime();

        assertEquals(calls + MEMBERS + " members; left:", run("python3", job.toString()));

        var took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf(
                Locale.ROOT, "the nightly job read %,d members in %.1f s%n", MEMBERS, took.toMillis() / 1000.0);
        assertTrue(took.compareTo(MOST) < 0, took::toString);
        assertEquals("M-000000\nM-000100", sql(0, "day", TODAY.plusDays(60)));
        assertEquals("M-000100", sql(0, "day", TODAY.plusDays(61)));
        assertEquals("M-000000|referee_8|" + TODAY.plusDays(60), sql(1, "today", TODAY));

        members.delete(new MemberIdentifier("M-000999"), Owed.NOTHING);
        try {
            assertEquals(calls + (MEMBERS - 1) + " members; left: M-000999", run("python3", job.toString()));
        } finally {
            put(999, ussfId(999), true, null);
        }
    }

    @Test
    void pythonTellsWhoIsNotClearedOnMatchDay() throws Exception {
        requires("python3", "-c", "import botocore");
        var program = Files.writeString(folder.resolve("match.py"), code("python", 1));

        assertEquals(NOT_CLEARED, run("python3", program.toString(), MATCH_DAY.toString()));
    }

    @Test
    void nodeTellsWhoIsNotClearedOnMatchDay() throws Exception {
        requires("node", "-e", "fetch");
        var program = Files.writeString(folder.resolve("match.js"), code("js", 0));

        assertEquals(NOT_CLEARED, run("node", program.toString(), MATCH_DAY.toString()));
    }

    @Test
    void javaTellsWhoIsNotClearedOnMatchDay() throws Exception {
        var program = Files.writeString(folder.resolve("MatchDay.java"), code("java", 0));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertEquals(
                NOT_CLEARED,
                run(java, "-cp", System.getProperty("java.class.path"), program.toString(), MATCH_DAY.toString()));
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

    /** A member of whom a full answer was stored: nothing else makes {@code asOf}. */
    private static void known(int number, List<License> shown) {
        put(number, ussfId(number), true, null);
        licenses.takeOver(
                ussfId(number),
                () -> new ShownLicenses(
                        shown.stream()
                                .map(license -> license.of(ussfId(number)))
                                .toList(),
                        true),
                false,
                new OrganizationCalendar(InstantSource.system(), () -> NEW_YORK));
    }

    /** Their rows, with another identifier and another USSF-ID: to store ten thousand one by one takes minutes. */
    private static void copyToAllOthers(int model) {
        var directory = template.table("MemberDirectoryTable").name();
        var store = template.table("LicenseStoreTable").name();
        var member = dynamoDb.getItem(request -> request.tableName(directory)
                        .key(Map.of("memberIdentifier", AttributeValue.fromS(identifier(model)))))
                .item();
        var person = dynamoDb.query(request -> request.tableName(store)
                        .keyConditionExpression("pk = :person")
                        .expressionAttributeValues(Map.of(":person", AttributeValue.fromS("person#" + ussfId(model)))))
                .items();
        var others = IntStream.range(0, MEMBERS)
                .filter(number -> number != model)
                .boxed()
                .toList();
        ManyItems.put(
                dynamoDb,
                directory,
                others.stream().map(number -> copy(member, model, number)).toList());
        ManyItems.put(
                dynamoDb,
                store,
                others.stream()
                        .flatMap(number -> person.stream().map(row -> copy(row, model, number)))
                        .toList());
    }

    private static Map<String, AttributeValue> copy(Map<String, AttributeValue> row, int model, int number) {
        return ManyItems.copy(
                row,
                text -> text.replace(identifier(model), identifier(number))
                        .replace(ussfId(model).value(), ussfId(number).value()));
    }

    private static void put(int number, @Nullable UssfId ussfId, boolean active, @Nullable LocalDate expiresOn) {
        members.put(
                new Member(
                        new MemberIdentifier(identifier(number)),
                        "Vidar",
                        "Mlakar",
                        "v@test.com",
                        LocalDate.of(1999, 1, 1),
                        ussfId,
                        active,
                        expiresOn,
                        Map.of()),
                Owed.NOTHING);
    }

    private static String identifier(int number) {
        return String.format(Locale.ROOT, "M-%06d", number);
    }

    private static UssfId ussfId(int number) {
        return new UssfId(String.format(Locale.ROOT, "2020000004%06d", number));
    }

    private record License(String id, @Nullable LocalDate ends, Instant updatedAt) {
        License(String id, @Nullable LocalDate ends) {
            this(id, ends, LEARNED);
        }

        LicenseChange of(UssfId ussfId) {
            return new LicenseChange(ussfId, new LicenseId(id), LicenseState.ACTIVE, null, null, ends, updatedAt);
        }
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

    /** Skips a test on a machine where a command fails. */
    static void requires(String... command) {
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
