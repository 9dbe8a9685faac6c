package org.touchline.dynamodb;

import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Single writes that meet another's transaction on the same item: DynamoDB refuses them, and nobody repeats them (design §8). */
public final class Conflicts {
    private static final int MOST_TRIES = 10;

    private Conflicts() {}

    /**
     * What is thrown by whoever lost against others each time.
     *
     * @param what has happened to it, such as {@code the person was changed}
     */
    public static TransactionConflictException lost(String what, int times) {
        return TransactionConflictException.builder()
                .message(what + " by others " + times + " times in a row")
                .build();
    }

    /**
     * Makes a write, again for as long as it meets a transaction, at most ten times.
     *
     * @throws TransactionConflictException if it met one each time; nothing was written
     */
    public static <T> T repeating(Supplier<T> write) {
        for (var tries = 1; ; tries++) {
            try {
                return write.get();
            } catch (TransactionConflictException another) {
                if (tries == MOST_TRIES) {
                    throw another;
                }
                Backoff.pause(tries);
            }
        }
    }
}
