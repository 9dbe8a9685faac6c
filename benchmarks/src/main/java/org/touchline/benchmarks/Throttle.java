package org.touchline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes CPU away from a process as Lambda does, by a control group (version 1, {@code cpu.cfs_quota_us}): while a function initializes
 * it has all there is, and from its first call on the share that its memory brings, a vCPU for each 1,769 MB, in slices of 20 ms.
 */
final class Throttle implements AutoCloseable {
    private static final Path CONTROLLER = Path.of("/sys/fs/cgroup/cpu");
    private static final int SLICE_MICROS = 20_000;
    private static final double MEGABYTES_A_CORE = 1769;

    /** All that the machine has. */
    static final double ALL = -1;

    private final Path group;

    private Throttle(Path group) {
        this.group = group;
    }

    /** A group that takes nothing away yet; empty where this machine has no such groups, or they cannot be written. */
    static Optional<Throttle> create() {
        var group = CONTROLLER.resolve("touchline-benchmark-" + UUID.randomUUID());
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(SLICE_MICROS));
            return Optional.of(new Throttle(group));
        } catch (IOException noGroups) {
            return Optional.empty();
        }
    }

    /** The share of a core that Lambda gives a function of so much memory. */
    static double share(int megabytes) {
        return megabytes / MEGABYTES_A_CORE;
    }

    /** What a process has to be started behind to be in the group. */
    List<String> wrapper() {
        return List.of(
                "sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString());
    }

    /** From now on its processes have that share of a core, all together. */
    void limitTo(double share) throws IOException {
        var quota = share == ALL ? "-1" : Long.toString(Math.round(share * SLICE_MICROS));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), quota);
    }

    /** Ends the group, whose processes have ended. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
