package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.io.PrintStream;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.Template;

/** One invocation as its handler sees it; what it logs is printed, one line an entry, behind the function's logical id. */
final class Invocation implements Context, LambdaLogger {
    private static final int LOG_TAIL = 4 * 1024;

    private final String requestId = UUID.randomUUID().toString();

    @SuppressWarnings("JdkObsolete") // A handler may log from several threads.
    private final StringBuffer log = new StringBuffer();

    private final Template.Function function;
    private final PrintStream out;
    private volatile long deadline;

    Invocation(Template.Function function, PrintStream out) {
        this.function = function;
        this.out = out;
        startClock();
    }

    /** The handler's time starts now: it does not include what making the handler took. */
    void startClock() {
        deadline = System.nanoTime() + function.timeout().toNanos();
    }

    InvocationResult answered(byte[] payload) {
        return new InvocationResult(requestId, payload, false, logTail());
    }

    InvocationResult failed(FunctionError error) {
        log(error.text());
        return new InvocationResult(requestId, error.json(), true, logTail());
    }

    private String logTail() {
        return log.substring(Math.max(0, log.length() - LOG_TAIL));
    }

    @Override
    public void log(String message) {
        var line = message.stripTrailing();
        log.append(line).append('\n');
        out.println("[" + function.logicalId() + "] " + line);
    }

    @Override
    public void log(byte[] message) {
        log(new String(message, UTF_8));
    }

    @Override
    public LambdaLogger getLogger() {
        return this;
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public int getRemainingTimeInMillis() {
        var remaining = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        return Math.toIntExact(Math.max(0, remaining));
    }

    @Override
    public String getFunctionName() {
        return function.name();
    }

    @Override
    public String getFunctionVersion() {
        return InvokeGateway.LATEST;
    }

    @Override
    public String getInvokedFunctionArn() {
        return function.arn();
    }

    @Override
    public int getMemoryLimitInMB() {
        return function.memorySize();
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + function.name();
    }

    @Override
    public String getLogStreamName() {
        return "local";
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }
}
