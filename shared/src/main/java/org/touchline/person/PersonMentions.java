package org.touchline.person;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.Json;
import org.touchline.JsonValue;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberIdentifier;

/**
 * Tells whether a payload names a person: by a USSF-ID with any spaces and dashes in it, as a text or a number; by an e-mail
 * address in any case; or by a member identifier, which must be all that a value holds. An identifier of less than six
 * characters counts only in a field that speaks of members: the rank of a license may be 8 as well. Of a record of a stream, that is
 * the attribute: the name of a type, such as {@code S}, stands between it and its value.
 *
 * <p>JSON is looked at value by value, so that no escape hides anybody; what is no JSON, as text.
 */
final class PersonMentions implements Predicate<byte[]> {
    private static final int TELLING = 6;
    /** Of DynamoDB, as a stream's images name them. */
    private static final Set<String> TYPES = Set.of("S", "N", "B", "M", "L", "SS", "NS", "BS");

    private static final String BETWEEN_DIGITS = "[ -]*";

    /** No other address begins before it. */
    private static final String WITHIN = "(?<![A-Za-z0-9._%+-])";

    private final Pattern idsAndAddresses;
    private final Set<String> identifiers;

    /**
     * Mentions of these.
     *
     * @param members who are in the directory
     * @param others who are there no longer: of them, only the identifier is known
     */
    PersonMentions(Collection<UssfId> ussfIds, Collection<Member> members, Collection<MemberIdentifier> others) {
        var ids = ussfIds.stream()
                .map(id -> "(?<![0-9])" + String.join(BETWEEN_DIGITS, id.value().split("")) + "(?![0-9])");
        var addresses =
                members.stream().map(member -> WITHIN + Pattern.quote(member.email()) + "(?!-|[.]?[A-Za-z0-9])");
        var all = Stream.concat(ids, addresses).collect(Collectors.joining("|"));
        this.idsAndAddresses = Pattern.compile(all.isEmpty() ? "(?!)" : all, Pattern.CASE_INSENSITIVE);
        this.identifiers = Stream.concat(members.stream().map(Member::identifier), others.stream())
                .map(MemberIdentifier::value)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean test(byte[] payload) {
        try {
            return inJson("", Json.read(payload));
        } catch (IOException notJson) {
            return idsAndAddresses
                    .matcher(new String(payload, StandardCharsets.UTF_8))
                    .find();
        }
    }

    private boolean inJson(String field, JsonValue json) {
        if (json.isContainerNode()) {
            return json.properties().stream()
                            .anyMatch(entry -> inText("", entry.getKey())
                                    || inJson(isType(entry.getKey()) ? field : entry.getKey(), entry.getValue()))
                    || json.isArray() && json.valueStream().anyMatch(item -> inJson(field, item));
        }
        return inText(field, json.asText());
    }

    private static boolean isType(String name) {
        return TYPES.contains(name);
    }

    private boolean inText(String field, String text) {
        var whole = MemberIdentifier.withoutSpaceAround(text).toUpperCase(Locale.ROOT);
        return idsAndAddresses.matcher(text).find()
                || identifiers.contains(whole)
                        && (whole.length() >= TELLING
                                || field.toUpperCase(Locale.ROOT).contains("MEMBER"));
    }
}
