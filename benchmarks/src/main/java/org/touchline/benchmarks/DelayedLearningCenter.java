package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Learning Center that knows the {@link Crowd} and answers each call after the same time. The simulator would be the bottleneck: it
 * keeps everybody in memory behind one lock, checks a signature at each call, and copies its list for each page. This one works out each
 * answer from the number of the person, holds four bytes of each who is subscribed to, and refuses nothing. Safe for many threads.
 */
final class DelayedLearningCenter implements AutoCloseable {
    private static final String BASE = "/certifications";
    private static final int PER_PAGE = 100;
    private static final int ONE_IN = 100;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration delay;
    private final LongAdder calls = new LongAdder();
    private final Instant subscribedAt = Instant.now();

    private final BitSet subscribed = new BitSet();
    private int[] inOrder = new int[1024];
    private int subscriptions;
    private long lastSubscription;

    private final Instant unchangedSince = subscribedAt.minus(Duration.ofHours(1));
    private volatile Instant allChangedAt = unchangedSince;
    private volatile @Nullable Instant someChangedAt;

    DelayedLearningCenter(Duration delay) throws IOException {
        this.delay = delay;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + BASE);
    }

    /** How often it was called. */
    long calls() {
        return calls.sum();
    }

    /** Every license of everybody changes now; nobody is told. */
    void changeAll() {
        allChangedAt = Instant.now();
        someChangedAt = null;
    }

    /** All licenses are as they were before any changed. */
    void changeNothing() {
        allChangedAt = unchangedSince;
        someChangedAt = null;
    }

    /** The licenses of one person in a hundred change now; nobody is told. */
    void changeOneInAHundred() {
        someChangedAt = Instant.now();
    }

    /** When somebody was last subscribed to, as {@link System#nanoTime} tells it. */
    synchronized long lastSubscription() {
        return lastSubscription;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            calls.increment();
            Thread.sleep(delay);
            var answer = answer(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath().substring(BASE.length()),
                            query(exchange.getRequestURI().getRawQuery()))
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer(String method, String path, Map<String, String> query) {
        var parts = path.split("/", -1);
        return switch (parts[parts.length - 1]) {
            case "login", "refresh-token" -> "{\"access_token\":\"access\",\"refresh_token\":\"refresh\"}";
            case "licenses" -> catalog();
            case "users" -> match(query.getOrDefault("email", ""));
            case "referee-experience" -> "{\"ussf_id\":\"" + parts[2] + "\",\"referee_experience\":7}";
            case "subscriptions" ->
                parts.length == 2 ? subscriptions(query) : subscribe(method, Crowd.ofUssfId(parts[2]));
            case "user-licenses" -> parts.length == 2 ? changes(page(query)) : licensesOf(Crowd.ofUssfId(parts[2]));
            default -> throw new IllegalArgumentException(method + " " + path);
        };
    }

    private static String catalog() {
        return Crowd.LICENSES.stream()
                .map(id -> "{\"license_id\":\"" + id + "\",\"name\":\"" + id
                        + "\",\"discipline\":\"referee\",\"type\":\"referee_pathway\",\"rank\":1}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String match(String email) {
        return "{\"result\":\"match\",\"ussf_id\":\"" + Crowd.ussfId(Crowd.ofEmail(email)) + "\"}";
    }

    private synchronized String subscribe(String method, int number) {
        if (method.equals("DELETE")) {
            if (subscribed.get(number)) {
                subscribed.clear(number);
                var at = IntStream.range(0, subscriptions)
                        .filter(place -> inOrder[place] == number)
                        .findFirst()
                        .orElseThrow();
                System.arraycopy(inOrder, at + 1, inOrder, at, --subscriptions - at);
            }
        } else if (!subscribed.get(number)) {
            subscribe(number, number + 1);
            lastSubscription = System.nanoTime();
        }
        return "{}";
    }

    /** Subscribes to people from one number to another, which is left out: nobody has asked for them. */
    synchronized void subscribe(int from, int to) {
        for (var number = from; number < to; number++) {
            subscribed.set(number);
            if (subscriptions == inOrder.length) {
                inOrder = Arrays.copyOf(inOrder, 2 * subscriptions);
            }
            inOrder[subscriptions++] = number;
        }
    }

    private synchronized String subscriptions(Map<String, String> query) {
        var one = query.get("ussf_id");
        if (one != null) {
            return subscribed.get(Crowd.ofUssfId(one))
                    ? page(1, 1, Stream.of(subscription(Crowd.ofUssfId(one))))
                    : page(1, 0, Stream.of());
        }
        var page = page(query);
        return page(page, subscriptions, places(page, subscriptions).mapToObj(place -> subscription(inOrder[place])));
    }

    private String subscription(int number) {
        return "{\"ussf_id\":\"" + Crowd.ussfId(number) + "\",\"created_at\":\"" + subscribedAt + "\"}";
    }

    /** All licenses of all who are subscribed to: whoever asks, asks for the time in which they changed. */
    private synchronized String changes(int page) {
        var each = Crowd.LICENSES.size();
        var all = subscriptions * each;
        return page(
                page,
                all,
                places(page, all)
                        .mapToObj(place -> license(
                                inOrder[place / each], Crowd.LICENSES.get(place % each), "\"action\":\"updated\",")));
    }

    private String licensesOf(int number) {
        return Crowd.LICENSES.stream().map(id -> license(number, id, "")).collect(Collectors.joining(",", "[", "]"));
    }

    private String license(int number, String licenseId, String action) {
        var some = someChangedAt;
        var changedAt = some != null && number % ONE_IN == 0 ? some : allChangedAt;
        return "{\"ussf_id\":\"" + Crowd.ussfId(number) + "\"," + action + "\"license_id\":\"" + licenseId
                + "\",\"issuer\":\"U.S. Soccer\",\"issue_date\":\"2026-01-10\",\"expiration_date\":\"2099-12-31\",\"updated_at\":\""
                + changedAt + "\"}";
    }

    private static IntStream places(int page, int all) {
        return IntStream.range(Math.min(all, (page - 1) * PER_PAGE), Math.min(all, page * PER_PAGE));
    }

    private static String page(int page, int all, Stream<String> rows) {
        return rows.collect(Collectors.joining(",", "{\"data\":[", "],"))
                + String.format(
                        Locale.ROOT,
                        "\"pagination\":{\"current_page\":%d,\"per_page\":%d,\"last_page\":%d,\"total\":%d}}",
                        page,
                        PER_PAGE,
                        Math.max(1, Math.ceilDiv(all, PER_PAGE)),
                        all);
    }

    private static int page(Map<String, String> query) {
        return Integer.parseInt(query.getOrDefault("page", "1"));
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new HashMap<String, String>();
        for (var pair : raw == null ? new String[0] : raw.split("&")) {
            var equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
