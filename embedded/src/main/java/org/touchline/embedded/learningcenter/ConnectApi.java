package org.touchline.embedded.learningcenter;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Router.Match;

/** What happens to a call of the Connect API: it is counted, a fault may meet it, and it needs an access token. */
final class ConnectApi {
    private static final Set<String> WITHOUT_ACCESS_TOKEN = Set.of("POST /login", "POST /refresh-token");

    private final Router router;
    private final Sessions sessions;
    private final FaultSchedule faults;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    ConnectApi(ConnectRoutes routes, Sessions sessions, FaultSchedule faults) {
        this.router = new Router(routes.all());
        this.sessions = sessions;
        this.faults = faults;
    }

    /**
     * A call that has come in and is not handled yet.
     *
     * @param fault what is to happen to it, if anything
     * @param answer handles it
     */
    record Arrival(Fault.@Nullable Effect fault, Supplier<Answer> answer) {}

    Arrival arrive(Call call) {
        var match = router.find(call);
        if (match == null) {
            return new Arrival(faults.next(call, call.path()), () -> notFound(call));
        }
        calls.merge(match.route().name(), 1, Integer::sum);
        return new Arrival(faults.next(call, match.route().pattern()), () -> answer(match));
    }

    /** How often each route was called, whatever the answer. */
    Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    private Answer answer(Match match) {
        if (!WITHOUT_ACCESS_TOKEN.contains(match.route().name())) {
            sessions.authorize(match.call().authorization());
        }
        return match.answer();
    }

    private Answer notFound(Call call) {
        sessions.authorize(call.authorization());
        return router.notFound(call);
    }
}
