package org.touchline.learningcenter.client;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.Subsidy;
import org.touchline.learningcenter.SubsidyOrganization;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.UserMatch;
import org.touchline.learningcenter.UserQuery;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.learningcenter.wire.ConnectAnswer;
import org.touchline.learningcenter.wire.ConnectAnswers;
import org.touchline.learningcenter.wire.ConnectCall;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseChange;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.UssfId;
import org.touchline.time.Deadline;

/**
 * The Learning Center Connect API (wire contract §2), one method a call. Each takes until when it may go on trying, and
 * throws
 * <ul>
 *   <li>{@link LearningCenterUnavailableException} if nothing came of it in that time, or in four attempts (design rule 17);
 *   <li>{@link UnintelligibleException} if the answer is not what the contract says;
 *   <li>{@link UssfIdChangedException} if the call is about a person; {@link UnknownUssfIdException} if it asks for their licenses
 *       or subscribes to them, and {@link BirthDateMismatchException} if it gives a birth date as well: where the answer says so in
 *       words that the contract knows (design rule 24);
 *   <li>{@link RefusedException} for everything else that is 4xx;
 *   <li>{@link org.touchline.secret.UnusableSecretException}, which names the secret, if there is no session to be had with
 *       its credentials (design rule 16).
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class LearningCenterClient {
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private final LearningCenterHttp http;
    private final LearningCenterSession session;

    /** A client that authorizes its calls by a session. */
    public LearningCenterClient(LearningCenterHttp http, LearningCenterSession session) {
        this.http = http;
        this.session = session;
    }

    /** The session, for who checks logins, or asks for one although it was refused. */
    public LearningCenterSession session() {
        return session;
    }

    /** The complete list of licenses that U.S. Soccer tracks. */
    public List<CatalogEntry> catalog(Deadline deadline) {
        return LearningCenterJson.catalog(catalogAnswer(deadline));
    }

    /**
     * The same as it came: {@link LearningCenterJson#catalogRows} and {@link LearningCenterJson#catalogEntry} read it, and what
     * they cannot read is no reason to lose the rest.
     */
    public JsonValue catalogAnswer(Deadline deadline) {
        return read(ConnectCall.licenses(), deadline);
    }

    /** Looks a person up. */
    public UserMatch findUser(UserQuery user, Deadline deadline) {
        var call = ConnectCall.users(user);
        var answer = authorized(call, deadline);
        if (answer.isNoMatch()) {
            return new UserMatch.NoMatch();
        }
        var unreadable = new ArrayList<UnintelligibleException>();
        var match = reading(
                call, () -> ConnectAnswers.userMatch(success(call, answer).json(), unreadable::add));
        unreadable.forEach(row -> http.observer().unreadableRow(call.name(), row));
        // An address is one person's. Of a name and a birth date there may be several, and who cannot be read may be
        // the one.
        return user.email() == null && !unreadable.isEmpty() ? new UserMatch.MultipleMatches() : match;
    }

    /** A full answer (design rule 3b): all licenses that a person has now, without filters; empty if there are none. */
    public List<LicenseChange> licenses(UssfId ussfId, Deadline deadline) {
        return licenses(ussfId, null, deadline);
    }

    /**
     * The same, if the birth date is that person's.
     *
     * @throws BirthDateMismatchException if it is not
     */
    public List<LicenseChange> licenses(UssfId ussfId, @Nullable LocalDate birthDate, Deadline deadline) {
        return ConnectAnswers.licensesOf(ussfId, licensesAnswer(ussfId, birthDate, deadline));
    }

    /**
     * The same as it came: {@link LearningCenterJson#shownLicenses} and {@link LearningCenterJson#shownLicense} read it, and what
     * they cannot read is no reason to lose the rest.
     */
    public JsonValue licensesAnswer(UssfId ussfId, @Nullable LocalDate birthDate, Deadline deadline) {
        return read(ConnectCall.licensesOf(ussfId, birthDate), deadline);
    }

    /** From now on the Learning Center tells us of that person's changes; again and again is the same as once. */
    public void subscribe(UssfId ussfId, Deadline deadline) {
        tell(ConnectCall.subscribe(ussfId), deadline);
    }

    /** It tells us no longer. Where there is no subscription, whatever it says of that, nothing is left to do (wire contract §2). */
    public void unsubscribe(UssfId ussfId, Deadline deadline) {
        var call = ConnectCall.unsubscribe(ussfId);
        var answer = authorized(call, deadline);
        if (!answer.isNotFound()) {
            reading(call, () -> told(success(call, answer)));
        }
    }

    /** For how many whole years the person has been a referee; the present one does not count. */
    public int refereeExperience(UssfId ussfId, Deadline deadline) {
        return read(ConnectCall.refereeExperience(ussfId), deadline, ConnectAnswers::refereeExperience);
    }

    /** Whether the person ever completed the Grassroots Referee module. */
    public GrassrootsCertificate grassrootsCertificate(UssfId ussfId, Deadline deadline) {
        return read(ConnectCall.grassrootsCertificate(ussfId), deadline, ConnectAnswers::grassrootsCertificate);
    }

    /** Everybody we are subscribed to, page by page from 1. A row that cannot be read is passed over. */
    public Page<Subscription> subscriptions(int page, Deadline deadline) {
        return page(
                ConnectCall.subscriptions(page, null), "subscriptions", page, ConnectAnswers::subscription, deadline);
    }

    /** The subscription to one person; empty if there is none. */
    public Optional<Subscription> subscription(UssfId ussfId, Deadline deadline) {
        return page(ConnectCall.subscriptions(1, ussfId), "subscriptions", 1, ConnectAnswers::subscription, deadline)
                .rows()
                .stream()
                .filter(subscription -> subscription.ussfId().equals(ussfId))
                .findFirst();
    }

    /**
     * What changed for everybody we are subscribed to, removed licenses included, page by page from 1. Rows are as they came:
     * {@link LearningCenterJson#licenseChange} reads one, and one that cannot be read is no reason to lose the others.
     *
     * @param start the first instant of the window
     * @param end its last one
     */
    public Page<JsonValue> userLicenses(Instant start, Instant end, int page, Deadline deadline) {
        return page(ConnectCall.userLicenses(start, end, page), "userlicenses", page, Function.identity(), deadline);
    }

    /** Who lets us create subsidies; empty if nobody does, and then the other calls for subsidies are refused. */
    public List<SubsidyOrganization> subsidyOrganizations(Deadline deadline) {
        var call = ConnectCall.subsidyOrganizations();
        return read(call, deadline, json -> ConnectAnswers.subsidyOrganizations(json, unreadableRowOf(call)));
    }

    /**
     * The subsidies of one payer.
     *
     * @param ussfId only those for that person; null for everybody
     * @param email only those for that address; null for any
     */
    public List<Subsidy> subsidies(
            String payerOrganization, @Nullable UssfId ussfId, @Nullable String email, Deadline deadline) {
        var call = ConnectCall.subsidies(payerOrganization, ussfId, email);
        return read(call, deadline, json -> ConnectAnswers.subsidies(json, unreadableRowOf(call)));
    }

    /** Creates a subsidy for a person, or renews the dates of one that is unused. */
    public Subsidy createSubsidy(String payerOrganization, UssfId ussfId, Deadline deadline) {
        return read(ConnectCall.createSubsidy(payerOrganization, ussfId), deadline, ConnectAnswers::subsidy);
    }

    /** The same for whoever has that e-mail address, or will have it. */
    public Subsidy createSubsidy(String payerOrganization, String email, Deadline deadline) {
        return read(ConnectCall.createSubsidy(payerOrganization, email), deadline, ConnectAnswers::subsidy);
    }

    /**
     * Takes a subsidy back.
     *
     * @throws RefusedException with 409 if it has been used; with 404 if there is none, also where an attempt that seemed to
     *     fail had taken it back
     */
    public void deleteSubsidy(String subsidyId, Deadline deadline) {
        tell(ConnectCall.deleteSubsidy(subsidyId), deadline);
    }

    /** Has the Learning Center send its webhook of the complete list of licenses. */
    public void drillLicenseCatalogUpdate(Deadline deadline) {
        tell(ConnectCall.drillLicenseCatalogUpdate(), deadline);
    }

    /** Has it send its webhook of a change of that person's license. */
    public void drillUserLicenseUpdate(UssfId ussfId, Deadline deadline) {
        tell(ConnectCall.drillUserLicenseUpdate(ussfId), deadline);
    }

    /** Has it send its webhook of a changed USSF-ID. */
    public void drillUssfIdUpdate(Deadline deadline) {
        tell(ConnectCall.drillUssfIdUpdate(), deadline);
    }

    /** Has it send its webhook of a user's other data. */
    public void drillUserUpdate(Deadline deadline) {
        tell(ConnectCall.drillUserUpdate(), deadline);
    }

    /** A page of a list; above the first, one that is not found is empty (wire contract §2). */
    private <T> Page<T> page(
            ConnectCall call, String resource, int page, Function<JsonValue, T> row, Deadline deadline) {
        var answer = authorized(call, deadline);
        if (answer.status() == NOT_FOUND && page > 1) {
            return Page.gone(page);
        }
        return reading(
                call,
                () -> ConnectAnswers.page(success(call, answer).json(), resource, page, row, unreadableRowOf(call)));
    }

    private JsonValue read(ConnectCall call, Deadline deadline) {
        return read(call, deadline, Function.identity());
    }

    private <T> T read(ConnectCall call, Deadline deadline, Function<JsonValue, T> meaning) {
        return reading(
                call,
                () -> meaning.apply(success(call, authorized(call, deadline)).json()));
    }

    /** For a call of whose answer only the status counts. */
    private void tell(ConnectCall call, Deadline deadline) {
        reading(call, () -> told(success(call, authorized(call, deadline))));
    }

    private static boolean told(ConnectAnswer answer) {
        answer.requireNoPage();
        return true;
    }

    private static ConnectAnswer success(ConnectCall call, ConnectAnswer answer) {
        if (answer.isSuccess()) {
            return answer;
        }
        throw answer.error(call);
    }

    /** Has what cannot be used counted, whatever the caller does about it. */
    private <T> T reading(ConnectCall call, Supplier<T> meaning) {
        try {
            return meaning.get();
        } catch (RefusedException | UnintelligibleException unusable) {
            http.observer().unusable(call.name(), unusable);
            throw unusable;
        }
    }

    private Consumer<UnintelligibleException> unreadableRowOf(ConnectCall call) {
        return row -> http.observer().unreadableRow(call.name(), row);
    }

    /** Design rule 16: what others have renewed, else a refresh, else a login; and then it is not for want of a session. */
    private ConnectAnswer authorized(ConnectCall call, Deadline deadline) {
        var token = session.accessToken(deadline);
        var answer = http.send(call, token, deadline);
        if (answer.status() == UNAUTHORIZED) {
            token = session.renew(token, deadline);
            answer = http.send(call, token, deadline);
        }
        if (answer.status() == UNAUTHORIZED) {
            answer = http.send(call, session.logInAgain(token, deadline), deadline);
        }
        if (answer.status() == UNAUTHORIZED) {
            throw session.refused();
        }
        return answer;
    }
}
