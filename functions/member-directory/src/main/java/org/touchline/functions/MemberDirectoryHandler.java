package org.touchline.functions;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.enrollment.MemberIntake;
import org.touchline.lambda.BadRequestException;
import org.touchline.lambda.Cursor;
import org.touchline.lambda.HttpFunction;
import org.touchline.lambda.HttpRequest;
import org.touchline.lambda.HttpResponse;
import org.touchline.lambda.QueryString;
import org.touchline.lambda.Wiring;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.member.RefusedMemberException;
import org.touchline.time.OrganizationCalendar;

/**
 * {@code PUT}, {@code GET} and {@code DELETE /members/{memberIdentifier}}, and {@code GET /members}: where the organization's
 * systems keep its members.
 */
@NullMarked
public final class MemberDirectoryHandler extends HttpFunction {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST_A_PAGE = 200;

    private final MemberDirectory members;
    private final MemberIntake intake;
    private final OrganizationCalendar calendar;

    /** For Lambda. */
    public MemberDirectoryHandler() {
        this(System.getenv());
        prime();
    }

    /** @param environment the variables that the template sets */
    public MemberDirectoryHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private MemberDirectoryHandler(Wiring wiring) {
        this.members = wiring.members();
        this.intake = new MemberIntake(members, wiring.followUps());
        this.calendar = wiring.calendar();
    }

    @Override
    protected void rehearse(HttpRequest sample) {
        rehearsing(() -> members.find(new MemberIdentifier("-")));
    }

    @Override
    protected HttpResponse answer(HttpRequest request) {
        try {
            return switch (request.routeKey()) {
                case "PUT /members/{memberIdentifier}" -> put(identifier(request), request);
                case "GET /members/{memberIdentifier}" -> get(identifier(request));
                case "DELETE /members/{memberIdentifier}" -> delete(identifier(request));
                default -> list(request, request.queryKnowing("enrollment", "limit", "after"));
            };
        } catch (RefusedMemberException refused) {
            return HttpResponse.problem(400, refused.getMessage(), Map.of("field", refused.field()));
        }
    }

    private HttpResponse put(MemberIdentifier identifier, HttpRequest request) {
        var member = MemberJson.read(identifier, request.jsonObject(), calendar.today());
        return HttpResponse.ok(MemberJson.write(intake.put(member)));
    }

    private HttpResponse get(MemberIdentifier identifier) {
        return members.find(identifier)
                .map(member -> HttpResponse.ok(MemberJson.write(member)))
                .orElseGet(MemberDirectoryHandler::unknown);
    }

    private HttpResponse delete(MemberIdentifier identifier) {
        return intake.delete(identifier) ? HttpResponse.noContent() : unknown();
    }

    private HttpResponse list(HttpRequest request, QueryString query) {
        var cursor = Cursor.of(request, query);
        var after = cursor.after().map(MemberIdentifier::new).orElse(null);
        var limit = query.limit(DEFAULT_LIMIT, MOST_A_PAGE);
        var page = query.one("enrollment")
                .map(status -> members.withEnrollment(status(status), limit, after))
                .orElseGet(() -> members.everybody(limit, after));
        var answer = new JsonObject();
        var list = answer.putArray("members");
        page.members().forEach(member -> list.add(MemberJson.write(member)));
        if (page.next() != null) {
            answer.put("next", cursor.next(page.next().value()));
        }
        return HttpResponse.ok(answer);
    }

    private static HttpResponse unknown() {
        return HttpResponse.problem(404, "there is no member of that identifier");
    }

    /** Of the routes of one member, which know no query parameter. */
    private static MemberIdentifier identifier(HttpRequest request) {
        request.queryKnowing();
        try {
            return MemberIdentifier.parse(request.pathParameter("memberIdentifier"));
        } catch (InvalidValueException invalid) {
            throw new RefusedMemberException("memberIdentifier", invalid.getMessage());
        }
    }

    private static Enrollment.Status status(String name) {
        return Enrollment.Status.ofWireName(name)
                .orElseThrow(() -> new BadRequestException("enrollment is one of "
                        + Arrays.stream(Enrollment.Status.values())
                                .map(Enrollment.Status::wireName)
                                .collect(Collectors.joining(", "))));
    }
}
