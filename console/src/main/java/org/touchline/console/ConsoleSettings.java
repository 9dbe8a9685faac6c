package org.touchline.console;

import java.net.URI;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bin/console} is told.
 *
 * @param stack the stack's name, such as {@code touchline-staging}
 * @param region where it is
 * @param port on 127.0.0.1; 0 for any free one
 * @param timeZone of the organization, in which the page shows times
 * @param endpoint in the place of AWS, {@code AWS_ENDPOINT_URL}; null for AWS itself
 */
record ConsoleSettings(
        String stack,
        String region,
        int port,
        ZoneId timeZone,
        @Nullable URI endpoint) {
    /** CloudFormation's own rule. */
    private static final String STACK_NAME = "[A-Za-z][A-Za-z0-9-]{0,127}";

    private static final String REGION_NAME = "[a-z]{2,}(-[a-z]+)+-[0-9]+";

    /** One that cannot be understood; the message names it. */
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /**
     * Reads them.
     *
     * @param arguments the stack's name
     * @param environment {@code AWS_REGION}, {@code CONSOLE_PORT}, {@code TIME_ZONE} and {@code AWS_ENDPOINT_URL}
     * @param regionOfTheProfile asked where {@code AWS_REGION} says none; empty if that does not either
     */
    static ConsoleSettings read(
            String[] arguments, Map<String, String> environment, Supplier<String> regionOfTheProfile) {
        if (arguments.length != 1 || !arguments[0].matches(STACK_NAME)) {
            throw new UnusableException(
                    "usage: bin/console STACK, the name of a deployed stack such as touchline-staging");
        }
        var region = text(environment, "AWS_REGION", "");
        region = region.isEmpty() ? regionOfTheProfile.get() : region;
        if (!region.matches(REGION_NAME)) {
            throw new UnusableException(
                    "AWS_REGION: " + (region.isEmpty() ? "no region is set" : region + " is no region")
                            + "; export AWS_REGION=us-east-1, or wherever the stack is");
        }
        var endpoint = text(environment, "AWS_ENDPOINT_URL", "");
        if (!endpoint.isEmpty() && !endpoint.matches("https?://[^/\\s]+/?")) {
            throw new UnusableException("AWS_ENDPOINT_URL: " + endpoint + " is no URL of a host");
        }
        return new ConsoleSettings(
                arguments[0],
                region,
                port(text(environment, "CONSOLE_PORT", "3003")),
                zone(text(environment, "TIME_ZONE", ZoneId.systemDefault().getId())),
                endpoint.isEmpty() ? null : URI.create(endpoint.replaceFirst("/$", "")));
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        var value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new UnusableException("CONSOLE_PORT: " + text + " is not a whole number from 0 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new UnusableException("TIME_ZONE: " + text + " is no time zone such as America/Chicago");
        }
    }
}
