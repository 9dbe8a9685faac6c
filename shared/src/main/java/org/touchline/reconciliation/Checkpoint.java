package org.touchline.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.reconciliation.Progress.Failure;
import org.touchline.reconciliation.Run.Pages;
import org.touchline.reconciliation.Run.Rows;
import org.touchline.reconciliation.Run.Status;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far reconciliation has come, in the table of the license store: {@code pk = reconciliation}, with {@code sk = checkpoint} for
 * the end of the last complete window, the unfinished one and the lease of the run at work (design rule 13),
 * {@code sk = window#<start>#<end>} for an unfinished window of one's own, and {@code sk = run#<when>} for a record of each run,
 * which DynamoDB deletes after 400 days.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Checkpoint {
    /** Longer than a page can take, retries included; it is renewed with each. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration RECORDS_KEPT = Duration.ofDays(400);

    /** For who asks for the same window of their own again (wire contract §7). */
    private static final Duration OWN_WINDOWS_KEPT = Duration.ofDays(1);

    private static final String PARTITION = "reconciliation";
    private static final String RUN = "run#";

    private static final String WINDOW = "windowStart = :start, windowEnd = :end, nextPage = :next, rowsTotal = :total,"
            + " failedPages = :failed, firstWindow = :first";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final Lease lease;

    /** @param clock tells whether a lease has expired */
    public Checkpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
        this.lease = new Lease(dynamoDb, table, key("checkpoint"), LEASE, clock);
    }

    /**
     * How far reconciliation has come.
     *
     * @param completeUntil the end of the last complete window; null if there was none
     * @param walkedUntil the end of the last window that is over, complete or not; null if there was none
     * @param firstStart the start of the very first window; null before it
     * @param wishedAt when the next window was wished for and could not be begun; null if it was begun since
     * @param unfinished the window to go on with; null if there is none
     */
    record State(
            @Nullable Instant completeUntil,
            @Nullable Instant walkedUntil,
            @Nullable Instant firstStart,
            @Nullable Instant wishedAt,
            @Nullable Progress unfinished) {
        static State of(Item item) {
            return new State(
                    item.instant("completeUntil"),
                    item.instant("walkedUntil"),
                    item.instant("firstStart"),
                    item.instant("wishedAt"),
                    progress(item));
        }
    }

    /** What a run that holds the lease begins with. */
    record Start(Held lease, State state) {}

    /** Keeps what becomes of a window, and the lease with it. */
    interface Keeper {
        /** How far it has been walked. */
        void save(Progress progress);

        /** Every page is applied. */
        void complete(Window window);

        /** It is over, but pages were passed over: nothing of it is left to go on with. */
        void walked(Window window);
    }

    /** The end of the last window that was applied completely; empty if none has been. */
    public Optional<Instant> completeUntil() {
        return Optional.ofNullable(item("checkpoint").instant("completeUntil"));
    }

    /**
     * Since when what changes may be missing: the end of the last complete window, and before there is one, when the Learning Center
     * was first asked, or could have been but for wrong credentials; empty before that.
     */
    public Optional<Instant> behindSince() {
        var item = item("checkpoint");
        return Optional.ofNullable(item.instant("completeUntil"))
                .or(() -> Optional.ofNullable(item.instant("askedSince")));
    }

    /**
     * How far it has come, for who looks on.
     *
     * @param completeUntil the end of the last window that was applied completely; null if none has been
     * @param unfinished whether there is a window to go on with
     */
    public record Standing(@Nullable Instant completeUntil, boolean unfinished) {}

    /** The key of what {@link #standing} reads, for who reads several items at once. */
    public static Map<String, AttributeValue> key() {
        return key("checkpoint");
    }

    /** How far it has come, of the item under {@link #key()}. */
    public static Standing standing(Item item) {
        return new Standing(item.instant("completeUntil"), item.has("windowStart"));
    }

    /**
     * A run of the past.
     *
     * @param at when it ended
     */
    public record PastRun(Instant at, Run run) {}

    /** The latest runs, those that walked a window of one's own included, the newest first: one request. */
    public List<PastRun> latestRuns(int most) {
        return dynamoDb
                .query(request -> request.tableName(table)
                        .keyConditionExpression("pk = :reconciliation AND begins_with(sk, :run)")
                        .expressionAttributeValues(new Item()
                                .with(":reconciliation", PARTITION)
                                .with(":run", RUN)
                                .attributes())
                        .scanIndexForward(false)
                        .limit(most))
                .items()
                .stream()
                .map(attributes -> pastRun(new Item(attributes)))
                .toList();
    }

    private static PastRun pastRun(Item item) {
        var pages = new Pages(
                (int) item.number("pages"), (int) item.number("lastPageDone"), (int) item.number("passedOver"));
        var rows = new Rows(
                (int) item.number("scanned"),
                (int) item.number("repaired"),
                (int) item.number("missed"),
                (int) item.number("quarantined"),
                (int) item.number("failed"),
                Duration.ofSeconds(item.number("latestSeconds")));
        return new PastRun(
                Instant.parse(item.text("sk").substring(RUN.length())),
                new Run(status(item), window(item), pages, rows, item.textOrNull("stoppedBy")));
    }

    private static Status status(Item item) {
        return Status.valueOf(item.text("status").toUpperCase(Locale.ROOT));
    }

    /** How far it has come, without taking the lease. */
    State look() {
        return State.of(item("checkpoint"));
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire().map(held -> new Start(held, State.of(held.item())));
    }

    /** Wishes for the next window, whoever is at work: it is begun once the one before is over. */
    void wish() {
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(key("checkpoint"))
                .updateExpression("SET wishedAt = :now")
                .expressionAttributeValues(
                        new Item().with(":now", clock.instant()).attributes()));
    }

    /** Begins the next window, before anything is asked. */
    void begin(Held held, Progress progress) {
        lease.renewAnd(
                held,
                WINDOW + (progress.first() ? ", firstStart = if_not_exists(firstStart, :start)" : "")
                        + " REMOVE wishedAt",
                values(progress));
    }

    /** Keeps the checkpoint's window. */
    Keeper keeper(Held held) {
        return new Keeper() {
            @Override
            public void save(Progress progress) {
                lease.renewAnd(
                        held,
                        WINDOW + ", askedSince = if_not_exists(askedSince, :now)",
                        new Item(values(progress)).with(":now", clock.instant()).attributes());
            }

            @Override
            public void complete(Window window) {
                forget(window, ", completeUntil = :end");
            }

            @Override
            public void walked(Window window) {
                forget(window, ", askedSince = if_not_exists(askedSince, :now)");
            }

            private void forget(Window window, String also) {
                var values = new Item().with(":end", window.end());
                if (also.contains(":now")) {
                    values.with(":now", clock.instant());
                }
                lease.renewAnd(
                        held,
                        "walkedUntil = :end" + also
                                + " REMOVE windowStart, windowEnd, nextPage, rowsTotal, failedPages, firstWindow",
                        values.attributes());
            }
        };
    }

    /** Keeps a window of one's own, for a day, beside the checkpoint. */
    Keeper keeperOfOwn(Held held, Window window) {
        return new Keeper() {
            @Override
            public void save(Progress progress) {
                lease.renew(held);
                var item = new Item(key(own(window)))
                        .with("windowStart", window.start())
                        .with("windowEnd", window.end())
                        .withNumber("nextPage", progress.nextPage())
                        .withNumber("rowsTotal", progress.total())
                        .withBoolean("firstWindow", progress.first())
                        .withNumber(
                                "expiresAt",
                                clock.instant().plus(OWN_WINDOWS_KEPT).getEpochSecond());
                item.attributes().put("failedPages", failedPages(progress));
                dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
            }

            @Override
            public void complete(Window done) {
                dynamoDb.deleteItem(request -> request.tableName(table).key(key(own(window))));
            }

            @Override
            public void walked(Window done) {
                complete(done);
            }
        };
    }

    /** How far a window of one's own was walked, less than a day ago; empty if it was not, or is over. */
    Optional<Progress> unfinished(Window own) {
        var item = item(own(own));
        // DynamoDB deletes late.
        var isGood = item.has("expiresAt")
                && Instant.ofEpochSecond(item.number("expiresAt")).isAfter(clock.instant());
        return isGood ? Optional.ofNullable(progress(item)) : Optional.empty();
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
    }

    /** Keeps a record of a run. */
    void record(Run run) {
        var now = clock.instant();
        var item = new Item(key(RUN + Item.sortable(now)))
                .with("status", run.status().wireName())
                .withNumber("pages", run.pages().read())
                .withNumber("scanned", run.rows().scanned())
                .withNumber("repaired", run.rows().repaired())
                .withNumber("missed", run.rows().missed())
                .withNumber("unchanged", run.rows().unchanged())
                .withNumber("quarantined", run.rows().quarantined())
                .withNumber("failed", run.rows().failed())
                .withNumber("passedOver", run.pages().passedOver())
                .with("stoppedBy", run.stoppedBy())
                .withNumber("latestSeconds", run.rows().latest().toSeconds())
                .withNumber("lastPageDone", run.pages().lastDone())
                .withNumber("expiresAt", now.plus(RECORDS_KEPT).getEpochSecond());
        if (run.window() != null) {
            item.with("windowStart", run.window().start())
                    .with("windowEnd", run.window().end());
        }
        dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
    }

    private static Map<String, AttributeValue> values(Progress progress) {
        var values = new Item()
                .with(":start", progress.window().start())
                .with(":end", progress.window().end())
                .withNumber(":next", progress.nextPage())
                .withNumber(":total", progress.total())
                .withBoolean(":first", progress.first());
        values.attributes().put(":failed", failedPages(progress));
        return values.attributes();
    }

    /** A map from a page's number to in how many runs it failed and, behind a space, why. */
    private static AttributeValue failedPages(Progress progress) {
        return AttributeValue.fromM(progress.failures().entrySet().stream()
                .collect(Collectors.toMap(
                        page -> page.getKey().toString(),
                        page -> AttributeValue.fromS(
                                page.getValue().runs() + " " + page.getValue().why()))));
    }

    private static Map<Integer, Failure> failures(Item item) {
        return item.texts("failedPages").entrySet().stream()
                .collect(Collectors.toMap(page -> Integer.valueOf(page.getKey()), page -> {
                    var runsAndWhy = page.getValue().split(" ", 2);
                    return new Failure(Integer.parseInt(runsAndWhy[0]), runsAndWhy[1]);
                }));
    }

    private static @Nullable Progress progress(Item item) {
        var window = window(item);
        return window == null
                ? null
                : new Progress(
                        window,
                        (int) item.number("nextPage"),
                        (int) item.number("rowsTotal"),
                        failures(item),
                        item.flag("firstWindow"));
    }

    private static @Nullable Window window(Item item) {
        var start = item.instant("windowStart");
        var end = item.instant("windowEnd");
        return start == null || end == null ? null : new Window(start, end);
    }

    private Item item(String sk) {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key(sk)).consistentRead(true));
        return new Item(answer.item());
    }

    private static String own(Window window) {
        return "window#" + window.start() + "#" + window.end();
    }

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", PARTITION).with("sk", sk).attributes();
    }
}
