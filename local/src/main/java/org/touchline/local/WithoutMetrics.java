package org.touchline.local;

import java.io.PrintStream;

/** A terminal for people: what functions print for CloudWatch's embedded metric format, a line of JSON each, is left out. */
final class WithoutMetrics extends PrintStream {
    private static final String METRIC = "{\"_aws\":";

    WithoutMetrics(PrintStream out) {
        super(out, true, out.charset());
    }

    @Override
    public void print(String text) {
        if (!text.startsWith(METRIC)) {
            super.print(text);
        }
    }
}
