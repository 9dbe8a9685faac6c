package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.member.MemberIdentifier;

class AwsClientsTest {
    /** A cold burst of 600 in the local run took 2,792 threads so. */
    @Test
    void anyNumberOfInstancesInOneProcessShareWhatHoldsThreads() {
        try (var stack = EmbeddedStack.create()) {
            for (var i = 0; i < 5; i++) {
                var wiring = new Wiring(stack.environment("MemberVerificationFunction"));
                assertTrue(wiring.members().find(MemberIdentifier.parse("M-1")).isEmpty());
            }
        }

        assertEquals(1, threads("aws-time-limits"), "limits are kept by one");
        assertEquals(0, threads("sdk-ScheduledExecutor"), "and none by one of the SDK's five a client");
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }
}
