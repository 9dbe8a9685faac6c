package org.touchline.lambda;

import java.time.Duration;
import org.touchline.change.EventBus;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * The event bus that {@code EVENT_BUS_NAME} names, for those who publish: they alone have the client of EventBridge in their packages.
 */
public final class EventWiring {
    private static final Duration CALL = Duration.ofSeconds(4);

    private final Wiring wiring;

    /** @param wiring names the bus and the stack */
    public EventWiring(Wiring wiring) {
        this.wiring = wiring;
    }

    /** The bus, on which the stack that {@code STACK_NAME} names tells. */
    public EventBus bus() {
        var client = wiring.clients().build(EventBridgeClient.builder(), "AWS_ENDPOINT_URL_EVENTBRIDGE", CALL);
        return new EventBus(client, wiring.required("EVENT_BUS_NAME"), wiring.required("STACK_NAME"), wiring.pacing());
    }
}
