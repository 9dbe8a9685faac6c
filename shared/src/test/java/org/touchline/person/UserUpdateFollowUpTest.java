package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Calls;
import org.touchline.Intercepted;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.GrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStack;
import org.touchline.license.UssfId;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Outcome;
import org.touchline.statement.UserUpdate;
import org.touchline.webhook.WebhookReceiver;
import org.touchline.webhook.WebhookReceiver.Receipt;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Design rule 8: the user-update webhook only records; and what is asked for because of it (design §5). */
class UserUpdateFollowUpTest {
    private static final String BOTH = "[\"referee_experience\",\"grassroots_referee_certificate\"]";

    private FollowUpStack stack;
    private UssfId person;

    @BeforeEach
    void createStack() {
        stack = new FollowUpStack();
        person = stack.person(1, 7);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    @Tag("rule-8")
    void webhookOnlyRecordsWhatChanged() {
        var calls = new Calls();

        assertEquals(new Receipt(Outcome.APPLIED, null), receive(BOTH, calls.listening(stack.dynamoDb())));

        // Both or neither.
        assertEquals(List.of("GetItem", "GetItem", "TransactWriteItems"), calls.drain());
        assertEquals(Map.of(), stack.connected.simulator.calls());
        assertTrue(isOwed(new FetchRefereeExperience(person).id()));
        assertTrue(isOwed(new FetchGrassrootsCertificate(person).id()));
    }

    @Test
    void onlyWhatItNamesIsFetched() {
        receive("\"referee_experience\"", stack.dynamoDb());

        assertFalse(isOwed(new FetchGrassrootsCertificate(person).id()));
        sweep();

        assertEquals(7, stack.experience(person));
        assertEquals(0, stack.connected.simulator.calls("GET /users/{ussf_id}/grassroots-referee-certificate"));
    }

    @Test
    void whatItNamesIsFetchedWhateverTheSettings() {
        stack.connected
                .simulator
                .changeSilently()
                .grassrootsCertificate(person.value(), new GrassrootsCertificate(true, LocalDate.parse("2026-02-01")));
        receive(BOTH, stack.dynamoDb());

        sweep();

        var profile = stack.licenses.person(person).orElseThrow().profile();
        assertEquals(7, profile.refereeExperience());
        assertTrue(profile.grassrootsCertificate().hasCertificate());
        assertEquals(
                LocalDate.parse("2026-02-01"), profile.grassrootsCertificate().issueDate());
    }

    @Test
    @Tag("rule-8")
    void webhookThatCannotRecordIsNotAnswered() {
        for (var requests = 0; requests < 2; requests++) {
            var dying = Intercepted.dyingAfter(requests, stack.dynamoDb());

            assertThrows(SdkException.class, () -> receive(BOTH, dying));
        }
    }

    /** Design §5: the other way round, a change in between is lost. */
    @Test
    void subscriptionComesBeforeTheQuestionForLicenses() {
        stack.connected.simulator.addFault(Fault.answer(503).on("GET", "/users").times(4));
        stack.followUps.ask(new Subscribe(person));

        assertEquals(1, sweep());

        assertTrue(stack.connected.simulator.isSubscribed(person.value()));
        assertTrue(stack.licenses.person(person).orElseThrow().profile().subscribed());
        assertEquals(null, stack.experience(person));

        stack.connected.clock.advance(Duration.ofMinutes(1));
        assertEquals(0, sweep());
        assertEquals(7, stack.experience(person));
    }

    private Receipt receive(String changed, DynamoDbClient client) {
        var body = "{\"ussf_id\":\"%s\",\"changed\":%s}".formatted(person, changed);
        return new WebhookReceiver(
                        Source.USER_WEBHOOK,
                        new UserUpdate(stack.followUps(client)),
                        stack.quarantine(client),
                        stack.connected.clock,
                        _ -> {})
                .receive(body.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isOwed(String id) {
        return stack.followUps.find(id).isPresent();
    }

    /** How many failed. */
    private int sweep() {
        return stack.runner().sweep(stack.connected.in(Duration.ofMinutes(5))).failed();
    }
}
