package org.touchline.embedded.learningcenter;

import java.util.List;

/** A person and the licenses they hold, as they enter the Learning Center. */
record UserRecord(Person person, List<UserLicense> licenses) {}
