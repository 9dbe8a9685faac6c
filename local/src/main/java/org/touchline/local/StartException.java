package org.touchline.local;

import java.util.Objects;
import java.util.stream.Stream;

/** The local run cannot start as it is set up. The message is one line that begins with the setting, or file, to change. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String setting, String reason) {
        super(setting + ": " + reason.strip().replaceAll("\\s+", " "));
    }

    /** The port that the setting names is taken, or not ours to take. */
    static StartException cannotListen(String setting, int port, Exception failure) {
        var reason = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .reduce((outer, inner) -> inner);
        return new StartException(
                setting,
                "cannot listen on 127.0.0.1:" + port + ", "
                        + reason.orElse(failure).getMessage());
    }

    StartException(String setting, Exception reason) {
        this(setting, String.valueOf(reason.getMessage()));
    }
}
