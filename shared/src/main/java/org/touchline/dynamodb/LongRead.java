package org.touchline.dynamodb;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads what is long, such as a whole table, page by page as it is consumed, and leaves room for others (design rule 32): ten pages a
 * second at most. A page is a megabyte, 128 read units where it need not be consistent; a partition of DynamoDB gives 3,000 a second.
 * Who reads says how many items a page has at most: a megabyte of small ones is many times that as objects, and DynamoDB Local reads
 * all that is left of a table for a page without a limit.
 */
public final class LongRead {
    /** So many items are on a page at most. */
    public static final int PAGE = 4_000;

    private static final Duration A_PAGE = Duration.ofMillis(100);

    private LongRead() {}

    /**
     * The items of all pages.
     *
     * @param pages as a paginator of the SDK streams them
     * @param items of a page
     */
    public static <P> Stream<Item> items(Stream<P> pages, Function<P, List<Map<String, AttributeValue>>> items) {
        return pages.peek(unhurried())
                .flatMap(page -> items.apply(page).stream())
                .map(Item::new);
    }

    private static Consumer<Object> unhurried() {
        return new Consumer<>() {
            private long earliest = System.nanoTime();

            @Override
            public void accept(Object page) {
                for (var wait = left(); wait > 0 && !Thread.currentThread().isInterrupted(); wait = left()) {
                    LockSupport.parkNanos(wait);
                }
                earliest = System.nanoTime() + A_PAGE.toNanos();
            }

            private long left() {
                return earliest - System.nanoTime();
            }
        };
    }
}
