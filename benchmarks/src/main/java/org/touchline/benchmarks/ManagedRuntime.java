package org.touchline.benchmarks;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How Lambda's managed Java runtime starts a function: the same client, on a class path of its own, with the same flags. Lambda's own
 * archive of classes is not to be had: here it is the JDK's.
 */
final class ManagedRuntime {
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.";
    private static final double HEAP_SHARE = 0.85;
    private static final int KILOBYTES = 1024;

    private final List<Path> jars;
    private final Path natives;

    /** @param folder where the client's native library is put, which it would else write anew at each start */
    ManagedRuntime(Path folder) throws IOException {
        jars = Stream.of(
                        CLIENT + "AWSLambda",
                        "com.amazonaws.services.lambda.runtime.Context",
                        "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer")
                .map(ManagedRuntime::jarOf)
                .toList();
        var name = "libaws-lambda-jni.linux-" + (System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch_64")
                + ".so";
        natives = folder.resolve(name);
        try (var library = ClassLoader.getSystemResourceAsStream("jni/" + name)) {
            Files.copy(java.util.Objects.requireNonNull(library, name), natives);
        }
    }

    /**
     * The Java command, up to the class path.
     *
     * @param megabytes the function's memory, of which the heap gets 85 of 100
     * @param more options of one's own
     */
    List<String> java(int megabytes, String... more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:MaxHeapSize=" + Math.round(HEAP_SHARE * megabytes * KILOBYTES) + "k");
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.net.preferIPv4Stack=true",
                "-D" + CLIENT + "runtimeapi.NativeClient.JNI=" + natives));
        command.addAll(List.of(more));
        command.add("-classpath");
        command.add(jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        return command;
    }

    private static Path jarOf(String name) {
        try {
            return Path.of(Class.forName(name)
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
