package org.touchline.golive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.touchline.learningcenter.AnswerShapes;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.Pacing;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UserMatch.Match;
import org.touchline.learningcenter.UserQuery;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.secret.UnusableSecretException;

/**
 * The check before going live (source document, steps 1 to 6 and 11 to 13): each call once against the Learning Center that is
 * configured, and each webhook drilled and awaited. Where an answer differs from the wire contract, it says in which field.
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

    private final Map<String, Runnable> secrets;
    private final LearningCenterClient learningCenter;
    private final AnswerShapes shapes;
    private final MemberDirectory members;
    private final WebhookDrills drills;
    private final Pacing pacing;

    /**
     * A check of a stack.
     *
     * @param secrets by what they are; each reads its secret anew, and throws {@link UnusableSecretException} if it is not of its form
     * @param shapes remembers what that Learning Center answered
     */
    public IntegrationCheck(
            Map<String, Runnable> secrets,
            LearningCenterClient learningCenter,
            AnswerShapes shapes,
            MemberDirectory members,
            WebhookDrills drills,
            Pacing pacing) {
        this.secrets = secrets;
        this.learningCenter = learningCenter;
        this.shapes = shapes;
        this.members = members;
        this.drills = drills;
        this.pacing = pacing;
    }

    /**
     * One thing that was looked at.
     *
     * @param detail what was seen, or what to do about it
     */
    public record Check(String name, boolean passed, String detail) {}

    /**
     * Checks everything, in the order of the source document.
     *
     * @param told each check as it is done, for whoever waits
     */
    public List<Check> run(UssfId ussfId, Deadline deadline, Consumer<Check> told) {
        var run = new Run(ussfId, deadline, told);
        return run.all();
    }

    /** What a step saw. */
    @FunctionalInterface
    private interface Step {
        /** @throws StepFailedException if it is not as it should be */
        String look(Deadline deadline);
    }

    /** What a step saw is not as it should be; the message says what to do. */
    private static final class StepFailedException extends RuntimeException {
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

        Run(UssfId ussfId, Deadline deadline, Consumer<Check> told) {
            this.ussfId = ussfId;
            this.deadline = deadline;
            this.told = told;
        }

        List<Check> all() {
            checkSecrets();
            if (!check("login", "POST /login", this::login)) {
                return checks;
            }
            check("refresh", "POST /refresh-token", this::refresh);
            check("catalog", "GET /licenses", this::catalog);
            check("user look-up", "GET /users", this::lookUp);
            check("licenses", "GET /users/{ussf_id}/user-licenses", this::licenses);
            var before = learningCenterHas();
            check("subscription", "GET /subscriptions", this::subscription);
            drills.run(ussfId, isHeld(), deadline)
                    .forEach((webhook, drill) -> add(new Check(webhook, drill.arrived(), drill.detail())));
            if (!before && !isHeld()) {
                check("unsubscription", "DELETE /users/{ussf_id}/subscriptions", this::unsubscription);
            }
            return checks;
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
            add(new Check("secrets", unusable.isEmpty(), detail));
        }

        /** @param call whose answer it looks at, as the wire contract names it */
        private boolean check(String name, String call, Step step) {
            try {
                return add(new Check(name, true, step.look(soon()) + differing(call)));
            } catch (RefusedException refused) {
                return fail(
                        name, call, refused.getMessage() + (refused.reason().isEmpty() ? "" : ": " + refused.reason()));
            } catch (LearningCenterException | UnusableSecretException | StepFailedException failed) {
                return fail(name, call, failed.getMessage());
            }
        }

        private boolean fail(String name, String call, String reason) {
            return add(new Check(name, false, reason + differing(call)));
        }

        private Deadline soon() {
            return deadline.orEarlier(pacing.now().plus(TIME_FOR_A_CALL));
        }

        private boolean add(Check check) {
            checks.add(check);
            told.accept(check);
            return check.passed();
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

        private String subscription(Deadline soon) {
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
