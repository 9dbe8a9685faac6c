package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

class HttpTest {
    @Test
    void connectionThatBreaksIsSaidInWords() throws Exception {
        try (var http = new Http();
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    server.accept().close();
                } catch (IOException e) {
                    // Nobody came.
                }
            });
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                    .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();

            var broken = assertThrows(IOException.class, () -> http.send(request));

            assertTrue(broken.getMessage().startsWith("The connection broke "), broken::getMessage);
        }
    }
}
