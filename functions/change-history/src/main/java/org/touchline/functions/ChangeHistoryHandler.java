package org.touchline.functions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.change.HistoryWriter;
import org.touchline.change.HistoryWriter.Written;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.time.Deadline;

/**
 * Keeps what the streams of license store and member directory say, one entry a change (wire contract §9). What could not be kept is
 * handed over again, with all that came after it (design rule 29).
 */
@NullMarked
public final class ChangeHistoryHandler extends InvokedFunction {
    private final HistoryWriter history;
    private final Metrics metrics;

    /** For Lambda. */
    public ChangeHistoryHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public ChangeHistoryHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private ChangeHistoryHandler(Wiring wiring) {
        super(wiring.clock());
        this.history = wiring.historyWriter();
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "events of the streams of LicenseStoreTable and MemberDirectoryTable, and nothing else";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (!payload.path("Records").isArray()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        var records = payload.path("Records").valueStream().toList();
        var written = history.write(records);
        count(written);
        return document(records, written);
    }

    private void count(Written written) {
        if (written.kept() > 0) {
            metrics.count(Metrics.ENTRIES_KEPT, written.kept());
        }
        written.oldest()
                .forEach((stream, age) -> metrics.line()
                        .by(Metrics.STREAM, stream.tableName())
                        .seconds(Metrics.STREAM_DELAY, age)
                        .write());
    }

    /** As Lambda wants it told where to go on. */
    private static JsonObject document(List<JsonValue> records, Written written) {
        var document = new JsonObject();
        var failures = document.putArray("batchItemFailures");
        var failedFrom = written.failedFrom();
        if (failedFrom != null) {
            failures.addObject()
                    .put(
                            "itemIdentifier",
                            records.get(failedFrom)
                                    .path("dynamodb")
                                    .path("SequenceNumber")
                                    .asText());
            log("the stores cannot be used just now; the stream will be read again from where it is");
        }
        return document;
    }
}
