package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Always throws. */
public final class FailingHandler implements RequestStreamHandler {
    public FailingHandler(Map<String, String> environment) {}

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {
        throw new IllegalStateException("no luck");
    }
}
