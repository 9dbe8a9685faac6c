package org.touchline.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person.Profile;
import org.touchline.license.ProfileStore;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.reconciliation.Run.Rows;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Stores what the rows of a page say: all at once, and where that fails, one by one, so that what goes wrong with one is counted and
 * the next is begun (design rule 24). A row that cannot be understood is quarantined, and so is, in the last run that reads
 * its page, one that could be understood and could not be stored: then nothing is lost although the checkpoint moves.
 */
final class PageWriter {
    /** What is younger at the window's end, a webhook may still bring. */
    private static final Duration WEBHOOK_MAY_TAKE = Duration.ofMinutes(15);

    /** When the store does not answer for so many rows in a row, or for a whole page, the others would fare no better. */
    private static final int MOST_UNANSWERED = 3;

    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final Quarantine quarantine;
    private final InstantSource clock;

    PageWriter(LicenseStore licenses, ProfileStore profiles, Quarantine quarantine, InstantSource clock) {
        this.licenses = licenses;
        this.profiles = profiles;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /**
     * Stores a page.
     *
     * @param progress of the walk: tells its window, and whether this is the page's last try
     * @throws SdkException if the store does not answer at all
     */
    PageResult write(List<JsonNode> rows, int page, Progress progress) {
        var writing = new Writing(progress.isLastTry(page));
        rows.forEach(writing::read);
        writing.store();
        var missed = progress.first() ? List.<LicenseChange>of() : missed(writing.written, progress.window());
        var now = clock.instant();
        var latest = missed.stream()
                .map(change -> Duration.between(change.updatedAt(), now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new PageResult(
                new Rows(
                        rows.size(),
                        writing.written.size(),
                        missed.size(),
                        writing.quarantined,
                        writing.failed,
                        latest),
                writing.whyFailed);
    }

    /**
     * What a page brought.
     *
     * @param whyFailed of the first row that could not be stored; null if all could
     */
    record PageResult(Rows rows, @Nullable String whyFailed) {}

    private record Row(JsonNode json, LicenseChange change) {}

    private final class Writing {
        private final boolean lastTry;
        private final List<Row> rows = new ArrayList<>();
        private final List<LicenseChange> written = new ArrayList<>();
        private int quarantined;
        private int failed;
        private int unanswered;
        private boolean answered;
        private @Nullable String whyFailed;

        Writing(boolean lastTry) {
            this.lastTry = lastTry;
        }

        void read(JsonNode json) {
            try {
                rows.add(new Row(json, LearningCenterJson.licenseChange(json, clock.instant())));
            } catch (UnintelligibleException unintelligible) {
                try {
                    keep(json, String.valueOf(unintelligible.getMessage()));
                } catch (RuntimeException notKept) {
                    requireAnswers(notKept, false);
                    failed("a row that cannot be understood", notKept);
                }
            }
        }

        void store() {
            try {
                licenses.applyAll(rows.stream().map(Row::change).toList(), written::add);
            } catch (RuntimeException oneOfThem) {
                // What is written already is unchanged the second time.
                rows.forEach(this::storeAlone);
            }
        }

        private void storeAlone(Row row) {
            try {
                licenses.applyAll(List.of(row.change()), written::add);
                answered = true;
                unanswered = 0;
            } catch (RuntimeException failure) {
                requireAnswers(failure, row.equals(rows.getLast()));
                if (!(lastTry && isQuarantined(row, failure))) {
                    failed("the row of " + row.change().ussfId(), failure);
                }
            }
        }

        private boolean isQuarantined(Row row, RuntimeException failure) {
            try {
                keep(row.json(), "could not be stored in three runs: " + name(failure));
                return true;
            } catch (RuntimeException neitherKept) {
                return false;
            }
        }

        private void keep(JsonNode row, String reason) {
            quarantine.keep(
                    Source.RECONCILIATION_ROW,
                    row.toString().getBytes(StandardCharsets.UTF_8),
                    reason,
                    clock.instant());
            quarantined++;
        }

        /** Else it is no fault of the page's. */
        private void requireAnswers(RuntimeException failure, boolean last) {
            unanswered = isUnanswered(failure) ? unanswered + 1 : 0;
            answered |= unanswered == 0;
            if (unanswered == MOST_UNANSWERED || last && !answered) {
                throw failure;
            }
        }

        private void failed(String what, RuntimeException failure) {
            failed++;
            if (whyFailed == null) {
                whyFailed = what + " could not be stored: " + name(failure);
            }
        }
    }

    /** Those that a webhook should have brought (design rule 14). */
    private List<LicenseChange> missed(List<LicenseChange> repaired, Window window) {
        var youngest = window.end().minus(WEBHOOK_MAY_TAKE);
        var old = repaired.stream()
                .filter(change -> !change.updatedAt().isAfter(youngest))
                .toList();
        try {
            return subscribedBefore(old);
        } catch (RuntimeException oneOfThem) {
            return old.stream()
                    .flatMap(change -> subscribedBeforeOrNone(change).stream())
                    .toList();
        }
    }

    private List<LicenseChange> subscribedBeforeOrNone(LicenseChange change) {
        try {
            return subscribedBefore(List.of(change));
        } catch (RuntimeException nobodyKnows) {
            return List.of();
        }
    }

    private List<LicenseChange> subscribedBefore(List<LicenseChange> changes) {
        var known =
                profiles.profiles(changes.stream().map(LicenseChange::ussfId).collect(Collectors.toSet()));
        return changes.stream()
                .filter(change -> {
                    var profile = known.getOrDefault(change.ussfId(), Profile.EMPTY);
                    return profile.subscribed() && !change.updatedAt().isBefore(profile.subscribedSince());
                })
                .toList();
    }

    /** Whether it says nothing of the row: DynamoDB did not answer, or asked to be left alone. */
    private static boolean isUnanswered(RuntimeException failure) {
        return failure instanceof SdkException
                && (!(failure instanceof AwsServiceException answered)
                        || answered.statusCode() >= 500
                        || answered.isThrottlingException());
    }

    /** Without its message, which may hold what somebody sent (design rule 21). */
    private static String name(RuntimeException failure) {
        return failure.getClass().getSimpleName();
    }
}
