package org.touchline.dynamodb;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

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
    private static final int SEGMENTS = 32;

    private LongRead() {}

    /**
     * The items of a whole table. If it has more than a page, it is read again, in segments, one after the other: DynamoDB Local counts its
     * way to where a page begins, which with a million people takes longer than a request may; a segment begins at once. To DynamoDB
     * it is all the same.
     */
    public static Stream<Item> ofTable(DynamoDbClient dynamoDb, ScanRequest scan) {
        var first = dynamoDb.scan(scan);
        var pages = first.lastEvaluatedKey().isEmpty()
                ? Stream.of(first)
                : IntStream.range(0, SEGMENTS).boxed().flatMap(segment -> segment(dynamoDb, scan, segment));
        return items(pages, ScanResponse::items);
    }

    private static Stream<ScanResponse> segment(DynamoDbClient dynamoDb, ScanRequest scan, int segment) {
        return dynamoDb
                .scanPaginator(scan.toBuilder()
                        .segment(segment)
                        .totalSegments(SEGMENTS)
                        .build())
                .stream();
    }

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
