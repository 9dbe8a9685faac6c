package org.touchline.quarantine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceTest {
    @Test
    void routesAreStoredAndListedAndNeverChange() {
        assertEquals(
                List.of(
                        "/webhooks/user-license-update",
                        "/webhooks/uss-licenses-update",
                        "/webhooks/ussf-id-update",
                        "/webhooks/user-update",
                        "/user-licenses",
                        "/users/{ussf_id}/user-licenses",
                        "/licenses",
                        "/streams"),
                Arrays.stream(Source.values()).map(Source::route).toList());
    }

    @Test
    void aSourceIsFoundByItsRouteAndOneThatNobodyKnowsIsNone() {
        for (var source : Source.values()) {
            assertEquals(Optional.of(source), Source.of(source.route()));
        }
        assertEquals(Optional.empty(), Source.of("/webhooks/of-a-later-version"));
    }
}
