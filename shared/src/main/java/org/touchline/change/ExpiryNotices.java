package org.touchline.change;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.catalog.CatalogStore;
import org.touchline.change.ExpiryCheckpoint.Start;
import org.touchline.change.ExpiryCheckpoint.Walk;
import org.touchline.change.NoticeDays.Notice;
import org.touchline.change.Surroundings.Whereabouts;
import org.touchline.license.EndingLicense;
import org.touchline.license.License;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells of licenses that end: entries of the history, each once for a person's license, its last day and the number of days (wire
 * contract §9, design rule 31). What is due is found by the index of licenses that end, page by page; what time ends, the next run
 * goes on with (design rule 32).
 *
 * <p>A notice has an id of what it tells, so that whatever is repeated within the two days that the history knows ids is one. Only
 * where that does not suffice is the person's history read: of what fell due on a day that has passed, and of whoever had another
 * USSF-ID.
 *
 * <p>Safe for use by several threads; one run works at a time (a lease). Every method throws {@code SdkException} if DynamoDB cannot do
 * it within the client's time limits; then it may be done again.
 */
public final class ExpiryNotices {
    private static final int PAGE = 200;
    private static final int HISTORY_PAGE = 200;

    /** So many licenses of a page are looked at at once. */
    private static final int AT_ONCE = 8;

    /** What a person's history is looked through for is among the newest of it. */
    private static final int MOST_READ = 2_000;

    /** So many that cannot be read are named in the log of a run; all are counted. */
    private static final int MOST_SAID = 20;

    private final int pageSize;
    private final LicenseStore licenses;
    private final ChangeHistory history;
    private final Histories histories;
    private final Supplier<Surroundings> surroundings;
    private final ProfileStore profiles;
    private final ExpiryCheckpoint checkpoint;
    private final NoticeDays days;
    private final OrganizationCalendar calendar;
    private final Consumer<String> log;

    /**
     * The notices of a stack.
     *
     * @param days when it is told
     * @param calendar tells which day it is
     * @param log is told, in a line without anything personal, of what is stored and cannot be read
     */
    public ExpiryNotices(
            LicenseStore licenses,
            ProfileStore profiles,
            MemberDirectory members,
            CatalogStore catalog,
            ChangeHistory history,
            ExpiryCheckpoint checkpoint,
            NoticeDays days,
            OrganizationCalendar calendar,
            Consumer<String> log) {
        this(PAGE, licenses, profiles, members, catalog, history, checkpoint, days, calendar, log);
    }

    /** The same with pages of so many licenses. */
    ExpiryNotices(
            int pageSize,
            LicenseStore licenses,
            ProfileStore profiles,
            MemberDirectory members,
            CatalogStore catalog,
            ChangeHistory history,
            ExpiryCheckpoint checkpoint,
            NoticeDays days,
            OrganizationCalendar calendar,
            Consumer<String> log) {
        this.pageSize = pageSize;
        this.licenses = licenses;
        this.profiles = profiles;
        this.history = history;
        this.histories = history.histories();
        this.surroundings = () -> new Surroundings(licenses, profiles, members, catalog, histories);
        this.checkpoint = checkpoint;
        this.days = days;
        this.calendar = calendar;
        this.log = log;
    }

    /** How far a run came. */
    public enum Progress {
        /** All that is due is told. */
        COMPLETE,
        /** Time ran out; the next run goes on. */
        UNFINISHED,
        /** Another run is at work, or there was nothing to go on with. */
        SKIPPED
    }

    /**
     * What a run did.
     *
     * @param through the day up to which all notices are given; null if none ever was
     * @param expiring how many notices of licenses that will end were given
     * @param expired how many of licenses that have ended
     * @param unreadable what of it could not be read, and was passed over (design rule 24)
     */
    public record Result(Progress progress, @Nullable LocalDate through, int expiring, int expired, int unreadable) {}

    /** Goes on with an unfinished walk, and gives the notices of all days up to today; those of today again if they are given. */
    public Result run(Deadline deadline) {
        return holding(start -> new Run(start, deadline).toToday());
    }

    /** Only goes on with an unfinished run. */
    public Result resume(Deadline deadline) {
        return holding(start -> start.unfinished() == null
                ? new Result(Progress.SKIPPED, start.through(), 0, 0, 0)
                : new Run(start, deadline).toToday());
    }

    private Result holding(Function<Start, Result> work) {
        var start = checkpoint.acquire();
        if (start.isEmpty()) {
            return new Result(Progress.SKIPPED, checkpoint.through().orElse(null), 0, 0, 0);
        }
        try {
            return work.apply(start.get());
        } finally {
            checkpoint.release(start.get().lease());
        }
    }

    /** One run, on one day. */
    private final class Run {
        private final Start start;
        private final Deadline deadline;
        private final LocalDate today = calendar.today();
        private @Nullable LocalDate through;
        private int expiring;
        private int expired;
        private final AtomicInteger unreadable = new AtomicInteger();

        Run(Start start, Deadline deadline) {
            this.start = start;
            this.deadline = deadline;
            this.through = start.through();
        }

        /** Days without a run are one walk; the first run, and another of the same day, are for the day alone. */
        Result toToday() {
            var walk = start.unfinished();
            if (walk != null && !finish(walk)) {
                return result(Progress.UNFINISHED);
            }
            if (walk == null || today.isAfter(walk.day())) {
                var yesterday = today.minusDays(1);
                var after = through == null || through.isAfter(yesterday) ? yesterday : through;
                if (!finish(new Walk(after, today, null))) {
                    return result(Progress.UNFINISHED);
                }
            }
            return result(Progress.COMPLETE);
        }

        private Result result(Progress progress) {
            return new Result(progress, through, expiring, expired, unreadable.get());
        }

        /** Whether it came to the walk's end: only then are all notices of its days kept (design rule 31). */
        private boolean finish(Walk walk) {
            var at = walk;
            for (var span : days.lastDays(walk.after(), walk.day())) {
                for (var full = true; full; ) {
                    if (deadline.remaining(calendar.clock()).isZero()) {
                        return false;
                    }
                    var page = licenses.ending(
                            span.first(), span.last(), at.position(), pageSize, () -> passOver("an end"));
                    full = page.size() == pageSize;
                    if (!page.isEmpty()) {
                        tell(page, walk.after());
                        at = at.at(page.getLast().position());
                        checkpoint.save(start.lease(), at);
                    }
                }
            }
            through = through == null || walk.day().isAfter(through) ? walk.day() : through;
            checkpoint.complete(start.lease(), through);
            return true;
        }

        private void tell(List<EndingLicense> page, LocalDate after) {
            // Before anything is read: who is erased after that is not told of.
            var now = calendar.clock().instant();
            var entries = new ArrayList<Entry>();
            for (var part : inParts(page, part -> {
                var around = surroundings.get();
                return part.stream()
                        .flatMap(license -> noticeIfReadable(license, after, around, now).stream())
                        .toList();
            })) {
                entries.addAll(part);
            }
            expiring += keep(entries, ChangeType.LICENSE_EXPIRING);
            expired += keep(entries, ChangeType.LICENSE_EXPIRED);
        }

        private int keep(List<Entry> entries, ChangeType type) {
            return history.append(
                    entries.stream().filter(entry -> entry.type() == type).toList());
        }

        /** One that cannot be read keeps nobody else from being told of theirs (design rule 24). */
        private Optional<Entry> noticeIfReadable(
                EndingLicense found, LocalDate after, Surroundings around, Instant now) {
            try {
                return notice(found, after, around, now);
            } catch (SdkException unanswered) {
                throw unanswered;
            } catch (RuntimeException odd) {
                passOver(found.licenseId() + " of " + found.ussfId() + " ("
                        + odd.getClass().getSimpleName() + ")");
                return Optional.empty();
            }
        }

        private void passOver(String what) {
            if (unreadable.incrementAndGet() <= MOST_SAID) {
                log.accept("no notice of what is stored and cannot be read: " + what);
            }
        }

        /** What is told of a license, as its row says now: the index follows a moment later. */
        private Optional<Entry> notice(EndingLicense found, LocalDate after, Surroundings around, Instant now) {
            var due = days.due(found.expirationDate(), after, today);
            if (due.isEmpty()) {
                return Optional.empty();
            }
            var whereabouts = around.whereabouts(found.ussfId(), found.licenseId());
            if (whereabouts.state().filter(license -> isHeld(license, found)).isEmpty()) {
                return Optional.empty();
            }
            var ussfId = whereabouts.present();
            var members = around.membersOf(ussfId, found.ussfId());
            if (members.isEmpty() || !isToBeTold(found, whereabouts, due.get())) {
                return Optional.empty();
            }
            var data = new JsonObject().put("ussfId", ussfId.value());
            var identifiers = data.putArray("memberIdentifiers");
            members.forEach(member -> identifiers.add(member.value()));
            around.describe(found.licenseId(), data);
            data.put("expirationDate", found.expirationDate().toString());
            var number = due.get().number();
            if (number != null) {
                data.put("notice", number).put("daysLeft", ChronoUnit.DAYS.between(today, found.expirationDate()));
            }
            var type = number == null ? ChangeType.LICENSE_EXPIRED : ChangeType.LICENSE_EXPIRING;
            return Optional.of(new Entry(id(found, ussfId, number, type), type, ussfId.value(), now, data));
        }

        private static boolean isHeld(License license, EndingLicense found) {
            return !license.removed() && found.expirationDate().equals(license.expirationDate());
        }

        /** Only what an id alone does not decide costs a look at the history. */
        private boolean isToBeTold(EndingLicense found, Whereabouts whereabouts, Notice notice) {
            var ids = new LinkedHashSet<>(whereabouts.ids());
            ids.addAll(profiles.formerIdsOf(whereabouts.present()));
            if (ids.size() == 1 && notice.due().equals(today)) {
                return true;
            }
            var past = past(ids, found);
            return past.stream().noneMatch(entry -> tells(entry, found, notice))
                    && !notice.due().isBefore(knownSince(past, found));
        }
    }

    private static String id(EndingLicense license, UssfId ussfId, @Nullable Integer number, ChangeType type) {
        return Entry.id(
                String.join(
                        "\n",
                        ussfId.value(),
                        license.licenseId().value(),
                        license.expirationDate().toString(),
                        Objects.toString(number, "")),
                type);
    }

    /** What happened to a license, newest first. */
    private List<Entry> past(Collection<UssfId> ids, EndingLicense license) {
        var past = new ArrayList<Entry>();
        var read = 0;
        for (Long below = null; ; ) {
            var page = histories.of(ids, List.of(), below, HISTORY_PAGE);
            page.entries().stream()
                    .filter(entry -> license.licenseId()
                            .value()
                            .equals(entry.data().path("licenseId").asText()))
                    .forEach(past::add);
            read += HISTORY_PAGE;
            below = page.next();
            if (below == null || read >= MOST_READ) {
                return past;
            }
        }
    }

    private static boolean tells(Entry entry, EndingLicense license, Notice notice) {
        var type = notice.number() == null ? ChangeType.LICENSE_EXPIRED : ChangeType.LICENSE_EXPIRING;
        return entry.type() == type
                && license.expirationDate()
                        .toString()
                        .equals(entry.data().path("expirationDate").asText())
                && (notice.number() == null
                        || notice.number()
                                .toString()
                                .equals(entry.data().path("notice").asText()));
    }

    /**
     * The day on which it was learned that the license ends on its last day. Of what the history says nothing about, that is long ago;
     * where it says something else, it has not followed yet, and that is today.
     */
    private LocalDate knownSince(List<Entry> past, EndingLicense license) {
        LocalDate since = null;
        for (var entry : past) {
            var after = entry.data().path("after");
            if (after.isMissingNode()) {
                continue;
            }
            if (!says(after, license)) {
                return since == null ? calendar.today() : since;
            }
            since = says(entry.data().path("before"), license)
                    ? LocalDate.MIN
                    : LocalDate.ofInstant(entry.time(), calendar.zone().get());
        }
        return since == null ? LocalDate.MIN : since;
    }

    private static boolean says(JsonValue state, EndingLicense license) {
        return state.path("status").asText().equals("active")
                && state.path("expirationDate")
                        .asText()
                        .equals(license.expirationDate().toString());
    }

    /** Several parts of a page at once. */
    private static <T, R> List<R> inParts(List<T> page, Function<List<T>, R> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var size = Math.ceilDiv(page.size(), AT_ONCE);
            var parts = new ArrayList<Future<R>>();
            for (var from = 0; from < page.size(); from += size) {
                var part = page.subList(from, Math.min(page.size(), from + size));
                parts.add(threads.submit(() -> work.apply(part)));
            }
            var results = new ArrayList<R>();
            for (var part : parts) {
                results.add(part.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }
}
