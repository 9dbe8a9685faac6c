package org.touchline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The files of the page, which are on the class path. */
final class PageFiles {
    private static final String ROOT = "/console/";
    private static final String PAGE = "index.html";
    /** Where the page finds the ticket that it enters with; empty where it has to be given another. */
    private static final String TICKET = "{{ticket}}";
    /** Names have no dots but the last: no path leads out of the folder. */
    private static final Pattern FILE = Pattern.compile("/console/((?:views/)?[a-z-]+\\.(js|css|svg))");

    private PageFiles() {}

    static boolean isOne(String path) {
        return path.equals("/") || path.equals(ROOT) || FILE.matcher(path).matches();
    }

    static HttpAnswer answer(String path, String ticket) throws IOException {
        var file = FILE.matcher(path);
        if (!file.matches()) {
            var page = new String(read(PAGE), UTF_8).replace(TICKET, ticket);
            return answer("text/html; charset=utf-8", page.getBytes(UTF_8));
        }
        var content = read(file.group(1));
        return content.length == 0
                ? Problem.of(404, "Not Found", "The page has no such file.")
                : answer(type(file.group(2)), content);
    }

    private static String type(String ending) {
        return switch (ending) {
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            default -> "image/svg+xml";
        };
    }

    private static HttpAnswer answer(String type, byte[] content) {
        return new HttpAnswer(200, Map.of("Content-Type", List.of(type)), content);
    }

    private static byte[] read(String name) throws IOException {
        try (var file = PageFiles.class.getResourceAsStream("page/" + name)) {
            return file == null ? new byte[0] : file.readAllBytes();
        }
    }
}
