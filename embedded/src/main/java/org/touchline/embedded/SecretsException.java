package org.touchline.embedded;

/** A call that Secrets Manager refuses: an error type of its API, and a message. */
final class SecretsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;

    SecretsException(String type, String message) {
        super(message);
        this.type = type;
    }

    /** Such as {@code ResourceNotFoundException}. */
    String type() {
        return type;
    }

    static SecretsException notFound() {
        return new SecretsException("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }

    static SecretsException validation(String message) {
        return new SecretsException("ValidationException", message);
    }

    static SecretsException invalidParameter(String message) {
        return new SecretsException("InvalidParameterException", message);
    }
}
