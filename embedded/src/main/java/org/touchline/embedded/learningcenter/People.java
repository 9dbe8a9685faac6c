package org.touchline.embedded.learningcenter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who there is, and which ids are former ones. Guarded by whoever holds it. */
final class People {
    private final Map<String, Person> byUssfId = new LinkedHashMap<>();
    private final Map<String, String> ussfIdByEmail = new HashMap<>();
    private final Map<String, String> movedTo = new HashMap<>();

    /**
     * What is known of a person who is looked for; null matches anything.
     *
     * @param dob compared as text, as it was sent
     */
    record Query(
            @Nullable String email,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable String dob) {
        /** An e-mail, or all the others: less is no question. */
        boolean isEnough() {
            return email != null || firstName != null && lastName != null && dob != null;
        }

        private boolean matches(Person person) {
            return (email == null || email.equals(person.email()))
                    && (firstName == null || firstName.equals(person.firstName()))
                    && (lastName == null || lastName.equals(person.lastName()))
                    && (dob == null || dob.equals(person.dob().toString()));
        }
    }

    List<Person> all() {
        return List.copyOf(byUssfId.values());
    }

    /** Former ids, and which id came after each. */
    Map<String, String> moves() {
        return Map.copyOf(movedTo);
    }

    /** Puts these in the place of everybody. */
    void replace(List<Person> people, Map<String, String> moves) {
        byUssfId.clear();
        ussfIdByEmail.clear();
        movedTo.clear();
        people.forEach(this::put);
        movedTo.putAll(moves);
    }

    /** The person with that id, or the refusal that says where they moved or that there is no such person. */
    Person get(String ussfId) {
        var person = byUssfId.get(ussfId);
        if (person != null) {
            return person;
        }
        var newUssfId = movedTo.get(ussfId);
        throw newUssfId == null ? Refusal.unknownUssfId() : Refusal.moved(newUssfId);
    }

    /** Everyone of whom all that is asked is exactly true. */
    List<Person> find(Query query) {
        if (query.email() != null) {
            var ussfId = ussfIdByEmail.get(query.email());
            return ussfId == null
                    ? List.of()
                    : List.of(get(ussfId)).stream().filter(query::matches).toList();
        }
        return byUssfId.values().stream().filter(query::matches).toList();
    }

    /** Adds a person or replaces the one with that id. */
    void put(Person person) {
        var holder = ussfIdByEmail.get(person.email());
        if (holder != null && !holder.equals(person.ussfId())) {
            throw Refusal.of(409, "email belongs to " + holder);
        }
        if (movedTo.containsKey(person.ussfId())) {
            throw Refusal.moved(movedTo.get(person.ussfId()));
        }
        var before = byUssfId.put(person.ussfId(), person);
        if (before != null) {
            ussfIdByEmail.remove(before.email());
        }
        ussfIdByEmail.put(person.email(), person.ussfId());
    }

    /**
     * Makes {@code current} a former id of {@code next}; where that is somebody already, they are the one who stays.
     */
    void move(String current, String next) {
        var person = get(current);
        if (current.equals(next)) {
            throw Refusal.badRequest("the new ussf_id is the current one");
        }
        if (movedTo.containsKey(next)) {
            throw Refusal.of(409, "the new ussf_id is a former one");
        }
        var moved = Objects.requireNonNullElseGet(byUssfId.get(next), () -> person.withUssfId(next));
        byUssfId.remove(current);
        ussfIdByEmail.remove(person.email());
        movedTo.put(current, next);
        put(moved);
    }
}
