package org.touchline.learningcenter;

import java.util.random.RandomGenerator;

/** No chance at all: always that share of what is possible, so that jitter can be told to the millisecond. */
public record Chance(double share) implements RandomGenerator {
    public static final Chance LEAST = new Chance(0);
    public static final Chance MOST = new Chance(1);

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("only bounded");
    }

    @Override
    public long nextLong(long bound) {
        return Math.round(share * (bound - 1));
    }
}
