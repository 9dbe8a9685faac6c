package org.touchline.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.VIDAR;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUpStore;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Outcome;
import org.touchline.time.Deadline;
import org.touchline.webhook.WebhookReceiver;
import org.touchline.webhook.WebhookReceiver.Receipt;

/** Design rule 8: the user-update webhook only records. */
class UserUpdateTest {
    private static final FollowUp EXPERIENCE = new FetchRefereeExperience(VIDAR);
    private static final FollowUp CERTIFICATE = new FetchGrassrootsCertificate(VIDAR);

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private TestStack stack;
    private FollowUpStore followUps;
    private Quarantine quarantine;
    private UserUpdate update;
    private WebhookReceiver receiver;

    @BeforeEach
    void createStores() {
        stack = Backend.EMBEDDED.newStack();
        followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), clock);
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        update = new UserUpdate(followUps);
        receiver = new WebhookReceiver(Source.USER_WEBHOOK, update, quarantine, clock, _ -> {});
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    @Test
    void changeIsAppliedWhenItsFollowUpIsRecorded() {
        assertEquals(applied(), changed("\"referee_experience\""));
        assertEquals(List.of(EXPERIENCE), recorded());

        assertEquals(applied(), changed("\"grassroots_referee_certificate\""));
        assertEquals(List.of(EXPERIENCE, CERTIFICATE), recorded());
        assertEquals(
                clock.instant(), followUps.find(EXPERIENCE.id()).orElseThrow().dueAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"referee_experience\",\"grassroots_referee_certificate\"]",
                "[\"Grassroots Referee-Certificate\",\"Referee-Experience\"]",
                "[\"referee_experience\",\"grassroots_referee_certificate\",\"referee_experience\"]"
            })
    void severalChangesAreSeveralFollowUps(String changed) {
        assertEquals(applied(), changed(changed));

        assertEquals(List.of(EXPERIENCE, CERTIFICATE), recorded());
    }

    @Test
    void sameChangeAgainIsANewerWishForTheSameThing() {
        changed("\"referee_experience\"");
        var first = followUps.find(EXPERIENCE.id()).orElseThrow();

        assertEquals(applied(), changed("\"referee_experience\""));

        followUps.finish(first);
        assertEquals(List.of(EXPERIENCE), recorded());
    }

    /** Wire contract §3: the known ones are done, and the whole is quarantined for the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"referee_experience\",\"shoe_size\"]",
                "[\"shoe_size\",\"referee_experience\"]",
                "[\"referee_experience\",5]",
                "[\"referee_experience\",null]",
                "[\"referee_experience\",[\"grassroots_referee_certificate\"]]"
            })
    void ofSeveralChangesTheKnownOnesAreDoneAndTheWholeIsQuarantined(String changed) {
        assertEquals(new Receipt(null, "changed names something unknown"), changed(changed));

        assertEquals(List.of(EXPERIENCE), recorded());
        var id = quarantine.open().toList().getFirst().id();
        assertEquals(
                body("\"2020000004136762\"", changed),
                new String(quarantine.payload(id).orElseThrow(), StandardCharsets.UTF_8));
        var replay = new QuarantineReplay(quarantine, _ -> update, clock);
        assertEquals(0, replay.replayAll(Deadline.in(Duration.ofMinutes(1), clock)));
        assertEquals(1, replay.open(100).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'changed':'referee_experience'}|ussf_id is missing",
                "{'ussf_id':'2020000004136762'}|changed is missing",
                "{'ussf_id':'2020000004136762','changed':null}|changed is missing",
                "{'ussf_id':'2020000004136762','changed':''}|changed is missing",
                "{'ussf_id':'2020000004136762','changed':[]}|changed names nothing that is known",
                "{'ussf_id':'2020000004136762','changed':'shoe_size'}|changed names nothing that is known",
                "{'ussf_id':'2020000004136762','changed':{'referee_experience':true}}|changed is an object, and should be a text",
                "{'ussf_id':'15','changed':'referee_experience'}|ussf_id is not 16 digits",
                "{'ussf_id':['2020000004136762'],'changed':'referee_experience'}|ussf_id is an array, and should be 16 digits",
                "['referee_experience']|an object was expected, and there is an array",
                "'referee_experience'|an object was expected, and there is a text",
                "{|it is not JSON, or has a field twice"
            })
    void unintelligibleChangeIsQuarantinedWithAReason(String body, String reason) {
        assertEquals(new Receipt(null, reason), receive(body.replace('\'', '"')));

        assertEquals(List.of(), recorded());
        assertEquals(
                "/webhooks/user-update", quarantine.open().toList().getFirst().route());
    }

    private List<FollowUp> recorded() {
        assertTrue(followUps.outstanding(1_000).count() <= 2);
        return List.of(EXPERIENCE, CERTIFICATE).stream()
                .filter(work -> followUps.find(work.id()).isPresent())
                .toList();
    }

    private static Receipt applied() {
        return new Receipt(Outcome.APPLIED, null);
    }

    private Receipt changed(String json) {
        return receive(body("\"2020000004136762\"", json));
    }

    private static String body(String ussfId, String changed) {
        return "{\"ussf_id\":%s,\"changed\":%s}".formatted(ussfId, changed);
    }

    private Receipt receive(String body) {
        return receiver.receive(body.getBytes(StandardCharsets.UTF_8));
    }
}
