package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signature Version 4 as AWS's documentation computes it, by the only credentials that there are here. */
public final class SignatureV4 {
    public static final String ACCESS_KEY_ID = "AKIDEXAMPLE";
    public static final String SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public static final String SESSION_TOKEN = "IQoJb3JpZ2luX2Vj/EXAMPLE+token==";
    public static final String REGION = "us-west-2";
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY_ID + "/(\\d{8})/" + REGION
                    + "/([a-z-]+)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

    private SignatureV4() {}

    /** The service that a request says it is signed for. */
    public static Optional<String> service(HttpExchange exchange) {
        return Optional.of(authorization(exchange)).filter(Matcher::matches).map(matched -> matched.group(2));
    }

    /**
     * Whether a request is signed for that service.
     *
     * @param path as it is signed: most signers encode it twice
     */
    public static boolean isOn(HttpExchange exchange, String service, String path, byte[] body)
            throws GeneralSecurityException {
        var headers = exchange.getRequestHeaders();
        var authorization = authorization(exchange);
        if (!authorization.matches()
                || !authorization.group(2).equals(service)
                || !authorization.group(3).contains("x-amz-security-token")
                || !SESSION_TOKEN.equals(headers.getFirst("x-amz-security-token"))) {
            return false;
        }
        var day = authorization.group(1);
        var canonical = exchange.getRequestMethod() + "\n"
                + path + "\n"
                + inOrder(exchange.getRequestURI().getRawQuery()) + "\n"
                + Arrays.stream(authorization.group(3).split(";"))
                        .map(name -> name + ":" + headers.getFirst(name) + "\n")
                        .collect(Collectors.joining())
                + "\n" + authorization.group(3) + "\n" + sha256(body);
        var scope = day + "/" + REGION + "/" + service + "/aws4_request";
        var key = hmac(("AWS4" + SECRET_ACCESS_KEY).getBytes(UTF_8), day);
        for (var part : new String[] {REGION, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        var text = "AWS4-HMAC-SHA256\n" + headers.getFirst("x-amz-date") + "\n" + scope + "\n"
                + sha256(canonical.getBytes(UTF_8));
        return HexFormat.of().formatHex(hmac(key, text)).equals(authorization.group(4));
    }

    private static Matcher authorization(HttpExchange exchange) {
        return AUTHORIZATION.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    }

    private static String inOrder(@Nullable String query) {
        return query == null ? "" : Arrays.stream(query.split("&")).sorted().collect(Collectors.joining("&"));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
