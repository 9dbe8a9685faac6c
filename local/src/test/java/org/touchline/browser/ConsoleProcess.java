package org.touchline.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.touchline.local.SignatureV4;

/** The console of a deployed stack as {@code bin/console} starts it: a process of its own, with the operator's credentials. */
final class ConsoleProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/console/#/enter/\\S+");

    private final Process process;
    private final BufferedReader out;

    ConsoleProcess(AwsAccount account, Map<String, String> more) throws IOException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.touchline.console.ConsoleServer",
                        AwsAccount.STACK)
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL",
                        account.uri().toString(),
                        "AWS_REGION",
                        SignatureV4.REGION,
                        "AWS_ACCESS_KEY_ID",
                        SignatureV4.ACCESS_KEY_ID,
                        "AWS_SECRET_ACCESS_KEY",
                        SignatureV4.SECRET_ACCESS_KEY,
                        "AWS_SESSION_TOKEN",
                        SignatureV4.SESSION_TOKEN,
                        "BROWSER",
                        "none",
                        "CONSOLE_PORT",
                        "0",
                        "TIME_ZONE",
                        "America/Chicago"));
        builder.environment().putAll(more);
        process = builder.start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** The next address that it prints: the first by itself, and one for each Enter. */
    URI address() throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            var address = ADDRESS.matcher(line);
            if (address.find()) {
                return URI.create(address.group());
            }
        }
        throw new IOException("it ended without an address");
    }

    URI anotherAddress() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return address();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
