package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one of the programs, as {@code bin/benchmark} names it, and prints its tables as {@code docs/performance.md} shows them. */
public final class Benchmarks {
    /** Each program by its name on the command line. */
    static final Map<String, Program> PROGRAMS = new TreeMap<>(
            Map.of("cost", Cost::run, "load", Load::run, "scale", Scale::run, "start", Start::run, "warm", Warm::run));

    private Benchmarks() {}

    /** What measures, beside its alternatives, in one run. */
    @FunctionalInterface
    interface Program {
        /**
         * Measures, and tells how far it is on the way.
         *
         * @throws Exception whatever goes wrong, which ends the run: what is beside its alternatives says nothing without them
         */
        List<Table> run(Options options) throws Exception;
    }

    /** @param arguments the program's name, then its options */
    public static void main(String[] arguments) {
        var program = arguments.length == 0 ? null : PROGRAMS.get(arguments[0]);
        if (program == null) {
            System.err.println("usage: bin/benchmark PROGRAM [OPTION]…, where PROGRAM is one of " + PROGRAMS.keySet());
            System.exit(2);
            return;
        }
        var out = System.out;
        // Functions in this process write their metrics there.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        var status = 1;
        try {
            var options = Options.parse(List.of(arguments).subList(1, arguments.length));
            for (var table : program.run(options)) {
                out.println();
                out.print(table.markdown());
            }
            status = 0;
        } catch (Exception failed) {
            System.err.println(String.join(" ", arguments) + " failed: " + failed);
        }
        // What was measured may have left threads behind, such as those of DynamoDB Local.
        System.exit(status);
    }
}
