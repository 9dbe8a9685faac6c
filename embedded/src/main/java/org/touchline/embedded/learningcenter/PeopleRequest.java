package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** People as {@code POST /simulator/people} and each line of a {@link PeopleFile} name them: so many made up, or one with their licenses. */
sealed interface PeopleRequest {
    /** Bounds what one request may ask for; ask again for more. */
    int MOST_PEOPLE = 1_000_000;

    /** Adds them: all, or none where one of their licenses cannot be understood. */
    List<Person> addTo(LearningCenter center);

    /**
     * Reads who is meant.
     *
     * @throws Refusal if that cannot be understood
     */
    static PeopleRequest of(ObjectNode body) {
        if (body.has("count")) {
            var made = Json.value(body, MadeUp.class);
            if (made.count < 1 || made.count > MOST_PEOPLE) {
                throw Refusal.badRequest("count is not between 1 and " + MOST_PEOPLE);
            }
            return made;
        }
        var licenses = body.remove("licenses");
        var person = Json.<ObjectNode>tree(
                Map.of("referee_experience", 0, "grassroots_referee_certificate", GrassrootsCertificate.NONE));
        return new One(Json.value(person.setAll(body), Person.class), licenses);
    }

    /** @param count how many */
    record MadeUp(int count) implements PeopleRequest {
        @Override
        public List<Person> addTo(LearningCenter center) {
            return center.generate(count);
        }
    }

    /** @param licenses a list of objects; what they leave out is as of a license that came just now */
    record One(Person person, @Nullable JsonNode licenses) implements PeopleRequest {
        @Override
        public List<Person> addTo(LearningCenter center) {
            center.put(new UserRecord(person, licenses == null ? List.of() : licenses(center, licenses)));
            return List.of(person);
        }

        private List<UserLicense> licenses(LearningCenter center, JsonNode list) {
            if (!list.isArray()) {
                throw Refusal.badRequest("licenses is no list");
            }
            return list.valueStream().map(each -> license(center, each)).toList();
        }

        private UserLicense license(LearningCenter center, JsonNode fields) {
            if (!(fields instanceof ObjectNode said) || !fields.hasNonNull("license_id")) {
                throw Refusal.badRequest("license_id is missing");
            }
            var license = center.added(person.ussfId(), said.get("license_id").asText());
            return Json.value(Json.<ObjectNode>tree(license).setAll(said), UserLicense.class)
                    .of(person.ussfId());
        }
    }
}
