package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleSettingsTest {
    private static final String[] STACK = {"touchline-staging"};

    @Test
    void everythingButTheStackHasADefault() {
        var settings = ConsoleSettings.read(STACK, Map.of(), () -> "us-west-2");

        assertEquals("touchline-staging", settings.stack());
        assertEquals("us-west-2", settings.region());
        assertEquals(3003, settings.port());
        assertEquals(ZoneId.systemDefault(), settings.timeZone());
        assertNull(settings.endpoint());
    }

    @Test
    void environmentSaysOtherwise() {
        var environment = Map.of(
                "AWS_REGION", "us-gov-west-1",
                "CONSOLE_PORT", "0",
                "TIME_ZONE", "America/Denver",
                "AWS_ENDPOINT_URL", "http://127.0.0.1:4566/");

        var settings = ConsoleSettings.read(STACK, environment, () -> "us-west-2");

        assertEquals("us-gov-west-1", settings.region());
        assertEquals(0, settings.port());
        assertEquals(ZoneId.of("America/Denver"), settings.timeZone());
        assertEquals(URI.create("http://127.0.0.1:4566"), settings.endpoint());
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_REGION, us-east-1.example.org/",
        "AWS_REGION, ''",
        "CONSOLE_PORT, 65536",
        "CONSOLE_PORT, http",
        "TIME_ZONE, Mars/Olympus",
        "AWS_ENDPOINT_URL, ftp://127.0.0.1",
    })
    void whatCannotBeUnderstoodIsNamed(String name, String value) {
        var refused = assertThrows(
                ConsoleSettings.UnusableException.class,
                () -> ConsoleSettings.read(
                        STACK, Map.of(name, value), () -> name.equals("AWS_REGION") ? "" : "us-east-1"));

        assertTrue(refused.getMessage().startsWith(name + ": "), refused.getMessage());
    }

    @Test
    void withoutAStackItSaysHowItIsCalled() {
        for (var arguments : new String[][] {{}, {"a", "b"}, {"-h"}, {"touchline/../x"}}) {
            var refused = assertThrows(
                    ConsoleSettings.UnusableException.class,
                    () -> ConsoleSettings.read(arguments, Map.of(), () -> "us-east-1"));
            assertTrue(refused.getMessage().startsWith("usage: bin/console STACK"), refused.getMessage());
        }
    }
}
