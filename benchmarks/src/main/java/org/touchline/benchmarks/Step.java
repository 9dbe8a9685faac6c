package org.touchline.benchmarks;

import java.time.Duration;
import org.touchline.benchmarks.CapacityMeter.Sums;

/**
 * What one kind of work took.
 *
 * @param rows on how much was worked: people, rows, requests, as the work's name says
 * @param failures how many of the invocations failed, and were tried again
 * @param calls of the Learning Center
 * @param cpu of the function's process, without its start
 * @param standIns CPU meanwhile of DynamoDB Local and the Learning Center's stand-in, which are in one process
 * @param residentKilobytes the most memory that the function's process had
 * @param left what it leaves for the next run
 */
record Step(
        long rows,
        Duration took,
        int invocations,
        int failures,
        long calls,
        Sums sums,
        Duration cpu,
        Duration standIns,
        long residentKilobytes,
        String left) {
    private static final double MILLIS = 1e6;

    double rowsPerSecond() {
        return rows / seconds();
    }

    double callsPerSecond() {
        return calls / seconds();
    }

    double seconds() {
        return took.toNanos() / (MILLIS * 1000);
    }

    double readUnits() {
        return sums.readUnits() / rows;
    }

    double writeUnits() {
        return sums.writeUnits() / rows;
    }

    double requests() {
        return (double) sums.requests() / rows;
    }

    double callsEach() {
        return (double) calls / rows;
    }

    double cpuMillis() {
        return cpu.toNanos() / MILLIS / rows;
    }

    /** How many cores the function kept busy, and how many the stand-ins. */
    double cores() {
        return (double) cpu.toNanos() / took.toNanos();
    }

    double coresOfStandIns() {
        return (double) standIns.toNanos() / took.toNanos();
    }
}
