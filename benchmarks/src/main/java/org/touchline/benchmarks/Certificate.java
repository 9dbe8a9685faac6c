package org.touchline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for {@code localhost} that only processes started here trust: among all others that they trust anyway, for reading
 * those is part of a start.
 *
 * @param bundle the system's certificates and this one, in PEM, for what does not ask Java
 * @param trustStore Java's certificates and this one
 */
record Certificate(SSLContext server, Path bundle, Path trustStore) {
    /** Where Linux distributions keep what they trust; the first that is there is what the AWS Common Runtime reads. */
    private static final List<Path> BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"));

    private static final String PASSWORD = "changeit";

    /** @param folder where its files are */
    static Certificate in(Path folder) throws IOException, GeneralSecurityException {
        var own = folder.resolve("localhost.p12");
        keytool(
                "-genkeypair -alias localhost -keyalg RSA -keysize 2048 -validity 2 -dname CN=localhost -storetype"
                        + " PKCS12 -ext bc:c=ca:true -ext san=dns:localhost,ip:127.0.0.1 -keystore",
                own);
        var pem = folder.resolve("localhost.pem");
        keytool("-exportcert -rfc -alias localhost -keystore " + own + " -file", pem);
        var bundle = Files.copy(systemBundle(), folder.resolve("bundle.pem"));
        Files.write(bundle, Files.readAllBytes(pem), StandardOpenOption.APPEND);
        var trustStore = Files.copy(
                Path.of(System.getProperty("java.home"), "lib", "security", "cacerts"), folder.resolve("cacerts"));
        keytool("-importcert -noprompt -alias localhost -file " + pem + " -keystore", trustStore);
        return new Certificate(context(own), bundle, trustStore);
    }

    /** What a process has to be started behind, so that it finds {@link #bundle} where the system's certificates are. */
    List<String> wrapper() {
        return List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
                bundle.toString(),
                systemBundle().toString());
    }

    private static Path systemBundle() {
        return BUNDLES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("none of these is there: " + BUNDLES));
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String options, Path last) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of(last.toString(), "-storepass", PASSWORD));
        Commands.run(command);
    }
}
