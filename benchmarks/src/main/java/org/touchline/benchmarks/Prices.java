package org.touchline.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** List prices in dollars, and what is free, out of {@code prices.properties}, which says of when they are. */
final class Prices {
    private static final String FILE = "prices.properties";

    private final Properties values = new Properties();

    Prices() {
        try (var file = Objects.requireNonNull(Prices.class.getResourceAsStream(FILE), FILE)) {
            values.load(file);
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }

    /** Of when they are, such as {@code November 2026}. */
    String date() {
        return text("date");
    }

    /** As it is written there. */
    String text(String name) {
        return Objects.requireNonNull(values.getProperty(name), name);
    }

    double of(String name) {
        return Double.parseDouble(text(name));
    }

    /** Of so many, where a million has that price. */
    double ofMillion(String name, double count) {
        return of(name) * count / 1e6;
    }
}
