package org.touchline.walk;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must be held in the end, whatever the order: the latest that was said of each license, under the id that each person has now. */
final class PeopleModel {
    private record Said(Instant at, boolean held) {}

    private final Map<String, Map<String, Said>> licenses = new HashMap<>();
    private final Map<String, String> movedTo = new TreeMap<>();
    private final Set<String> unsure = new TreeSet<>();
    private final Set<String> erased = new TreeSet<>();
    private final Set<String> toldOf = new TreeSet<>();
    private int experience = 4;
    private final Map<String, String> members = new TreeMap<>();

    /** What is so when a world begins, once what is owed has been done. */
    PeopleModel() {
        for (var id : java.util.List.of(World.ANN, World.BEN, World.CAL)) {
            said(id, "referee_8", true, World.BEGINNING);
            said(id, "coach_15", true, World.BEGINNING);
            members.put(World.memberIdentifier(id), id);
        }
        movedTo.put(World.BEN_BEFORE, World.BEN);
    }

    PeopleModel said(String ussfId, String licenseId, boolean held, Instant at) {
        licenses.computeIfAbsent(ussfId, _ -> new HashMap<>())
                .merge(licenseId, new Said(at, held), (one, other) -> one.at().isAfter(other.at()) ? one : other);
        return this;
    }

    PeopleModel moved(String former, String successor) {
        movedTo.put(former, successor);
        return this;
    }

    PeopleModel left(String member) {
        members.remove(member);
        return this;
    }

    PeopleModel erased(String ussfId) {
        erased.add(ussfId);
        licenses.remove(ussfId);
        members.values().removeIf(ussfId::equals);
        return this;
    }

    /** Whether licenses of the person are held depends on the order; that nobody asks for them is all that is certain. */
    PeopleModel unsure(String ussfId) {
        licenses.remove(ussfId);
        unsure.add(ussfId);
        return this;
    }

    /** The Learning Center tells of that id, whoever it is. */
    PeopleModel toldOf(String ussfId) {
        toldOf.add(ussfId);
        return this;
    }

    /** Whether the model says anything of that line. */
    boolean decides(String line) {
        return unsure.stream().noneMatch(id -> line.startsWith(id + " holds"));
    }

    PeopleModel experience(int years) {
        experience = years;
        return this;
    }

    private String present(String ussfId) {
        var id = ussfId;
        while (movedTo.containsKey(id)) {
            id = movedTo.get(id);
        }
        return id;
    }

    /** A line for each license that is held, each move, each member, and each person of whom the Learning Center tells. */
    TreeSet<String> lines() {
        var latest = new TreeMap<String, Said>();
        licenses.forEach((id, of) -> of.forEach((licenseId, said) -> latest.merge(
                present(id) + " holds " + licenseId,
                said,
                (one, other) -> one.at().isAfter(other.at()) ? one : other)));
        var lines = new TreeSet<String>();
        latest.forEach((line, said) -> {
            if (said.held()) {
                lines.add(line);
            }
        });
        if (!movedTo.containsKey(World.ANN) && !erased.contains(World.ANN)) {
            lines.add(World.ANN + " has " + experience + " years of experience");
        }
        movedTo.forEach((former, successor) -> lines.add(former + " moved to " + successor));
        toldOf.forEach(id -> lines.add("the Learning Center tells of " + id));
        members.forEach((member, id) -> {
            lines.add(member + " is enrolled, " + present(id));
            lines.add("the Learning Center tells of " + present(id));
            lines.add(present(id) + " is subscribed");
        });
        return lines;
    }
}
