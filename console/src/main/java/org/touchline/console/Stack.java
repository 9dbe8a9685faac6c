package org.touchline.console;

import java.io.IOException;
import java.util.Map;

/**
 * The stack that the page is of. What it is asked has been looked up in a list of what is permitted.
 *
 * <p>Each method answers what the page is to be told, refusals included. {@link IOException} where nobody answers, within a limit of
 * time.
 */
interface Stack {
    /** What the page is told of it: {@code name}, {@code place}, {@code zone}, whether {@code local}, and {@code simulated}. */
    Map<String, Object> about();

    /** Asks a route of the API. */
    HttpAnswer api(PermittedCalls.Call call, byte[] body) throws IOException, InterruptedException;

    /**
     * Invokes a function and waits for its result.
     *
     * @param logicalId as the template names it
     */
    HttpAnswer invoke(String logicalId, byte[] payload) throws IOException, InterruptedException;

    /** The alarms that are on: {@code {"alarms":[{"name","description","reason","since"}]}}. */
    HttpAnswer alarms() throws IOException, InterruptedException;

    /** Tells the simulator something; 404 where there is none. */
    HttpAnswer simulator(PermittedCalls.Call call, byte[] body) throws IOException, InterruptedException;
}
