package org.touchline.embedded.learningcenter;

import java.util.List;
import java.util.Map;

/**
 * What a Learning Center knows, as it is kept from run to run.
 *
 * @param moves former ids, and which id came after each
 * @param licenses the latest change of each, removed ones included
 * @param made how many people were made up
 */
record Memory(
        List<Person> people,
        Map<String, String> moves,
        List<UserLicense> licenses,
        List<Subscriptions.Subscription> subscriptions,
        List<License> catalog,
        long made) {}
