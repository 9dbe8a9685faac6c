package org.touchline.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Signs requests to AWS (Signature Version 4) with the operator's credentials, which are looked up for each, so that a renewed login
 * is used at once. Thread-safe.
 */
final class Signer {
    /** What the HTTP client sets itself. */
    private static final Set<String> OF_THE_CLIENT = Set.of("host", "content-length");

    private final AwsCredentialsProvider credentials;
    private final String region;
    private final Clock clock;

    Signer(AwsCredentialsProvider credentials, String region, Clock clock) {
        this.credentials = credentials;
        this.region = region;
        this.clock = clock;
    }

    /**
     * A request of our own making, signed.
     *
     * @param service the name that it is signed for, such as {@code execute-api}
     * @param headers what is sent beside the signature: nothing of the browser's
     * @throws IOException where there are no credentials; the message says what to do
     */
    HttpRequest sign(String service, String method, URI uri, Map<String, String> headers, byte[] body, Duration limit)
            throws IOException {
        var unsigned = SdkHttpFullRequest.builder().uri(uri).method(SdkHttpMethod.fromValue(method));
        headers.forEach(unsigned::putHeader);
        var identity = identity();
        var signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(identity)
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        var request =
                HttpRequest.newBuilder(uri).timeout(limit).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        signed.request().forEachHeader((name, values) -> {
            if (!OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private AwsCredentials identity() throws IOException {
        try {
            return credentials.resolveCredentials();
        } catch (SdkClientException e) {
            throw new IOException(
                    "No AWS credentials were found. Log in as you do for the AWS CLI, in the terminal in which this was started or"
                            + " with the profile that AWS_PROFILE names.",
                    e);
        }
    }
}
