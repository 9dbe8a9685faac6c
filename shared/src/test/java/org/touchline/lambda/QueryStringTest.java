package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wire contract §5: an answer that ignores a filter looks right and is not. */
class QueryStringTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hghest_only=true|the query parameter hghest_only is unknown; this route knows limit, after",
                "limit=1&expiring_before|the query parameter expiring_before is unknown; this route knows limit, after",
                "Limit=1|the query parameter Limit is unknown; this route knows limit, after",
                "limit=1&limit=1|the query parameter limit may be given once; this route knows limit, after",
                "limit&%6cimit|the query parameter limit may be given once; this route knows limit, after",
                "=1|the query parameter  is unknown; this route knows limit, after",
            })
    void parameterThatIsUnknownOrTwiceIsNamedAndThoseThatAreKnownAreListed(String query, String detail) {
        var refused =
                assertThrows(BadRequestException.class, () -> request(query).queryKnowing("limit", "after"));

        assertEquals(detail, refused.getMessage());
    }

    @Test
    void routeThatKnowsNoneSaysSoAndNamesAreShortened() {
        var refused = assertThrows(
                BadRequestException.class, () -> request("x".repeat(999)).queryKnowing());

        assertEquals(
                "the query parameter " + "x".repeat(64) + "… is unknown; this route knows none", refused.getMessage());
    }

    @Test
    void whatIsKnownMayBeLeftOut() {
        assertEquals(
                Optional.of("7"),
                request("limit=7").queryKnowing("limit", "after").one("limit"));
        assertEquals(List.of(), request("").queryKnowing().all("limit"));
    }

    private static HttpRequest request(String query) {
        return new HttpRequest("GET /sample", Map.of(), query, Map.of(), null, false);
    }
}
