package org.touchline.local;

/**
 * What Lambda answers to one invocation.
 *
 * @param requestId the invocation's id, which its handler saw too
 * @param payload the function's answer, or a {@link FunctionError} as JSON
 * @param failed whether the payload is an error
 * @param log the last 4 KB of what the handler logged through its context
 */
record InvocationResult(String requestId, byte[] payload, boolean failed, String log) {}
