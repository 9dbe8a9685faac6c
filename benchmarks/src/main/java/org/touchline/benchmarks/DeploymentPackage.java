package org.touchline.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function as it is deployed: its classes at the root, its jars in {@code lib/}, stored as {@code functions/Makefile} stores them.
 *
 * @param folder what Lambda calls the task root
 */
record DeploymentPackage(Path folder, String handler) {
    /**
     * Lays out what {@code bin/benchmark} built of a module.
     *
     * @param module its folder, whose {@code target/classpath} names its jars
     * @param into an empty folder
     */
    static DeploymentPackage ofModule(Path root, Path module, String handler, Path into) {
        try {
            copy(module.resolve("target/classes"), into);
            var lib = Files.createDirectory(into.resolve("lib"));
            for (var jar :
                    Files.readString(module.resolve("target/classpath")).strip().split(":", -1)) {
                Files.copy(Path.of(jar), lib.resolve(Path.of(jar).getFileName()));
            }
            Commands.run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    root.resolve("functions/StoreJars.java").toString(),
                    lib.toString()));
            return new DeploymentPackage(into, handler);
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    /** A class of a module that needs nothing but what Lambda's runtime has. */
    static DeploymentPackage ofClassAlone(Path module, String handler, Path into) {
        var file = Path.of(handler.replace('.', '/') + ".class");
        try {
            Files.createDirectories(into.resolve(file).getParent());
            Files.copy(module.resolve("target/classes").resolve(file), into.resolve(file));
            return new DeploymentPackage(into, handler);
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    /** How many bytes are uploaded: all of it, zipped. */
    long bytes() {
        var counted = new CountingStream();
        try (var zip = new ZipOutputStream(counted)) {
            zip.setLevel(Deflater.DEFAULT_COMPRESSION);
            for (var file : files()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
        return counted.bytes;
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path into) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : (Iterable<Path>) all::iterator) {
                var copy = into.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }

    private static final class CountingStream extends OutputStream {
        private long bytes;

        @Override
        public void write(int oneByte) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int from, int length) {
            bytes += length;
        }
    }
}
