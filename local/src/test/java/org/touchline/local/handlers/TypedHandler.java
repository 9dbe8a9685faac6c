package org.touchline.local.handlers;

import java.util.Map;

/** Takes and gives objects of our own classes. */
public final class TypedHandler extends CountingHandler {
    public TypedHandler(Map<String, String> environment) {}
}
