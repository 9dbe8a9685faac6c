package org.touchline.functions;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.change.ChangeFeed;
import org.touchline.change.ChangeFeed.CursorExpiredException;
import org.touchline.change.Entry;
import org.touchline.change.Histories.Page;
import org.touchline.change.PersonHistories;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.Cursor;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.QueryString;
import org.touchline.lambda.Wiring;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;

/** {@code GET /changes}, and the histories of members and of people: what changed (wire contract §5). */
@NullMarked
public final class ChangeFeedHandler extends HttpFunction {
    private static final int DEFAULT_CHANGES = 100;
    private static final int MOST_CHANGES = 500;
    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST_A_PAGE = 200;
    private static final String EXPIRED = "urn:touchline:cursor-expired";

    private final ChangeFeed feed;
    private final PersonHistories histories;
    private final String stackName;

    /** For Lambda. */
    public ChangeFeedHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public ChangeFeedHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private ChangeFeedHandler(Wiring wiring) {
        var history = wiring.history();
        this.feed = history.feed();
        this.histories = new PersonHistories(history.histories(), wiring.profiles(), wiring.members());
        this.stackName = wiring.required("STACK_NAME");
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        try {
            return request.routeKey().equals("GET /changes") ? changes(request) : history(request);
        } catch (InvalidValueException invalid) {
            throw new BadRequestException(invalid.getMessage());
        }
    }

    private HttpResponse changes(HttpRequest request) {
        var query = request.queryKnowing("after", "since", "limit");
        var limit = query.limit(DEFAULT_CHANGES, MOST_CHANGES);
        var since = since(query);
        // It stands alone: whoever goes on does not say again where they began.
        var cursor = Cursor.of(request, query.without("since"));
        try {
            var from = cursor.after()
                    .map(ChangeFeedHandler::number)
                    .orElseGet(() -> since.map(feed::since).orElseGet(feed::oldest));
            var page = feed.from(from, limit);
            var answer = list(page.entries());
            return HttpResponse.ok(answer.put("next", cursor.next(Long.toString(page.next()))));
        } catch (CursorExpiredException expired) {
            return HttpResponse.problem(400, expired.getMessage(), Map.of("type", EXPIRED));
        }
    }

    private static Optional<Instant> since(QueryString query) {
        var since = query.one("since");
        if (since.isPresent() && query.one("after").isPresent()) {
            throw new BadRequestException("since says where to begin, and after where to go on: give one of them");
        }
        try {
            return since.map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            throw new BadRequestException("since is an instant, such as 2026-03-01T12:00:00Z");
        }
    }

    private HttpResponse history(HttpRequest request) {
        var query = request.queryKnowing("limit", "after");
        var limit = query.limit(DEFAULT_LIMIT, MOST_A_PAGE);
        var cursor = Cursor.of(request, query);
        var below = cursor.after().map(ChangeFeedHandler::number).orElse(null);
        var page = request.routeKey().startsWith("GET /members/")
                ? histories.of(MemberIdentifier.parse(request.pathParameter("memberIdentifier")), below, limit)
                : histories.of(UssfId.parse(request.pathParameter("ussfId")), below, limit);
        return page.map(found -> HttpResponse.ok(document(found, cursor)))
                .orElseGet(() -> HttpResponse.problem(404, "nothing is held, and nothing is kept"));
    }

    private JsonObject document(Page page, Cursor cursor) {
        var answer = list(page.entries());
        if (page.next() != null) {
            answer.put("next", cursor.next(page.next().toString()));
        }
        return answer;
    }

    private JsonObject list(List<Entry> entries) {
        var answer = new JsonObject();
        var changes = answer.putArray("changes");
        entries.forEach(entry -> changes.add(entry.event(stackName)));
        return answer;
    }

    private static Long number(String position) {
        return Long.valueOf(position);
    }
}
