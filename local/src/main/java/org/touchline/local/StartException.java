package org.touchline.local;

/** The local run cannot start as it is set up. The message is one line that begins with the setting, or file, to change. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String setting, String reason) {
        super(setting + ": " + reason.strip().replaceAll("\\s+", " "));
    }

    StartException(String setting, Exception reason) {
        this(setting, String.valueOf(reason.getMessage()));
    }
}
