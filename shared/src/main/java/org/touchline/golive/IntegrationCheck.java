package org.touchline.golive;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.InvalidValueException;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.UserMatch.Match;
import org.touchline.learningcenter.UserQuery;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.wire.AnswerShapes;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;

/**
 * The check before going live (source document, steps 1 to 7 and 11 to 13): each call once against the Learning Center that is
 * configured, the two errors on which enrollments depend, and each webhook drilled and awaited. Where an answer differs from the wire
 * contract, it says in which field.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class IntegrationCheck {
    /** The source document's test users, whose e-mail addresses follow from their ids. */
    private static final List<UssfId> TEST_USERS = List.of(
            new UssfId("2020000004136762"),
            new UssfId("2020000004152809"),
            new UssfId("2020000004149753"),
            new UssfId("2020000004149609"),
            new UssfId("2020000004149517"),
            new UssfId("2020000004136629"),
            new UssfId("2019000004136364"));

    /** Who is looked at unless somebody else is named. */
    public static final UssfId FIRST_TEST_USER = TEST_USERS.getFirst();

    /** What one line can tell: rows may differ among themselves. */
    private static final int MOST_DIFFERENCES = 12;

    private static final Duration TIME_FOR_A_CALL = Duration.ofSeconds(30);

    /** Of which changes are asked for. */
    private static final Duration WINDOW = Duration.ofDays(7);

    /** Nobody has it. */
    private static final UssfId IMPOSSIBLE_USSF_ID = new UssfId("0000000000000000");

    /** Nobody who lives was born then. */
    private static final LocalDate IMPOSSIBLE_BIRTH_DATE = LocalDate.of(1850, 1, 1);

    private static final String SECRETS = "secrets";
    private static final String LOGIN = "login";
    private static final String UNSUBSCRIPTION = "unsubscription";

    private static final String LICENSES_CALL = "GET /users/{ussf_id}/user-licenses";

    private final Map<String, Runnable> secrets;
    private final LearningCenterClient learningCenter;
    private final AnswerShapes shapes;
    private final MemberDirectory members;
    private final WebhookDrills drills;
    private final Extras extras;
    private final Pacing pacing;

    /**
     * A check of what is configured.
     *
     * @param secrets by what they are; each reads its secret anew, and throws {@link UnusableSecretException} if it is not of its form
     * @param shapes remembers what that Learning Center answered
     * @param extras what the organization wants beside the licenses: a refusal of the rest is named, and no failure
     */
    public IntegrationCheck(
            Map<String, Runnable> secrets,
            LearningCenterClient learningCenter,
            AnswerShapes shapes,
            MemberDirectory members,
            WebhookDrills drills,
            Extras extras,
            Pacing pacing) {
        this.secrets = secrets;
        this.learningCenter = learningCenter;
        this.shapes = shapes;
        this.members = members;
        this.drills = drills;
        this.extras = extras;
        this.pacing = pacing;
    }

    /**
     * One thing that was looked at.
     *
     * @param summary what was seen, or what to do about it; nothing personal
     * @param answered what the Learning Center said itself, for the person who asked and for no log (design rule 21); empty if that
     *     adds nothing
     */
    public record Check(String name, boolean passed, String summary, String answered) {
        /** All of it. */
        public String detail() {
            return summary + answered;
        }
    }

    /**
     * A check that is to be made by itself.
     *
     * @param name of the check
     * @param unsubscribes whether the subscription is the check's own, and ends with it
     */
    public record Position(String name, boolean unsubscribes) {
        /** Where a check begins. */
        public static final Position FIRST = new Position(SECRETS, false);
    }

    /**
     * One check, made by itself.
     *
     * @param next which one follows; null after the last
     */
    public record Single(Check check, @Nullable Position next) {}

    /**
     * Checks everything, in the order of the source document.
     *
     * @param told each check as it is done, for whoever waits
     */
    public List<Check> run(UssfId ussfId, Deadline deadline, Consumer<Check> told) {
        return new Run(ussfId, false, deadline, told).all();
    }

    /**
     * Makes one check of those that {@link #run} makes, for whoever wants to see each at once. Webhooks are drilled one after the
     * other then.
     *
     * @throws InvalidValueException if there is no check of that name
     */
    public Single runOne(UssfId ussfId, Position at, Deadline deadline, Consumer<Check> told) {
        return new Run(ussfId, at.unsubscribes(), deadline, told).one(at.name());
    }

    /** What a step saw. */
    @FunctionalInterface
    private interface Step {
        /** @throws StepFailedException if it is not as it should be */
        String look(Deadline deadline);
    }

    /** What a step saw is not as it should be; the message says what to do. */
    private static final class StepFailedException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        StepFailedException(String message) {
            super(message);
        }
    }

    private final class Run {
        private final UssfId ussfId;
        private final Deadline deadline;
        private final Consumer<Check> told;
        private final List<Check> checks = new ArrayList<>();
        /** Those before the drills, by name. */
        private final Map<String, Runnable> calls = new LinkedHashMap<>();

        private boolean unsubscribes;

        Run(UssfId ussfId, boolean unsubscribes, Deadline deadline, Consumer<Check> told) {
            this.ussfId = ussfId;
            this.unsubscribes = unsubscribes;
            this.deadline = deadline;
            this.told = told;
            calls.put(SECRETS, this::checkSecrets);
            call(LOGIN, "POST /login", this::login);
            call("refresh", "POST /refresh-token", this::refresh);
            call("catalog", "GET /licenses", this::catalog);
            call("user look-up", "GET /users", this::lookUp);
            call("licenses", LICENSES_CALL, this::licenses);
            optionalCall(
                    "referee experience",
                    "GET /users/{ussf_id}/referee-experience",
                    extras.refereeExperience(),
                    this::refereeExperience);
            optionalCall(
                    "grassroots certificate",
                    "GET /users/{ussf_id}/grassroots-referee-certificate",
                    extras.grassrootsCertificate(),
                    this::grassrootsCertificate);
            call("user-licenses window", "GET /user-licenses", this::window);
            error("another birth date", this::provokeOtherBirthDate);
            error("unknown USSF-ID", this::provokeUnknownUssfId);
            call("subscription", "GET /subscriptions", this::subscription);
        }

        private void call(String name, String call, Step step) {
            calls.put(name, () -> check(name, call, step));
        }

        private void optionalCall(String name, String call, boolean wanted, Step step) {
            calls.put(name, () -> checkOptional(name, call, wanted, step));
        }

        private void error(String name, Consumer<String> provoke) {
            calls.put(name, () -> provoke.accept(name));
        }

        List<Check> all() {
            for (var call : calls.entrySet()) {
                call.getValue().run();
                if (isTheEnd(call.getKey())) {
                    return checks;
                }
            }
            drill(WebhookDrills.NAMES);
            if (endsItsSubscription()) {
                unsubscribe();
            }
            return checks;
        }

        Single one(String name) {
            if (calls.containsKey(name)) {
                calls.get(name).run();
            } else if (WebhookDrills.NAMES.contains(name)) {
                drill(List.of(name));
            } else if (name.equals(UNSUBSCRIPTION)) {
                unsubscribe();
            } else {
                throw new InvalidValueException("there is no check of that name");
            }
            return new Single(checks.getLast(), after(name));
        }

        private @Nullable Position after(String name) {
            var names = new ArrayList<>(calls.keySet());
            names.addAll(WebhookDrills.NAMES);
            if (endsItsSubscription()) {
                names.add(UNSUBSCRIPTION);
            }
            var next = names.indexOf(name) + 1;
            return isTheEnd(name) || next == 0 || next == names.size()
                    ? null
                    : new Position(names.get(next), unsubscribes);
        }

        /** Who cannot log in can ask for nothing else. */
        private boolean isTheEnd(String name) {
            return name.equals(LOGIN) && !checks.getLast().passed();
        }

        private void drill(List<String> webhooks) {
            drills.run(webhooks, ussfId, isHeld(), deadline)
                    .forEach((webhook, drill) -> add(new Check(webhook, drill.arrived(), drill.detail(), "")));
        }

        private boolean endsItsSubscription() {
            return unsubscribes && !isHeld();
        }

        private void unsubscribe() {
            check(UNSUBSCRIPTION, "DELETE /users/{ussf_id}/subscriptions", this::unsubscription);
        }

        /** As they are now: the functions may still work with what they read before (design rule 19). */
        private void checkSecrets() {
            var unusable = new ArrayList<String>();
            for (var secret : secrets.values()) {
                try {
                    secret.run();
                } catch (UnusableSecretException problem) {
                    unusable.add(problem.getMessage());
                }
            }
            var detail = unusable.isEmpty()
                    ? String.join(", ", secrets.keySet()) + ": each is of its form"
                    : String.join("; ", unusable);
            add(new Check(SECRETS, unusable.isEmpty(), detail, ""));
        }

        /** @param call whose answer it looks at, as the wire contract names it */
        private void check(String name, String call, Step step) {
            try {
                add(new Check(name, true, step.look(soon()) + differing(call), ""));
            } catch (RefusedException refused) {
                add(new Check(name, false, refused.getMessage(), said(refused)));
            } catch (LearningCenterException | UnusableSecretException | StepFailedException failed) {
                fail(name, call, failed.getMessage());
            }
        }

        /** The same for what no enrollment depends on (design rule 24). */
        private void checkOptional(String name, String call, boolean wanted, Step step) {
            try {
                add(new Check(name, true, step.look(soon()) + differing(call), ""));
            } catch (RefusedException refused) {
                var goesOn = wanted
                        ? "; members are enrolled without it: ask U.S. Soccer for the path, and whether it is answered so for"
                                + " whoever is no referee"
                        : "; it is optional, and this stack does not ask for it but where a webhook names it";
                add(new Check(name, !wanted, refused.getMessage() + goesOn, answered(call)));
            } catch (LearningCenterException | UnusableSecretException failed) {
                fail(name, call, failed.getMessage());
            }
        }

        private void provokeOtherBirthDate(String name) {
            provoke(
                    name,
                    BirthDateMismatchException.class,
                    soon -> learningCenter.licenses(ussfId, IMPOSSIBLE_BIRTH_DATE, soon),
                    "the USSF-ID of somebody else will not be told from refusals: a member with one stays pending",
                    "the birth date is not compared: the USSF-ID of somebody else is taken for a member's");
        }

        private void provokeUnknownUssfId(String name) {
            provoke(
                    name,
                    UnknownUssfIdException.class,
                    soon -> learningCenter.licenses(IMPOSSIBLE_USSF_ID, soon),
                    "unknown ids will not be told from refusals: a member with one stays pending",
                    "unknown ids will not be told from people without licenses, nor from refusals");
        }

        /**
         * Asks for one of the errors of wire contract §2, on which it depends who is enrolled.
         *
         * @param otherwise what follows where it is another error
         * @param noError what follows where it is none
         */
        private void provoke(
                String name,
                Class<? extends LearningCenterException> expected,
                Consumer<Deadline> call,
                String otherwise,
                String noError) {
            var follows = noError;
            try {
                call.accept(soon());
            } catch (LearningCenterUnavailableException | UnusableSecretException failed) {
                fail(name, LICENSES_CALL, failed.getMessage());
                return;
            } catch (LearningCenterException error) {
                if (expected.isInstance(error)) {
                    add(new Check(name, true, "answered as the wire contract says", ""));
                    return;
                }
                follows = otherwise;
            }
            add(new Check(name, false, "not answered as the wire contract says: " + follows, answered(LICENSES_CALL)));
        }

        private String answered(String call) {
            return "; it was answered " + shapes.excerpt(call);
        }

        private static String said(RefusedException refused) {
            return refused.reason().isEmpty() ? "" : ": " + refused.reason();
        }

        private void fail(String name, String call, String reason) {
            add(new Check(name, false, reason + differing(call), ""));
        }

        private Deadline soon() {
            return deadline.orEarlier(pacing.now().plus(TIME_FOR_A_CALL));
        }

        private void add(Check check) {
            checks.add(check);
            told.accept(check);
        }

        private String login(Deadline soon) {
            var session = learningCenter.session();
            session.allowOneLogin();
            session.logInAgain(session.accessToken(soon), soon);
            return "username and password are accepted";
        }

        private String refresh(Deadline soon) {
            var session = learningCenter.session();
            session.refresh(session.accessToken(soon), soon);
            return "the refresh token gives new tokens";
        }

        private String catalog(Deadline soon) {
            var catalog = learningCenter.catalog(soon);
            if (catalog.isEmpty()) {
                throw new StepFailedException("the list of licenses is empty");
            }
            return catalog.size() + " licenses";
        }

        private String lookUp(Deadline soon) {
            if (!TEST_USERS.contains(ussfId)) {
                return "not tried: the e-mail address of a person who is no test user is not known";
            }
            return switch (learningCenter.findUser(UserQuery.byEmail(ussfId + "@test.com"), soon)) {
                case Match(var found) when found.equals(ussfId) -> "the e-mail address finds the USSF-ID";
                case Match _ -> throw new StepFailedException("the e-mail address finds somebody else");
                default ->
                    throw new StepFailedException(
                            "the e-mail address of the test user finds nobody: ask U.S. Soccer whether this"
                                    + " environment has the test users");
            };
        }

        private String licenses(Deadline soon) {
            var licenses = learningCenter.licenses(ussfId, soon);
            return licenses.size() + " active";
        }

        private String refereeExperience(Deadline soon) {
            learningCenter.refereeExperience(ussfId, soon);
            return "a number of years";
        }

        private String grassrootsCertificate(Deadline soon) {
            var certificate = learningCenter.grassrootsCertificate(ussfId, soon);
            return certificate.hasCertificate() && certificate.issueDate() == null
                    ? "there or not; of one that is there, no date"
                    : "there or not";
        }

        private String window(Deadline soon) {
            var end = pacing.now().truncatedTo(ChronoUnit.SECONDS);
            var page = learningCenter.userLicenses(end.minus(WINDOW), end, 1, soon);
            for (var row : page.rows()) {
                try {
                    LearningCenterJson.licenseChange(row, end);
                } catch (UnintelligibleException unreadable) {
                    throw new StepFailedException("a change cannot be read: " + unreadable.getMessage());
                }
            }
            return page.total() + " changes in " + WINDOW.toDays() + " days, on " + page.lastPage() + " page"
                    + (page.lastPage() == 1 ? "" : "s");
        }

        private String subscription(Deadline soon) {
            unsubscribes = !learningCenterHas();
            learningCenter.subscribe(ussfId, soon);
            if (learningCenter.subscription(ussfId, soon).isEmpty()) {
                throw new StepFailedException("it was accepted, but is not in the list of subscriptions");
            }
            return "subscribed, and listed";
        }

        private String unsubscription(Deadline soon) {
            learningCenter.unsubscribe(ussfId, soon);
            return "the subscription that this check made is ended";
        }

        private boolean learningCenterHas() {
            try {
                return learningCenter.subscription(ussfId, soon()).isPresent();
            } catch (LearningCenterException nobodyKnows) {
                return true;
            }
        }

        private boolean isHeld() {
            return !members.birthDatesOf(ussfId).isEmpty();
        }

        private String differing(String call) {
            var differences = shapes.differences(call);
            if (differences.isEmpty()) {
                return "";
            }
            var more = differences.size() - MOST_DIFFERENCES;
            return differences.stream()
                    .limit(MOST_DIFFERENCES)
                    .collect(Collectors.joining(
                            ", ", "; differs from the wire contract: ", more > 0 ? ", and " + more + " more" : ""));
        }
    }
}
