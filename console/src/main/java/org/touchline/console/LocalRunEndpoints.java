package org.touchline.console;

import java.net.URI;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a local run listen, as far as the page needs them.
 *
 * @param api whose routes begin at the root, as do those of the next two
 * @param lambda the Invoke API
 * @param simulator null where another Learning Center is asked
 * @param timeZone of the organization, the template's parameter
 */
public record LocalRunEndpoints(
        URI api, URI lambda, @Nullable URI simulator, ZoneId timeZone) {}
