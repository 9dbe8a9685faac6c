package org.touchline.learningcenter;

import org.touchline.license.UssfId;

/** A person's USSF-ID changed: the former one is never used again. */
public record UssfIdChange(UssfId former, UssfId successor) {}
