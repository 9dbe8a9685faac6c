package org.touchline.reconciliation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseStore;
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
    private final Quarantine quarantine;
    private final InstantSource clock;

    PageWriter(LicenseStore licenses, Quarantine quarantine, InstantSource clock) {
        this.licenses = licenses;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /**
     * Stores a page.
     *
     * @param progress of the walk: tells its window, and whether this is the page's last try
     * @throws SdkException if the store does not answer at all
     */
    PageResult write(List<JsonValue> rows, int page, Progress progress) {
        var writing = new Writing(progress, progress.isLastTry(page));
        rows.forEach(writing::read);
        writing.store();
        return new PageResult(
                new Rows(
                        rows.size(),
                        writing.written,
                        writing.missed,
                        writing.quarantined,
                        writing.failed,
                        writing.latest),
                writing.whyFailed);
    }

    /**
     * What a page brought.
     *
     * @param whyFailed of the first row that could not be stored; null if all could
     */
    record PageResult(Rows rows, @Nullable String whyFailed) {}

    private record Row(JsonValue json, LicenseChange change) {}

    private final class Writing {
        private final boolean first;
        private final Window window;
        private final boolean lastTry;
        private final List<Row> rows = new ArrayList<>();
        private int written;
        private int missed;
        private Duration latest = Duration.ZERO;
        private int quarantined;
        private int failed;
        private int unanswered;
        private boolean answered;
        private @Nullable String whyFailed;

        Writing(Progress progress, boolean lastTry) {
            this.first = progress.first();
            this.window = progress.window();
            this.lastTry = lastTry;
        }

        void read(JsonValue json) {
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
                licenses.applyAll(rows.stream().map(Row::change).toList(), this::isMissed, this::written);
            } catch (RuntimeException oneOfThem) {
                // What is written already is unchanged the second time.
                rows.forEach(this::storeAlone);
            }
        }

        private void written(LicenseChange change, boolean isMissed) {
            written++;
            if (isMissed) {
                missed++;
                var age = Duration.between(change.updatedAt(), clock.instant());
                latest = age.compareTo(latest) > 0 ? age : latest;
            }
        }

        /** Whether a webhook should have brought it (design rule 14). */
        private boolean isMissed(LicenseChange change, @Nullable Instant subscribedSince) {
            return !first
                    && !change.updatedAt().isAfter(window.end().minus(WEBHOOK_MAY_TAKE))
                    && subscribedSince != null
                    && !change.updatedAt().isBefore(subscribedSince);
        }

        private void storeAlone(Row row) {
            try {
                licenses.applyAll(List.of(row.change()), this::isMissed, this::written);
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

        private void keep(JsonValue row, String reason) {
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
