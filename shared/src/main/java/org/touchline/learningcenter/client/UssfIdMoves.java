package org.touchline.learningcenter.client;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.license.UssfId;

/** Follows people whose USSF-ID has been changed, perhaps more than once (design rule 18). */
public final class UssfIdMoves {
    private static final int MOST_HOPS = 5;

    private UssfIdMoves() {}

    /**
     * Makes a call about a person, and makes it again under the new id for as long as the answer is that there is one.
     *
     * @param call throws {@link UssfIdChangedException} if the person has another id
     * @param moved told the old and the new id of each hop, before the new one is called
     * @throws UnintelligibleException if there are more than five hops, or they lead in a circle; of that circle's last hop
     *     nobody is told
     */
    public static <T> T follow(UssfId ussfId, Function<UssfId, T> call, BiConsumer<UssfId, UssfId> moved) {
        var met = new HashSet<>(Set.of(ussfId));
        var present = ussfId;
        while (true) {
            try {
                return call.apply(present);
            } catch (UssfIdChangedException changed) {
                var next = changed.newUssfId();
                if (!met.add(next)) {
                    throw new UnintelligibleException("the USSF-ID has been changed in a circle");
                }
                if (met.size() > MOST_HOPS + 1) {
                    throw new UnintelligibleException("the USSF-ID has been changed more than " + MOST_HOPS + " times");
                }
                moved.accept(present, next);
                present = next;
            }
        }
    }
}
