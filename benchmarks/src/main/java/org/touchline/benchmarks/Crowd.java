package org.touchline.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** People as many as are wanted, each by a number from 0 on, out of which everything about them follows: none is held in memory. */
final class Crowd {
    /** What each of them has; each ends with its year. */
    static final List<String> LICENSES = List.of("referee_8", "grassroots_online", "safesport_trained");

    /** Nobody of them: whom the samples of {@code events/} speak of. */
    static final String SAMPLE_PERSON = "2020000004136762";

    private static final LocalDate FIRST_BIRTH = LocalDate.of(1950, 1, 1);
    private static final int BIRTH_DAYS = 20_000;
    private static final long FIRST_ID = 2_020_000_100_000_000L;

    private Crowd() {}

    static String ussfId(long number) {
        return Long.toString(FIRST_ID + number);
    }

    /** @throws NumberFormatException if it is no id of theirs */
    static int ofUssfId(String ussfId) {
        return Math.toIntExact(Long.parseLong(ussfId) - FIRST_ID);
    }

    static String memberIdentifier(long number) {
        return String.format(Locale.ROOT, "CROWD-%07d", number);
    }

    static String email(long number) {
        return "p" + number + "@example.org";
    }

    /** @throws NumberFormatException if it is no address of theirs */
    static int ofEmail(String email) {
        return Integer.parseInt(email.substring(1, Math.max(1, email.indexOf('@'))));
    }

    /** As {@code PUT /members} and the import take it. */
    static ObjectNode member(long number) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("memberIdentifier", memberIdentifier(number))
                .put("firstName", "First" + number)
                .put("lastName", "Last" + number)
                .put("email", email(number))
                .put("dateOfBirth", FIRST_BIRTH.plusDays(number % BIRTH_DAYS).toString());
    }
}
