package org.touchline.walk;

/** In which way a request goes wrong. */
enum Way {
    /** It is not sent; whoever sends it is told so once the client has given up. */
    FAILS,
    /** Nor is any later one of this invocation. */
    ALL_FAIL,
    /** It is sent and done, and the answer is lost. */
    ANSWER_LOST,
    /** It is sent and done, the answer is lost, and the client repeats it: as the SDK does, of its own accord. */
    SENT_TWICE,
    /** It is told to come later; of a batch, half is left undone. */
    THROTTLED,
    /** Somebody else is at the item in a transaction (design §8): DynamoDB Local never says so. */
    CONFLICTS,
    /** The process is gone before it is sent: a time-out, or an instance that dies. What is held stays held. */
    STOPS_BEFORE,
    /** The process is gone once it is done. */
    STOPS_AFTER,
    /** It takes longer than any lease is held: others may have taken over. */
    LATE,
    /** The process is gone once it is done, and all that it left has outlived its time when it comes again: DynamoDB deletes late. */
    OUTLIVED,
    /** Every index shows what was so before the invocation. */
    INDEX_LAGS;

    /** Whether it goes wrong at one request, and not at all of them. */
    boolean isAtOneRequest() {
        return this != INDEX_LAGS;
    }

    /** Whether it passes by itself, within what a function that gets on with others has to bear (design §8). */
    boolean passes() {
        return this == SENT_TWICE || this == CONFLICTS || this == INDEX_LAGS;
    }
}
