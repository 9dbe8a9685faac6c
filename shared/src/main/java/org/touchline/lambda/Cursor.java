package org.touchline.lambda;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.touchline.Sha256;

/**
 * Where a list goes on (wire contract §5): a text that means nothing to who keeps it, and goes with the same route and the same other
 * parameters, {@code limit} excepted. It is no secret: it hides nothing that the page before did not say.
 */
public final class Cursor {
    private static final int DIGEST_BYTES = 8;

    private final QueryString query;
    private final byte[] digest;

    private Cursor(QueryString query, byte[] digest) {
        this.query = query;
        this.digest = digest;
    }

    /** @param query all of it, {@code after} included */
    public static Cursor of(HttpRequest request, QueryString query) {
        var others = new TreeMap<String, List<String>>(query.parameters());
        others.remove("after");
        others.remove("limit");
        var asked = request.routeKey() + new TreeMap<>(request.pathParameters()) + others;
        var digest = Sha256.digest(asked.getBytes(StandardCharsets.UTF_8));
        return new Cursor(query, Arrays.copyOf(digest, DIGEST_BYTES));
    }

    /**
     * The position that {@code after} stands for; empty at the beginning.
     *
     * @throws BadRequestException if it is none of this list's
     */
    public Optional<String> after() {
        return query.one("after").map(this::position);
    }

    /** The text that stands for a position. */
    public String next(String position) {
        var text = position.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(DIGEST_BYTES + text.length).put(digest).put(text);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private String position(String cursor) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length > DIGEST_BYTES && Arrays.equals(bytes, 0, DIGEST_BYTES, digest, 0, DIGEST_BYTES)) {
                var text = ByteBuffer.wrap(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES);
                return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException noCursor) {
            // Refused below, as one of another list.
        }
        throw new BadRequestException(
                "after is what the page before said in next, and goes with the same other parameters, limit excepted");
    }
}
