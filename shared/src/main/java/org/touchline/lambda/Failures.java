package org.touchline.lambda;

import java.util.Arrays;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** How exceptions are logged: without their messages, which may hold what somebody sent (design rule 21). */
final class Failures {
    private static final int MOST_FRAMES = 8;

    private Failures() {}

    /** The class of an exception and of its causes, AWS's error code, and where it came from. */
    static String describe(Throwable failure) {
        var description = new StringBuilder(failure.getClass().getName());
        if (failure instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            description
                    .append(' ')
                    .append(refused.awsErrorDetails().errorCode())
                    .append(" request ")
                    .append(refused.requestId());
        }
        description.append(Arrays.stream(failure.getStackTrace())
                .limit(MOST_FRAMES)
                .map(frame -> " at " + frame)
                .collect(Collectors.joining()));
        var cause = failure.getCause();
        return cause == null ? description.toString() : description + " caused by " + describe(cause);
    }
}
