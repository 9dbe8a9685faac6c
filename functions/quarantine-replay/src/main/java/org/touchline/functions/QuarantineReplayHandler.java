package org.touchline.functions;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
import org.touchline.license.LearnedBy;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.QuarantineEntry;
import org.touchline.statement.QuarantineReplay;
import org.touchline.statement.Statements;
import org.touchline.time.Deadline;

/** On demand: replays what is in quarantine, lists it, accepts an odd catalog, or gives an entry up (wire contract §7). */
@NullMarked
public final class QuarantineReplayHandler extends InvokedFunction {
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_COUNTED = 10_000;

    private final QuarantineReplay quarantine;

    /** For Lambda. */
    public QuarantineReplayHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public QuarantineReplayHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private QuarantineReplayHandler(Wiring wiring) {
        super(wiring.clock());
        var moves = new PersonMove(wiring.licenses(), wiring.profiles(), wiring.members(), wiring.followUps());
        this.quarantine = new QuarantineReplay(
                wiring.quarantine(),
                new Statements(
                        wiring.licensesAskingAnew(LearnedBy.REPLAY),
                        wiring.catalog(),
                        moves,
                        wiring.followUps(),
                        wiring.historyWriter(),
                        wiring.clock())::of,
                wiring.clock());
    }

    @Override
    protected String acceptedPayloads() {
        return "{} replays all; {\"id\":\"…\"} replays one; {\"list\":true} lists; {\"id\":\"…\",\"show\":true} lists"
                + " one with its payload; {\"id\":\"…\",\"accept\":true} applies a catalog that was refused as"
                + " implausible; {\"id\":\"…\",\"discard\":true} gives one up";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return counts(quarantine.replayAll(deadline));
        }
        if (payload.size() == 1 && isTrue(payload, "list")) {
            return listed();
        }
        var id = payload.path("id").asText();
        if (payload.path("id").isTextual() && !id.isBlank()) {
            if (payload.size() == 1) {
                return counts(quarantine.replayOne(id, false) ? 1 : 0);
            }
            if (payload.size() == 2 && isTrue(payload, "show")) {
                return shown(id);
            }
            if (payload.size() == 2 && isTrue(payload, "accept")) {
                return counts(quarantine.replayOne(id, true) ? 1 : 0);
            }
            if (payload.size() == 2 && isTrue(payload, "discard")) {
                quarantine.discard(id);
                return counts(0);
            }
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private JsonObject counts(int replayed) {
        return counts(replayed, quarantine.waiting(MOST_COUNTED));
    }

    private static JsonObject counts(int replayed, int stillQuarantined) {
        return new JsonObject().put("replayed", replayed).put("stillQuarantined", stillQuarantined);
    }

    private JsonObject listed() {
        var result = counts(0);
        var entries = result.putArray("entries");
        quarantine.open(MOST_LISTED).forEach(entry -> put(entries.addObject(), entry));
        return result;
    }

    /** What is no text in UTF-8 is shown with replacement characters. */
    private JsonObject shown(String id) {
        var result = counts(0);
        put(result.putArray("entries").addObject(), quarantine.entry(id))
                .put("payload", new String(quarantine.payload(id), StandardCharsets.UTF_8));
        return result;
    }

    private static JsonObject put(JsonObject document, QuarantineEntry entry) {
        return document.put("id", entry.id())
                .put("route", entry.route())
                .put("receivedAt", entry.receivedAt().toString())
                .put("reason", entry.reason());
    }
}
