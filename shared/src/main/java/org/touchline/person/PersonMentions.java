package org.touchline.person;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.touchline.Json;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberIdentifier;

/**
 * Tells whether a payload names a person: by a USSF-ID with any spaces and dashes in it, as a text or a number; by an e-mail
 * address in any case; or by a member identifier, which must be all that a value holds. An identifier of less than six
 * characters counts only in a field that speaks of members: the rank of a license may be 8 as well.
 *
 * <p>JSON is looked at value by value, so that no escape hides anybody; what is no JSON, as text.
 */
final class PersonMentions implements Predicate<byte[]> {
    private static final int TELLING = 6;
    private static final double LONGEST_NUMBER = 1e64;
    private static final String BETWEEN_DIGITS = "[ -]*";

    /** No other address begins before it. */
    private static final String WITHIN = "(?<![A-Za-z0-9._%+-])";

    private final Pattern idsAndAddresses;
    private final Set<String> identifiers;

    PersonMentions(Collection<UssfId> ussfIds, Collection<Member> members) {
        var ids = ussfIds.stream()
                .map(id -> "(?<![0-9])" + String.join(BETWEEN_DIGITS, id.value().split("")) + "(?![0-9])");
        var addresses =
                members.stream().map(member -> WITHIN + Pattern.quote(member.email()) + "(?!-|[.]?[A-Za-z0-9])");
        var all = Stream.concat(ids, addresses).collect(Collectors.joining("|"));
        this.idsAndAddresses = Pattern.compile(all.isEmpty() ? "(?!)" : all, Pattern.CASE_INSENSITIVE);
        this.identifiers =
                members.stream().map(member -> member.identifier().value()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean test(byte[] payload) {
        try {
            return inJson("", Json.MAPPER.readTree(payload));
        } catch (JsonProcessingException notJson) {
            return idsAndAddresses
                    .matcher(new String(payload, StandardCharsets.UTF_8))
                    .find();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean inJson(String field, JsonNode json) {
        if (json.isContainerNode()) {
            return json.properties().stream()
                            .anyMatch(entry -> inText("", entry.getKey()) || inJson(entry.getKey(), entry.getValue()))
                    || json.isArray()
                            && StreamSupport.stream(json.spliterator(), false).anyMatch(item -> inJson(field, item));
        }
        return inText(field, json.isNumber() ? digits(json) : json.asText());
    }

    /** A number without an exponent; as it stands where that would be longer than any identifier, or is no number. */
    private static String digits(JsonNode number) {
        if (number.isFloatingPointNumber() && !(Math.abs(number.doubleValue()) < LONGEST_NUMBER)) {
            return number.asText();
        }
        return number.decimalValue().toPlainString();
    }

    private boolean inText(String field, String text) {
        var whole = MemberIdentifier.withoutSpaceAround(text).toUpperCase(Locale.ROOT);
        return idsAndAddresses.matcher(text).find()
                || identifiers.contains(whole)
                        && (whole.length() >= TELLING
                                || field.toUpperCase(Locale.ROOT).contains("MEMBER"));
    }
}
