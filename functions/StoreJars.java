import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the jars of a folder again without compression: a package is compressed as a whole when it is deployed, and what is
 * alike in many classes then counts once; and the JVM need not decompress what Lambda has already. The same jar always gives the
 * same bytes, so that an unchanged function is not deployed again. Part of {@code functions/Makefile}: {@code java StoreJars.java
 * FOLDER}.
 */
final class StoreJars {
    /** The earliest that a zip file can say. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private StoreJars() {}

    public static void main(String[] args) throws IOException {
        List<Path> jars;
        try (var files = Files.list(Path.of(args[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (var jar : jars) {
            store(jar);
        }
    }

    private static void store(Path jar) throws IOException {
        var stored = jar.resolveSibling(jar.getFileName() + ".stored");
        try (var from = new ZipFile(jar.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(stored))) {
            for (var entry : Collections.list(from.entries())) {
                if (!entry.isDirectory()) {
                    add(entry.getName(), from.getInputStream(entry).readAllBytes(), to);
                }
            }
        }
        Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void add(String name, byte[] bytes, ZipOutputStream to) throws IOException {
        var checksum = new CRC32();
        checksum.update(bytes);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(NO_TIME);
        to.putNextEntry(entry);
        to.write(bytes);
        to.closeEntry();
    }
}
