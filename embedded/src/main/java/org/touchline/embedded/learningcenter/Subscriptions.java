package org.touchline.embedded.learningcenter;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is subscribed to, and since when. Guarded by whoever holds it. */
final class Subscriptions {
    private final Map<String, Instant> createdAt = new HashMap<>();

    /** All of them, the oldest first; null once something has changed. Made when asked for: that comes page by page. */
    private @Nullable List<Subscription> inOrder;

    /** A row of {@code GET /subscriptions}. */
    record Subscription(String ussfId, Instant createdAt) {}

    boolean contains(String ussfId) {
        return createdAt.containsKey(ussfId);
    }

    Set<String> ussfIds() {
        return createdAt.keySet();
    }

    /** All of them, the oldest first. */
    List<Subscription> all() {
        if (inOrder == null) {
            inOrder = createdAt.entrySet().stream()
                    .map(entry -> new Subscription(entry.getKey(), entry.getValue()))
                    .sorted(comparing(Subscription::createdAt).thenComparing(Subscription::ussfId))
                    .toList();
        }
        return inOrder;
    }

    /** That of one person, if there is one. */
    List<Subscription> of(String ussfId) {
        var since = createdAt.get(ussfId);
        return since == null ? List.of() : List.of(new Subscription(ussfId, since));
    }

    /** Puts these in the place of all. */
    void replace(List<Subscription> subscriptions) {
        createdAt.clear();
        subscriptions.forEach(each -> createdAt.put(each.ussfId(), each.createdAt()));
        inOrder = null;
    }

    /** Subscribing twice is subscribing once. */
    void add(String ussfId, Instant now) {
        createdAt.putIfAbsent(ussfId, now);
        inOrder = null;
    }

    void remove(String ussfId) {
        createdAt.remove(ussfId);
        inOrder = null;
    }

    /** Takes a subscription along to another id, if there is one; where that has one too, the older one stays. */
    boolean move(String current, String next) {
        var since = createdAt.remove(current);
        if (since == null) {
            return false;
        }
        createdAt.merge(next, since, (one, other) -> one.isBefore(other) ? one : other);
        inOrder = null;
        return true;
    }
}
