package org.touchline.functions;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.Cursor;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.LicenseQuery;
import org.touchline.lambda.QueryString;
import org.touchline.lambda.Wiring;
import org.touchline.license.LicenseId;
import org.touchline.lookup.Expirations;
import org.touchline.lookup.LicenseJson;
import org.touchline.lookup.LicenseLookup;
import org.touchline.lookup.Roster;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.OrganizationCalendar;

/** {@code GET /roster} and {@code GET /expirations}: everybody at once, page by page (wire contract §5). */
@NullMarked
public final class RosterHandler extends HttpFunction {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST_A_PAGE = 200;
    private static final int DEFAULT_DAYS = 60;
    private static final int MOST_DAYS = 366;

    private final Roster roster;
    private final Expirations expirations;
    private final OrganizationCalendar calendar;

    /** For Lambda. */
    public RosterHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public RosterHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private RosterHandler(Wiring wiring) {
        var licenses = wiring.licenses();
        var profiles = wiring.profiles();
        var members = wiring.members();
        var catalog = wiring.catalog();
        this.calendar = wiring.calendar();
        var lookup = new LicenseLookup(licenses, profiles, catalog, members, wiring.checkpoint(), calendar);
        this.roster = new Roster(members, licenses, profiles, lookup);
        this.expirations = new Expirations(licenses, catalog, members);
    }

    @Override
    protected void rehearse(HttpRequest sample) {
        rehearsing(() -> roster.page(LicenseQuery.filter(QueryString.parse("")), null, 1, null));
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        try {
            return request.routeKey().equals("GET /expirations") ? expirations(request) : roster(request);
        } catch (InvalidValueException invalid) {
            throw new BadRequestException(invalid.getMessage());
        }
    }

    private HttpResponse roster(HttpRequest request) {
        var query = request.queryKnowing(
                "limit", "after", "on", "highest_only", "discipline", "type", "license_id", "include_inactive");
        var cursor = Cursor.of(request, query);
        var page = roster.page(
                LicenseQuery.filter(query),
                LicenseQuery.on(query, calendar),
                query.limit(DEFAULT_LIMIT, MOST_A_PAGE),
                cursor.after().map(MemberIdentifier::new).orElse(null));
        var answer = new JsonObject();
        var members = answer.putArray("members");
        page.rows().forEach(row -> members.add(LicenseJson.member(row)));
        if (page.next() != null) {
            answer.put("next", cursor.next(page.next().value()));
        }
        return HttpResponse.ok(answer);
    }

    private HttpResponse expirations(HttpRequest request) {
        var query = request.queryKnowing("from", "to", "license_id", "limit", "after");
        var cursor = Cursor.of(request, query);
        var page = page(query, cursor);
        var answer = new JsonObject();
        var list = answer.putArray("expirations");
        page.rows().forEach(row -> list.add(LicenseJson.expiration(row)));
        if (page.next() != null) {
            answer.put("next", cursor.next(page.next()));
        }
        return HttpResponse.ok(answer);
    }

    private Expirations.Page page(QueryString query, Cursor cursor) {
        var after = cursor.after().orElse(null);
        var today = calendar.today();
        var from = LicenseQuery.date(query, "from").orElse(today);
        // A cursor of yesterday's goes on today: what ended meanwhile is active no longer.
        if (from.isBefore(today) && after == null) {
            throw new BadRequestException("from is today or a later day");
        }
        var to = LicenseQuery.date(query, "to").orElse(from.plusDays(DEFAULT_DAYS));
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > MOST_DAYS) {
            throw new BadRequestException("to is not before from, and at most " + MOST_DAYS + " days after it");
        }
        var licenseId =
                query.one("license_id").map(text -> LicenseId.parse(text, null)).orElse(null);
        return expirations.page(
                from.isBefore(today) ? today : from, to, licenseId, query.limit(DEFAULT_LIMIT, MOST_A_PAGE), after);
    }
}
