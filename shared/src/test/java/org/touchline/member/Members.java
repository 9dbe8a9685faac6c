package org.touchline.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Objects;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.member.MemberDirectory.Owed;

/** Members for tests: the source document's second test user, with fields set to something else. */
public final class Members {
    public static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

    private static final String TIM = """
        {"firstName":"Tim","lastName":"Smith","email":"2020000004152809@test.com","dateOfBirth":"1973-11-05"}\
        """;

    private Members() {}

    /** Puts a member in, and asks nobody for anything. */
    public static EnrolledMember put(MemberDirectory members, Member member) {
        return Objects.requireNonNull(members.put(member, Owed.NOTHING).after());
    }

    /** A member with these fields beside or instead of the usual ones, as JSON without braces; may be empty. */
    public static Member member(String identifier, String fields) {
        try {
            var json = (JsonObject) Json.read(TIM);
            Json.read("{" + fields + "}").properties().forEach(field -> json.set(field.getKey(), field.getValue()));
            return MemberJson.read(MemberIdentifier.parse(identifier), json, TODAY);
        } catch (IOException mistake) {
            throw new UncheckedIOException(mistake);
        }
    }
}
