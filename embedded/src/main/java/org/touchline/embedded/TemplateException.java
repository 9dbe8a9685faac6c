package org.touchline.embedded;

/** A template that cannot be read as it stands. The message names the place, such as {@code Resources.Api.Properties}. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String place;

    TemplateException(String place, String reason) {
        super(place + ": " + reason);
        this.place = place;
    }

    /** Where in the template: keys from its root, joined by dots, list positions in brackets from 0. */
    public String place() {
        return place;
    }
}
