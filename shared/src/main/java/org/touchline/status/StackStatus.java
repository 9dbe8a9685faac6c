package org.touchline.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.FollowUpStore.Outstanding;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberDirectory;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Quarantine.Waiting;
import org.touchline.quarantine.Source;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.reconciliation.Checkpoint.PastRun;
import org.touchline.reconciliation.Checkpoint.Standing;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.subscription.AuditCheckpoint.Found;
import org.touchline.webhook.HeardWebhooks;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How the organization's copy is (wire contract §5). It reads what others have noted, and counts no further than a thousand: so a look
 * costs the same however much is held (design §6). Everything is as the indexes have followed, a moment ago.
 *
 * <p>Safe for use by several threads.
 */
public final class StackStatus {
    /** Where a count stops: so many, or more. */
    public static final int MOST_COUNTED = 1_000;

    private static final int RUNS = 30;

    private final BatchReader licenseStore;
    private final Checkpoint checkpoint;
    private final FollowUpStore followUps;
    private final Quarantine quarantine;
    private final MemberDirectory members;

    /** @param licenseStore reads items of the license store's table, in which most is noted */
    public StackStatus(
            BatchReader licenseStore,
            Checkpoint checkpoint,
            FollowUpStore followUps,
            Quarantine quarantine,
            MemberDirectory members) {
        this.licenseStore = licenseStore;
        this.checkpoint = checkpoint;
        this.followUps = followUps;
        this.quarantine = quarantine;
        this.members = members;
    }

    /**
     * How the copy is.
     *
     * @param webhooks when each was last heard, by its path
     * @param reconciliation how far it has come
     * @param runs of it, the newest first
     * @param followUps what is owed to somebody, of what is due first
     * @param quarantine what could not be understood
     * @param members how many have not come to the end of their enrollment, by how far they have come
     * @param audit what the last one found; null before there was one
     * @param oldestRefresh when the person was asked about whose turn was the longest ago, as of the last refresh; null before there
     *     was one
     */
    public record Report(
            Map<String, Optional<Instant>> webhooks,
            Standing reconciliation,
            List<PastRun> runs,
            Outstanding followUps,
            Waiting quarantine,
            Map<Enrollment.Status, Integer> members,
            @Nullable Found audit,
            @Nullable Instant oldestRefresh) {}

    /**
     * Looks: at most 12 requests.
     *
     * @throws SdkException if DynamoDB cannot do it within the client's time limits
     */
    public Report read() {
        var notes = notes();
        var webhooks = new LinkedHashMap<String, Optional<Instant>>();
        Source.webhooks()
                .forEach(path -> webhooks.put(
                        path, Optional.ofNullable(HeardWebhooks.lastHeardAt(notes.at(HeardWebhooks.key(path))))));
        return new Report(
                webhooks,
                Checkpoint.standing(notes.at(Checkpoint.key())),
                checkpoint.latestRuns(RUNS),
                followUps.outstanding(MOST_COUNTED),
                quarantine.waiting(MOST_COUNTED),
                unfinishedMembers(),
                AuditCheckpoint.found(notes.at(AuditCheckpoint.key())).orElse(null),
                ScheduleNotes.oldestRefresh(notes.at(ScheduleNotes.oldestRefreshKey())));
    }

    /** Items by their keys; one that is not there is empty. */
    private record Notes(Map<Map<String, AttributeValue>, Item> items) {
        Item at(Map<String, AttributeValue> key) {
            return items.getOrDefault(key, new Item());
        }
    }

    /** All that is one item each: one request. */
    private Notes notes() {
        var keys = new ArrayList<Map<String, AttributeValue>>();
        Source.webhooks().forEach(path -> keys.add(HeardWebhooks.key(path)));
        keys.add(Checkpoint.key());
        keys.add(AuditCheckpoint.key());
        keys.add(ScheduleNotes.oldestRefreshKey());
        return new Notes(
                licenseStore.read(keys, null).stream().collect(Collectors.toMap(StackStatus::key, item -> item)));
    }

    private static Map<String, AttributeValue> key(Item item) {
        return new Item()
                .with("pk", item.text("pk"))
                .with("sk", item.text("sk"))
                .attributes();
    }

    private Map<Enrollment.Status, Integer> unfinishedMembers() {
        var counts = new EnumMap<Enrollment.Status, Integer>(Enrollment.Status.class);
        for (var status : Enrollment.Status.values()) {
            if (status != Enrollment.Status.ENROLLED) {
                counts.put(status, members.count(status, MOST_COUNTED));
            }
        }
        return counts;
    }
}
