package org.touchline.embedded.learningcenter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are still to come. Each counts the calls it is meant for; the oldest that is due wins. Thread-safe.
 */
final class FaultSchedule {
    private final List<Pending> pending = new ArrayList<>();

    private static final class Pending {
        private final Fault fault;
        private int toPass;
        private int toMeet;

        Pending(Fault fault) {
            this.fault = fault;
            this.toPass = fault.after();
            this.toMeet = fault.times();
        }

        boolean matches(Call call, String pattern) {
            var target = fault.path().split("\\?", 2);
            return (fault.method() == null || fault.method().equals(call.method()))
                    && (call.path().startsWith(target[0]) || pattern.startsWith(target[0]))
                    && (target.length == 1
                            || call.query()
                                    .entrySet()
                                    .containsAll(Call.parameters(target[1]).entrySet()));
        }
    }

    synchronized void add(Fault fault) {
        pending.add(new Pending(fault));
    }

    synchronized void clear() {
        pending.clear();
    }

    /**
     * What happens to this call, which counts against the faults that match it.
     *
     * @param call below {@code /certifications}
     * @param pattern as the contract writes it; the path itself where there is no such call
     */
    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // Nothing is read of it afterwards.
    synchronized Fault.@Nullable Effect next(Call call, String pattern) {
        for (var candidate : pending) {
            if (candidate.matches(call, pattern)) {
                if (candidate.toPass > 0) {
                    candidate.toPass--;
                } else {
                    if (--candidate.toMeet == 0) {
                        pending.remove(candidate);
                    }
                    return candidate.fault.effect();
                }
            }
        }
        return null;
    }
}
