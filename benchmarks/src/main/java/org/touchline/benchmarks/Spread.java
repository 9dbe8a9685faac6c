package org.touchline.benchmarks;

import java.util.Collection;
import java.util.Locale;

/**
 * Measured several times: the median, and between which two figures the middle half lies.
 *
 * @param runs how often
 */
record Spread(double median, double lower, double upper, int runs) {
    /** @throws IllegalArgumentException if nothing was measured */
    static Spread of(Collection<? extends Number> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        var sorted = measured.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
    }

    /** Below which that share of sorted figures lies; between two of them, as far as it says. */
    static double quantile(double[] sorted, double share) {
        var place = share * (sorted.length - 1);
        var below = (int) Math.floor(place);
        var above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** How many of the other one this is. */
    double dividedBy(Spread other) {
        return median / other.median;
    }

    /** Such as {@code 412 (398–431)}; with decimals where the figure is small. */
    @Override
    public String toString() {
        return shown(median) + " (" + shown(lower) + "–" + shown(upper) + ")";
    }

    /** Three digits, as far as there are. */
    static String shown(double figure) {
        var size = Math.abs(figure);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", figure);
    }
}
