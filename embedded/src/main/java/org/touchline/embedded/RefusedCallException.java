package org.touchline.embedded;

/** A call that a service of AWS's refuses: an error type of its API, and a message. */
final class RefusedCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;

    RefusedCallException(String type, String message) {
        super(message);
        this.type = type;
    }

    /** Such as {@code ResourceNotFoundException}. */
    String type() {
        return type;
    }

    static RefusedCallException validation(String message) {
        return new RefusedCallException("ValidationException", message);
    }
}
