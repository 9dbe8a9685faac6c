package org.touchline.functions;

import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.catalog.CatalogStore;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.LicenseQuery;
import org.touchline.lambda.QueryString;
import org.touchline.lambda.Wiring;
import org.touchline.license.UssfId;
import org.touchline.lookup.LicenseJson;
import org.touchline.lookup.LicenseLookup;
import org.touchline.lookup.LicenseLookup.BirthDateMismatchException;
import org.touchline.lookup.LicenseLookup.FormerUssfIdException;
import org.touchline.lookup.LicenseLookup.UnknownPersonException;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.OrganizationCalendar;

/**
 * {@code GET /members/{memberIdentifier}/licenses}, {@code GET /users/{ussfId}/licenses} and {@code GET /licenses}: what the
 * organization's systems read.
 */
@NullMarked
public final class LicenseLookupHandler extends HttpFunction {
    private static final String[] FILTERS = {
        "highest_only", "discipline", "type", "license_id", "dob", "include_inactive", "on"
    };

    /** No person has sixteen zeros. */
    private static final UssfId NOBODY = new UssfId("0".repeat(16));

    private final LicenseLookup lookup;
    private final CatalogStore catalog;
    private final OrganizationCalendar calendar;

    /** For Lambda. */
    public LicenseLookupHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public LicenseLookupHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private LicenseLookupHandler(Wiring wiring) {
        this.catalog = wiring.catalog();
        this.calendar = wiring.calendar();
        this.lookup = new LicenseLookup(
                wiring.licenses(), wiring.profiles(), catalog, wiring.members(), wiring.checkpoint(), calendar);
    }

    @Override
    protected void rehearse(HttpRequest sample) {
        rehearsing(() -> lookup.ofPerson(NOBODY, LicenseQuery.filter(QueryString.parse("")), null, null));
        rehearsing(() -> HttpResponse.ok(LicenseJson.catalog(catalog.read())));
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        try {
            return switch (request.routeKey()) {
                case "GET /licenses" -> catalog(request);
                case "GET /users/{ussfId}/licenses" -> ofPerson(request);
                default -> ofMember(request);
            };
        } catch (InvalidValueException invalid) {
            throw new BadRequestException(invalid.getMessage());
        } catch (UnknownPersonException unknown) {
            return HttpResponse.problem(404, unknown.getMessage());
        } catch (FormerUssfIdException moved) {
            return HttpResponse.problem(
                    410, moved.getMessage(), Map.of("ussfId", moved.newUssfId().value()));
        } catch (BirthDateMismatchException mismatch) {
            return HttpResponse.problem(400, mismatch.getMessage());
        }
    }

    private HttpResponse catalog(HttpRequest request) {
        request.queryKnowing();
        return HttpResponse.ok(LicenseJson.catalog(catalog.read()));
    }

    private HttpResponse ofPerson(HttpRequest request) {
        var ussfId = UssfId.parse(request.pathParameter("ussfId"));
        var query = request.queryKnowing(FILTERS);
        return HttpResponse.ok(LicenseJson.person(lookup.ofPerson(
                ussfId, LicenseQuery.filter(query), birthDate(query), LicenseQuery.on(query, calendar))));
    }

    private HttpResponse ofMember(HttpRequest request) {
        var identifier = MemberIdentifier.parse(request.pathParameter("memberIdentifier"));
        var query = request.queryKnowing(FILTERS);
        return HttpResponse.ok(LicenseJson.person(lookup.ofMember(
                identifier, LicenseQuery.filter(query), birthDate(query), LicenseQuery.on(query, calendar))));
    }

    private static @Nullable LocalDate birthDate(QueryString query) {
        return LicenseQuery.date(query, "dob").orElse(null);
    }
}
