package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.Kind;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.LookForHolders;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUp.Unsubscribe;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;

/** Rows outlive a release: what they are called, in which queue they wait and how they are read back stays. */
class FollowUpTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId TIM = new UssfId("2020000004152809");
    private static final MemberIdentifier MEMBER = new MemberIdentifier("CYSA-1001");

    /** By the queue and the id under which they are stored. */
    private static final Map<String, FollowUp> STORED = stored();

    private static Map<String, FollowUp> stored() {
        var stored = new LinkedHashMap<String, FollowUp>();
        stored.put("SUBSCRIPTION move#2020000004136762#2020000004152809", new Move(VIDAR, TIM));
        stored.put("LATER late-look#2020000004136762", new LookAgain(VIDAR));
        stored.put("SUBSCRIPTION subscribe#2020000004136762", new Subscribe(VIDAR));
        stored.put("USER_UPDATE referee-experience#2020000004136762", new FetchRefereeExperience(VIDAR));
        stored.put(
                "USER_UPDATE grassroots-referee-certificate#2020000004136762", new FetchGrassrootsCertificate(VIDAR));
        stored.put("ENROLLMENT enroll#CYSA-1001", new Enroll(MEMBER));
        stored.put("LATER enroll-again#CYSA-1001", new EnrollAgain(MEMBER));
        stored.put("ENROLLMENT unsubscribe#2020000004136762", new Unsubscribe(VIDAR));
        stored.put("LATER late-holders#2020000004136762", new LookForHolders(VIDAR));
        stored.put("LATER refresh#2020000004136762", new Refresh(VIDAR));
        return stored;
    }

    static Stream<Map.Entry<String, FollowUp>> everyKind() {
        return STORED.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void kindIsReadAsItWasWritten(Map.Entry<String, FollowUp> stored) {
        var work = stored.getValue();

        assertEquals(stored.getKey(), work.kind().queue() + " " + work.id());
        assertEquals(work, FollowUpItems.work(work.id()));
        assertEquals(work.kind().queue(), FollowUpItems.queue(work.id()).orElseThrow());
    }

    @Test
    void everyKindIsOneRecord() {
        assertEquals(
                List.of(Kind.values()),
                STORED.values().stream().map(FollowUp::kind).toList());
        assertEquals(
                Arrays.stream(FollowUp.class.getPermittedSubclasses())
                        .flatMap(type ->
                                type.isInterface() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.of(type))
                        .collect(Collectors.toSet()),
                STORED.values().stream().map(FollowUp::getClass).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "subscribe",
                "subscribe#",
                "subscribe#nobody",
                "move#2020000004136762",
                "dance#2020000004136762"
            })
    void whatIsNoFollowUpIsNotRead(String id) {
        assertThrows(IllegalStateException.class, () -> FollowUpItems.work(id));
    }
}
