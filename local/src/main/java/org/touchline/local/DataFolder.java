package org.touchline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a run keeps what the next one goes on with (wire contract §6, {@code DATA_DIR}). What DynamoDB holds is there when it is
 * written. The rest is in memory, and follows within two seconds and at the end: a run that is killed loses no more.
 */
final class DataFolder implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Path folder;
    private final List<Kept> kept = new ArrayList<>();
    private final Repetition saving;

    /** What is in one file, as it was last written. */
    private static final class Kept {
        private final Path file;
        private final Supplier<byte[]> content;
        private byte[] written;

        Kept(Path file, Supplier<byte[]> content, byte[] written) {
            this.file = file;
            this.content = content;
            this.written = written;
        }
    }

    /**
     * Makes the folder if it is not there.
     *
     * @throws UncheckedIOException if that cannot be
     */
    DataFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(dynamoDb());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        saving = Repetition.of("data folder", () -> {
            Thread.sleep(PAUSE);
            save();
        });
    }

    /** The part that DynamoDB Local writes itself. */
    Path dynamoDb() {
        return folder.resolve("dynamodb");
    }

    /** What the run before left under that name, if there was one. */
    Optional<byte[]> read(String name) {
        try {
            var file = folder.resolve(name);
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps that from now on. */
    synchronized void keep(String name, Supplier<byte[]> content) {
        kept.add(new Kept(folder.resolve(name), content, new byte[0]));
    }

    private synchronized void save() {
        for (var each : kept) {
            var now = each.content.get();
            if (!Arrays.equals(now, each.written)) {
                write(each.file, now);
                each.written = now;
            }
        }
    }

    /** Whole or not at all, and for nobody else's eyes: secrets are among it. */
    private static void write(Path file, byte[] content) {
        try {
            var next = Files.createTempFile(file.getParent(), "next", "");
            Files.write(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        saving.close();
        save();
    }
}
