package org.touchline.golive;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.Queue;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.webhook.HeardWebhooks;

/**
 * Has the Learning Center send each of its webhooks, and waits until it is seen to arrive (source document, steps 11 to 13). A
 * drilled webhook cannot be told from a real one, and is applied like one; what it leaves behind is named.
 */
public final class WebhookDrills {
    private static final String USER_LICENSE = "/webhooks/user-license-update";
    private static final String USSF_ID = "/webhooks/ussf-id-update";
    private static final String USER = "/webhooks/user-update";
    private static final String CATALOG = "/webhooks/uss-licenses-update";

    private static final List<String> PATHS = List.of(CATALOG, USER_LICENSE, USSF_ID, USER);

    /** What can be drilled, such as {@code user-license-update webhook}, in the order in which it is. */
    static final List<String> NAMES = PATHS.stream().map(WebhookDrills::name).toList();

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(500);

    /** A function instance that has just noted a webhook does not note the next one. */
    private static final Duration QUIET = HeardWebhooks.EVERY.plusSeconds(1);

    private final LearningCenterClient learningCenter;
    private final HeardWebhooks heard;
    private final FollowUpStore followUps;
    private final ProfileStore profiles;
    private final Pacing pacing;

    /** @param heard where arrivals are seen */
    public WebhookDrills(
            LearningCenterClient learningCenter,
            HeardWebhooks heard,
            FollowUpStore followUps,
            ProfileStore profiles,
            Pacing pacing) {
        this.learningCenter = learningCenter;
        this.heard = heard;
        this.followUps = followUps;
        this.profiles = profiles;
        this.pacing = pacing;
    }

    /** What became of one drill. */
    record Drill(boolean arrived, String detail) {}

    /**
     * Drills some of the webhooks, and awaits them together.
     *
     * @param names which ones, of {@link #NAMES}
     * @param ussfId whose license the license webhook is about
     * @param isMember whether that person is a member's, so that nothing of theirs is left behind
     * @return by name, in the order given
     */
    Map<String, Drill> run(List<String> names, UssfId ussfId, boolean isMember, Deadline deadline) {
        var paths = PATHS.stream().filter(path -> names.contains(name(path))).toList();
        awaitQuiet(paths, deadline);
        var start = pacing.now();
        var before = heard.lastHeard();
        var refused = new LinkedHashMap<String, String>();
        for (var path : paths) {
            try {
                drill(path, ussfId, deadline.orEarlier(pacing.now().plus(LONGEST_WAIT)));
            } catch (LearningCenterException notSent) {
                refused.put(path, notSent.getMessage());
            }
        }
        var arrived = awaitArrivals(before, paths, refused, deadline);
        var results = new LinkedHashMap<String, Drill>();
        for (var path : paths) {
            var name = name(path);
            if (refused.containsKey(path)) {
                results.put(name, new Drill(false, "the drill was not accepted: " + refused.get(path)));
            } else if (!arrived.containsKey(path)) {
                results.put(
                        name,
                        new Drill(
                                false,
                                "did not arrive within " + LONGEST_WAIT.toSeconds()
                                        + " seconds: does U.S. Soccer have the URL of this stack, and is the key in the secret"
                                        + " WebhookKeysSecret the one that they gave?"));
            } else {
                results.put(name, new Drill(true, "arrived" + leftBehind(path, ussfId, isMember, start)));
            }
        }
        return results;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1) + " webhook";
    }

    private void drill(String path, UssfId ussfId, Deadline soon) {
        switch (path) {
            case CATALOG -> learningCenter.drillLicenseCatalogUpdate(soon);
            case USER_LICENSE -> learningCenter.drillUserLicenseUpdate(ussfId, soon);
            case USSF_ID -> learningCenter.drillUssfIdUpdate(soon);
            default -> learningCenter.drillUserUpdate(soon);
        }
    }

    private void awaitQuiet(List<String> paths, Deadline deadline) {
        var last = heard.lastHeard();
        last.keySet().retainAll(paths);
        var latest = last.values().stream().max(Instant::compareTo);
        latest.map(at -> Duration.between(pacing.now(), at.plus(QUIET)))
                .filter(Duration::isPositive)
                .map(wait -> wait.compareTo(QUIET) < 0 ? wait : QUIET)
                .ifPresent(wait -> pacing.pause(wait, deadline));
    }

    private Map<String, Instant> awaitArrivals(
            Map<String, Instant> before, List<String> paths, Map<String, String> refused, Deadline deadline) {
        var soon = deadline.orEarlier(pacing.now().plus(LONGEST_WAIT));
        while (true) {
            var arrived = heard.lastHeard();
            arrived.entrySet().removeIf(each -> Objects.equals(each.getValue(), before.get(each.getKey())));
            var isDone = paths.stream().allMatch(path -> refused.containsKey(path) || arrived.containsKey(path));
            if (isDone || !pacing.pause(POLL, soon)) {
                return arrived;
            }
        }
    }

    private String leftBehind(String path, UssfId ussfId, boolean isMember, Instant start) {
        return switch (path) {
            case USER_LICENSE ->
                isMember
                        ? ""
                        : "; left behind: licenses of " + ussfId
                                + ", who is no member's: person-erasure takes them away";
            case USSF_ID -> {
                var moves = followUps.askedSince(Queue.LATER, start).stream()
                        .filter(LookAgain.class::isInstance)
                        .map(work -> ((LookAgain) work).ussfId())
                        .map(former -> former + " to " + profiles.present(former))
                        .collect(Collectors.joining(", "));
                yield moves.isEmpty()
                        ? "; left behind: nothing new"
                        : "; left behind: a move of " + moves + ": person-erasure with the new id takes it away";
            }
            case USER ->
                "; left behind: the experience or certificate of whom it named, if that person was not known before";
            default -> "; it is the catalog now";
        };
    }
}
