package org.touchline.license;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.touchline.InvalidValueException;
import org.touchline.Sha256;
import org.touchline.dynamodb.Item;

/**
 * A total order over the changes of one license (design rule 1): when it changed, then the state, then a digest of issuer,
 * issue date and expiration date. Two changes have the same revision only if they say the same. The person's identifier is
 * not in it, since it may move.
 *
 * <p>The text sorts as the revisions do, so that DynamoDB can compare it:
 * {@code 2026-03-01T12:00:00.000000000Z/0/5d41402abc4b2a76b9719d911017c592}.
 *
 * @param text fixed-width UTC instant, state and digest, with slashes between
 */
public record Revision(String text) implements Comparable<Revision> {
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z/[0-2]/[0-9a-f]{32}");
    private static final int DIGEST_BYTES = 16;

    /** @throws InvalidValueException if it has not the form above; years have four digits */
    public Revision {
        if (!FORM.matcher(text).matches()) {
            throw new InvalidValueException("a revision is an instant of a four-digit year, a state and a digest");
        }
    }

    /**
     * The revision of a change.
     *
     * @throws InvalidValueException if the change's year has not four digits
     */
    @SuppressWarnings("EnumOrdinal") // Stored: the states stay in their order.
    public static Revision of(LicenseChange change) {
        return new Revision(
                Item.sortable(change.updatedAt()) + "/" + change.state().ordinal() + "/" + digest(change));
    }

    /** When the license changed, by the Learning Center's clock. */
    public Instant updatedAt() {
        return Instant.parse(sortableInstant());
    }

    /** The same as it is stored, so that DynamoDB can compare it. */
    String sortableInstant() {
        return text.substring(0, text.indexOf('/'));
    }

    /**
     * Whether two changes of one license name the same instant and say different things of it: which of them was the later one,
     * nobody knows. What a full answer showed is no other thing than the same as it was added.
     */
    boolean contradicts(Revision other) {
        return updatedAt().equals(other.updatedAt())
                && (state().held() != other.state().held() || !digest().equals(other.digest()));
    }

    @SuppressWarnings("EnumOrdinal") // As it is stored.
    private LicenseState state() {
        return LicenseState.values()[text.charAt(text.indexOf('/') + 1) - '0'];
    }

    private String digest() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(Revision other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }

    private static String digest(LicenseChange change) {
        // The dates have a fixed alphabet and stand first, so that no issuer can imitate another change.
        var canonical = change.issueDate() + "\n" + change.expirationDate() + "\n"
                + (change.issuer() == null ? "" : ":" + change.issuer());
        return HexFormat.of().formatHex(Sha256.digest(canonical.getBytes(StandardCharsets.UTF_8)), 0, DIGEST_BYTES);
    }
}
