package org.touchline.enrollment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.JsonValue;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.member.RefusedMemberException;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Puts many members in at once (wire contract §7). They are read first, a hundred a request, and only who differs is put in: each
 * with what that owes in a transaction of their own, so that nobody is stored and not enrolled, some side by side. The same import
 * again writes nothing and asks nobody (design rule 4); so whatever an import did not come to is done by the same one once more.
 */
public final class MemberImport {
    private static final int CHUNK = 500;
    /** New members are all in one partition of the index by status, which takes a thousand writes a second. */
    private static final int SIDE_BY_SIDE = 16;

    /** Then DynamoDB is not to be had, and the rest need not try. */
    private static final int MOST_FAILURES_IN_A_ROW = SIDE_BY_SIDE;

    private final MemberDirectory members;
    private final MemberIntake intake;
    private final OrganizationCalendar calendar;

    /** @param calendar nobody is born after its today */
    public MemberImport(MemberDirectory members, MemberIntake intake, OrganizationCalendar calendar) {
        this.members = members;
        this.intake = intake;
        this.calendar = calendar;
    }

    /**
     * What came of it. Each member of the list is in one of the three, but for those whose identifier comes again further down.
     *
     * @param stored members who are new or were changed
     */
    public record Result(int stored, int unchanged, List<Rejected> rejected) {
        public Result {
            rejected = List.copyOf(rejected);
        }
    }

    /**
     * A member who was not stored.
     *
     * @param memberIdentifier as it was given; null if it was not
     * @param reason names the field, and what it should be
     */
    public record Rejected(@Nullable String memberIdentifier, String reason) {}

    /**
     * Puts members in. Of a repeated identifier the last one counts. Who is not come to before the deadline is rejected with that as
     * the reason, as is who was not answered for.
     *
     * @param list what somebody sent for each: an object as in {@code PUT /members}, with {@code memberIdentifier}
     * @param journal is told how far it has come; nothing personal
     * @throws SdkException if DynamoDB cannot do it again and again; what was stored until then stays
     */
    public Result run(List<JsonValue> list, Deadline deadline, Consumer<String> journal) {
        try (var threads =
                Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofVirtual().factory())) {
            return new Run(deadline, threads).run(list, journal);
        }
    }

    private enum Outcome {
        STORED,
        UNCHANGED,
        NOT_COME_TO,
        NOT_ANSWERED,
        NOT_READ
    }

    private final class Run {
        private final Deadline deadline;
        private final ExecutorService threads;
        private final List<Rejected> rejected = new ArrayList<>();
        private int stored;
        private int unchanged;
        private int failuresInARow;

        Run(Deadline deadline, ExecutorService threads) {
            this.deadline = deadline;
            this.threads = threads;
        }

        Result run(List<JsonValue> list, Consumer<String> journal) {
            var wanted = read(list);
            var all = wanted.size() + rejected.size();
            for (var from = 0; from < wanted.size(); from += CHUNK) {
                putIn(wanted.subList(from, Math.min(wanted.size(), from + CHUNK)));
                journal.accept(String.format(
                        Locale.ROOT,
                        "import: %d of %d members still to do; %d stored, %d unchanged, %d rejected",
                        all - stored - unchanged - rejected.size(),
                        all,
                        stored,
                        unchanged,
                        rejected.size()));
            }
            return new Result(stored, unchanged, rejected);
        }

        /** The members of a list, the last of each identifier. */
        private List<Member> read(List<JsonValue> list) {
            var last = new LinkedHashMap<MemberIdentifier, JsonValue>();
            for (var i = 0; i < list.size(); i++) {
                var json = list.get(i);
                try {
                    last.put(identifier(json), json);
                } catch (RefusedMemberException refused) {
                    rejected.add(new Rejected(
                            givenIdentifier(json), refused.getMessage() + " (no. " + (i + 1) + " of the list)"));
                }
            }
            var wanted = new ArrayList<Member>();
            var today = calendar.today();
            last.forEach((identifier, json) -> {
                try {
                    wanted.add(MemberJson.read(identifier, json, today));
                } catch (RefusedMemberException refused) {
                    rejected.add(new Rejected(givenIdentifier(json), refused.getMessage()));
                }
            });
            return wanted;
        }

        private void putIn(List<Member> some) {
            var known = noTimeIsLeft() ? Map.<MemberIdentifier, EnrolledMember>of() : known(some);
            var outcomes = new LinkedHashMap<Member, Future<Outcome>>();
            for (var member : some) {
                var before = known.get(member.identifier());
                outcomes.put(
                        member,
                        before != null && before.member().equals(member)
                                ? CompletableFuture.completedFuture(Outcome.UNCHANGED)
                                : threads.submit(() -> putIn(member)));
            }
            outcomes.forEach((member, outcome) -> count(member, await(outcome)));
        }

        /** If one of them cannot be read, or DynamoDB does not answer, each is looked at alone when it is put in (design rule 24). */
        private Map<MemberIdentifier, EnrolledMember> known(List<Member> some) {
            try {
                return members.findAll(some.stream().map(Member::identifier).collect(Collectors.toSet()));
            } catch (RuntimeException oneOfThem) {
                return Map.of();
            }
        }

        /** One time-out among thousands is no outage: that one member waits for the next import (design rule 24). */
        private Outcome await(Future<Outcome> outcome) {
            try {
                var answered = outcome.get();
                failuresInARow = 0;
                return answered;
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof SdkException && ++failuresInARow < MOST_FAILURES_IN_A_ROW) {
                    return Outcome.NOT_ANSWERED;
                }
                if (failed.getCause() instanceof RuntimeException && !(failed.getCause() instanceof SdkException)) {
                    return Outcome.NOT_READ;
                }
                threads.shutdownNow();
                throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
            } catch (InterruptedException stopped) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while members were put in", stopped);
            }
        }

        private Outcome putIn(Member member) {
            if (noTimeIsLeft()) {
                return Outcome.NOT_COME_TO;
            }
            return intake.putIfChanged(member) ? Outcome.STORED : Outcome.UNCHANGED;
        }

        private void count(Member member, Outcome outcome) {
            switch (outcome) {
                case STORED -> stored++;
                case UNCHANGED -> unchanged++;
                case NOT_COME_TO -> reject(member, "not stored: the time ran out; import the same list again");
                case NOT_READ -> reject(member, "not stored: what is stored of this member cannot be read");
                case NOT_ANSWERED ->
                    reject(member, "perhaps not stored: DynamoDB did not answer in time; import the same list again");
            }
        }

        private void reject(Member member, String reason) {
            rejected.add(new Rejected(member.identifier().value(), reason));
        }

        private boolean noTimeIsLeft() {
            return deadline.remaining(calendar.clock()).isZero();
        }
    }

    private static MemberIdentifier identifier(JsonValue json) {
        if (!json.isObject()) {
            throw new RefusedMemberException("members", "a member is a JSON object");
        }
        if (!json.path("memberIdentifier").isTextual()) {
            throw new RefusedMemberException("memberIdentifier", "required, a text");
        }
        try {
            return MemberIdentifier.parse(json.path("memberIdentifier").asText());
        } catch (InvalidValueException invalid) {
            throw new RefusedMemberException("memberIdentifier", invalid.getMessage());
        }
    }

    private static @Nullable String givenIdentifier(JsonValue json) {
        var given = json.path("memberIdentifier");
        return given.isValueNode() && !given.isNull() && Json.isWellFormed(given) ? given.asText() : null;
    }
}
