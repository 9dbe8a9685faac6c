package org.touchline.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The page and what it asks: {@code /console/} with its files, and below it the calls that are handed on to the stack. Handed on is
 * what is on a list, and nothing that the browser says of it but method, path, query and body.
 *
 * <pre>
 * GET  /console/                        the page; its files below it
 * POST /console/session                 X-Console-Ticket: the session's token, and what stack it is
 * *    /console/api/…                   a route of the API
 * POST /console/functions/{LogicalId}   invokes a function
 * GET  /console/alarms                  those that are on
 * *    /console/learning-center/…       the simulator's controls, if there is one
 * </pre>
 *
 * <p>Each but the first two carries {@code X-Console-Token}. Safe for use by several threads.
 */
public final class Console implements LoopbackServer.Responder {
    /** Lambda's quota for the event of a synchronous invocation, in bytes. */
    private static final int MOST_BYTES = 6 * 1024 * 1024;

    private static final String ROOT = "/console/";
    private static final String API = ROOT + "api";
    private static final String LEARNING_CENTER = ROOT + "learning-center";
    private static final String FUNCTIONS = ROOT + "functions/";

    /** What the views need, by logical id. */
    private static final Set<String> FUNCTIONS_OF_THE_VIEWS = Set.of(
            "IntegrationCheckFunction",
            "MemberImportFunction",
            "PersonErasureFunction",
            "PersonRefreshFunction",
            "QuarantineReplayFunction");

    /** What who plays with a local run needs beside them. */
    private static final Set<String> FUNCTIONS_TO_PLAY_WITH =
            Set.of("LicenseCatalogSyncFunction", "UserLicenseReconciliationFunction");

    /** Strict: no script, style or picture but ours, no asset from elsewhere, no text that becomes markup. */
    private static final Map<String, List<String>> SAFETY = Map.of(
            "Content-Security-Policy",
            List.of(
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
                            + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"),
            "Cache-Control",
            List.of("no-store"),
            "Referrer-Policy",
            List.of("no-referrer"),
            "X-Content-Type-Options",
            List.of("nosniff"),
            "X-Frame-Options",
            List.of("DENY"),
            "Cross-Origin-Opener-Policy",
            List.of("same-origin"),
            "Cross-Origin-Resource-Policy",
            List.of("same-origin"));

    private final Stack stack;
    private final Admission admission;
    private final boolean isOpen;

    /**
     * @param isOpen whether whoever gets the page may use it: of the local run, which is open to this machine; of a deployed stack
     *     only who was given the address may
     */
    Console(Stack stack, Admission admission, boolean isOpen) {
        this.stack = stack;
        this.admission = admission;
        this.isOpen = isOpen;
    }

    /** The page of a local run. */
    public static Console ofLocalRun(LocalRunEndpoints endpoints, InstantSource clock) {
        return new Console(new LocalRunStack(endpoints, new Http()), new Admission(clock, new SecureRandom()), true);
    }

    /** Whether a request is for the page or for what is below it. */
    public static boolean isFor(String path) {
        return path.startsWith(ROOT);
    }

    /** What the page asks is told by who is asked; paths name people. */
    @Override
    public boolean isLogged(HttpExchange request) {
        return false;
    }

    @Override
    public HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException {
        var answer = answer(request);
        var headers = new HashMap<>(answer.headers());
        headers.putAll(SAFETY);
        return new HttpAnswer(answer.status(), headers, answer.body());
    }

    private HttpAnswer answer(HttpExchange request) throws IOException, InterruptedException {
        var body = LoopbackServer.body(request, MOST_BYTES);
        var path = request.getRequestURI().getRawPath();
        var method = request.getRequestMethod();
        if (isOfAnotherOrigin(request)) {
            return Problem.of(403, "Another origin", "Only the page itself may ask.");
        }
        if (method.equals("GET") && PageFiles.isOne(path)) {
            return PageFiles.answer(path, isOpen ? admission.ticket() : "");
        }
        if (method.equals("POST") && path.equals(ROOT + "session")) {
            return session(request);
        }
        if (!admission.isHeldBy(header(request, "X-Console-Token"))) {
            return Problem.of(401, "No session", "This page's session has ended.");
        }
        if (body.isEmpty()) {
            return Problem.of(413, "Too large", "Lambda takes 6 MB at once: send less.");
        }
        try {
            return handOn(request, method, path, body.get());
        } catch (IOException e) {
            return Problem.of(502, "No answer", explanation(e));
        }
    }

    private HttpAnswer session(HttpExchange request) {
        return admission
                .enter(header(request, "X-Console-Ticket"))
                .map(token -> {
                    var session = new HashMap<>(stack.about());
                    session.put("token", token);
                    return HttpAnswer.json(200, session);
                })
                .orElseGet(() -> Problem.of(
                        401, "Not this address", "The address was used before, or is older than ten seconds."));
    }

    private HttpAnswer handOn(HttpExchange request, String method, String path, byte[] body)
            throws IOException, InterruptedException {
        var query = request.getRequestURI().getRawQuery();
        if (path.equals(ROOT + "session") && method.equals("GET")) {
            return HttpAnswer.json(200, stack.about());
        }
        if (path.equals(ROOT + "alarms") && method.equals("GET")) {
            return stack.alarms();
        }
        if (path.startsWith(FUNCTIONS) && method.equals("POST")) {
            var function = path.substring(FUNCTIONS.length());
            return isPermitted(function) ? stack.invoke(function, body) : notPermitted();
        }
        if (path.startsWith(API + "/")) {
            var call = PermittedCalls.OF_THE_API.find(method, path.substring(API.length()), query);
            return call.isPresent() ? stack.api(call.get(), body) : notPermitted();
        }
        if (path.startsWith(LEARNING_CENTER + "/")) {
            var call = PermittedCalls.OF_THE_SIMULATOR.find(method, path.substring(LEARNING_CENTER.length()), query);
            return call.isPresent() ? stack.simulator(call.get(), body) : notPermitted();
        }
        return notPermitted();
    }

    private boolean isPermitted(String function) {
        return FUNCTIONS_OF_THE_VIEWS.contains(function) || isOpen && FUNCTIONS_TO_PLAY_WITH.contains(function);
    }

    private static HttpAnswer notPermitted() {
        return Problem.of(404, "Not on the list", "The console hands on what its views need, and nothing else.");
    }

    /** A browser says where a request comes from; what is no browser says nothing, and needs the token all the same. */
    private static boolean isOfAnotherOrigin(HttpExchange request) {
        var origin = request.getRequestHeaders().getFirst("Origin");
        var host = request.getRequestHeaders().getFirst("Host");
        return origin != null && !origin.equalsIgnoreCase("http://" + host)
                || header(request, "Sec-Fetch-Site").equals("cross-site") && !isNavigation(request);
    }

    /** A link that was sent to somebody may be followed: what is opened then is the page, not what is asked. */
    private static boolean isNavigation(HttpExchange request) {
        return request.getRequestMethod().equals("GET")
                && header(request, "Sec-Fetch-Mode").equals("navigate")
                && header(request, "Sec-Fetch-Dest").equals("document");
    }

    private static String header(HttpExchange request, String name) {
        var value = request.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static String explanation(IOException e) {
        return switch (e) {
            case HttpTimeoutException _ ->
                "Nobody answered in time. It may be done all the same: look again before you repeat it.";
            case ConnectException _ -> "Nobody answers there: is this machine online, and the stack deployed?";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
