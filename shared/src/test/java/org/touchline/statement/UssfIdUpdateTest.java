package org.touchline.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Outcome;
import org.touchline.time.Deadline;
import org.touchline.webhook.WebhookReceiver;
import org.touchline.webhook.WebhookReceiver.Receipt;
import software.amazon.awssdk.core.exception.AbortedException;

/** Wire contract §3: an id change is applied, already so, or quarantined. */
class UssfIdUpdateTest {
    private static final UssfId NEW = new UssfId("2020000004152809");
    private static final UssfId NEWER = new UssfId("2020000004149753");

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private TestStack stack;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private FollowUpStore followUps;
    private Quarantine quarantine;
    private UssfIdUpdate update;
    private WebhookReceiver receiver;

    @BeforeEach
    void createStores() {
        stack = Backend.EMBEDDED.newStack();
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), clock);
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        var members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        update = new UssfIdUpdate(new PersonMove(licenses, profiles, members, followUps));
        receiver = new WebhookReceiver(Source.USSF_ID_WEBHOOK, update, quarantine, clock, _ -> {});
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    /** Rule 8: what is left to do is recorded, and what is done no longer is. */
    @Test
    @Tag("rule-8")
    void changeIsAppliedWhenItIsAnswered() {
        licenses.apply(active("2026-03-01T12:00:00Z").change());

        assertEquals(new Receipt(Outcome.APPLIED, null), receive(VIDAR, NEW));

        assertEquals(NEW, profiles.present(VIDAR));
        assertEquals(1, licenses.person(NEW).orElseThrow().licenses().size());
        assertEquals(Optional.empty(), followUps.find(new Move(VIDAR, NEW).id()));
        assertTrue(followUps.find(new Subscribe(NEW).id()).isPresent());
        assertEquals(
                clock.instant().plus(Duration.ofMinutes(16)),
                followUps.find(new LookAgain(VIDAR).id()).orElseThrow().dueAt());
    }

    @Test
    void changeThatIsAlreadySoIsUnchangedAndAsksForNothing() {
        receive(VIDAR, NEW);
        receive(NEW, NEWER);
        followUps.forget(new Subscribe(NEWER));

        assertEquals(new Receipt(Outcome.UNCHANGED, null), receive(VIDAR, NEW));
        assertEquals(new Receipt(Outcome.UNCHANGED, null), receive(VIDAR, NEWER));

        assertEquals(Optional.empty(), followUps.find(new Subscribe(NEWER).id()));
        assertEquals(Optional.empty(), followUps.find(new Move(VIDAR, NEWER).id()));
    }

    @Test
    void changeThatWouldMakeACircleIsQuarantined() {
        receive(VIDAR, NEW);

        assertEquals(quarantined("the change of the USSF-ID would make a circle"), receive(NEW, VIDAR));

        assertEquals(Optional.empty(), followUps.find(new Move(NEW, VIDAR).id()));
        assertEquals(NEW, profiles.present(VIDAR));
        assertEquals(
                Source.USSF_ID_WEBHOOK.route(),
                quarantine.open().toList().getFirst().route());
    }

    /** Rule 8: it is owed until it is kept, whoever dies in between. */
    @Test
    @Tag("rule-8")
    void contradictoryChangeWhoseWebhookDiesBeforeItIsKeptIsStillOwed() {
        receive(VIDAR, NEW);
        var dying = new WebhookReceiver(
                Source.USSF_ID_WEBHOOK,
                update,
                new Quarantine(Intercepted.dyingAfter(0, stack.dynamoDb()), stack.table("QuarantineTable")),
                clock,
                _ -> {});
        var body = "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(NEW, VIDAR);

        assertThrows(AbortedException.class, () -> dying.receive(body.getBytes(StandardCharsets.UTF_8)));

        assertEquals(List.of(), quarantine.open().toList());
        assertTrue(followUps.find(new Move(NEW, VIDAR).id()).isPresent());
        // The sweep keeps it.
        assertEquals(quarantined("the change of the USSF-ID would make a circle"), receive(body));
        assertEquals(Optional.empty(), followUps.find(new Move(NEW, VIDAR).id()));
    }

    /** Else the sweep would keep it a second time, in other words. */
    @Test
    void replayThatIsStillContradictoryOwesNothing() {
        receive(VIDAR, NEW);
        receive(NEW, VIDAR);

        assertEquals(
                0,
                new QuarantineReplay(quarantine, _ -> update, clock)
                        .replayAll(Deadline.in(Duration.ofMinutes(1), clock)));

        assertEquals(1, quarantine.open().toList().size());
        assertEquals(Optional.empty(), followUps.find(new Move(NEW, VIDAR).id()));
    }

    @Test
    void idThatMovedElsewhereBeforeIsQuarantinedAndReplayedOnceItFits() {
        receive(VIDAR, NEWER);

        assertEquals(quarantined("the USSF-ID has moved elsewhere before"), receive(VIDAR, NEW));
        // The missing step comes late: both lead to the same id.
        receive(NEW, NEWER);
        var replay = new QuarantineReplay(quarantine, _ -> update, clock);

        assertEquals(1, replay.replayAll(Deadline.in(Duration.ofMinutes(1), clock)));
        assertEquals(List.of(), quarantine.open().toList());
    }

    @Test
    void fieldsAreReadAsTheSourceSpellsThem() {
        var receipt = receive("{\"Current USSF-ID\":\"2020-0000-0413-6762\",\"New USSF-ID\":2020000004152809}");

        assertEquals(new Receipt(Outcome.APPLIED, null), receipt);
        assertEquals(NEW, profiles.present(VIDAR));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'new_ussf_id':'2020000004152809'}|current_ussf_id is missing",
                "{'current_ussf_id':'2020000004136762'}|new_ussf_id is missing",
                "{'current_ussf_id':'2020000004136762','new_ussf_id':null}|new_ussf_id is missing",
                "{'current_ussf_id':'2020000004136762','new_ussf_id':' '}|new_ussf_id is missing",
                "{'current_ussf_id':'2020000004136762','new_ussf_id':'15'}|new_ussf_id is not 16 digits",
                "{'current_ussf_id':true,'new_ussf_id':'2020000004152809'}|current_ussf_id is not 16 digits",
                "{'current_ussf_id':['2020000004136762'],'new_ussf_id':'2020000004152809'}|current_ussf_id is an array, and should be 16 digits",
                "{'current_ussf_id':'2020000004136762','new_ussf_id':{}}|new_ussf_id is an object, and should be 16 digits",
                "{'current_ussf_id':'2020000004136762','new_ussf_id':'2020 0000 0413 6762'}|current_ussf_id and new_ussf_id are the same",
                "{'current_ussf_id':'2020000004136762','current_ussf_id':'2020000004152809','new_ussf_id':'2020000004149753'}|it is not JSON, or has a field twice",
                "[{'current_ussf_id':'2020000004136762','new_ussf_id':'2020000004152809'}]|an object was expected, and there is an array",
                "null|an object was expected, and there is nothing",
                "{'current_ussf_id'|it is not JSON, or has a field twice"
            })
    void unintelligibleChangeIsQuarantinedWithAReason(String body, String reason) {
        assertEquals(quarantined(reason), receive(body.replace('\'', '"')));

        assertEquals(1, quarantine.open().toList().size());
        assertFalse(licenses.person(VIDAR).isPresent());
    }

    private static Receipt quarantined(String reason) {
        return new Receipt(null, reason);
    }

    private Receipt receive(UssfId current, UssfId next) {
        return receive("{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(current, next));
    }

    private Receipt receive(String body) {
        return receiver.receive(body.getBytes(StandardCharsets.UTF_8));
    }
}
