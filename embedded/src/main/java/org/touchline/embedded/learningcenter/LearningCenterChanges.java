package org.touchline.embedded.learningcenter;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What can change in the Learning Center. Each change tells by webhook what the Learning Center would tell, about
 * people who are subscribed to; {@link LearningCenterSimulator#changeSilently()} gives the same changes with their
 * webhooks lost.
 *
 * <p>A change of somebody who moved or never was throws {@link IllegalArgumentException}. Safe for many threads.
 */
public final class LearningCenterChanges {
    private final LearningCenter center;
    private final Subsidies subsidies;
    private final boolean tell;

    LearningCenterChanges(LearningCenter center, Subsidies subsidies, boolean tell) {
        this.center = center;
        this.subsidies = subsidies;
        this.tell = tell;
    }

    /**
     * A person's license is added, updated or removed exactly so. It takes the place of what was known of that license,
     * even where its {@code updatedAt} is older.
     */
    public UserLicense license(UserLicense change) {
        center.put(change, tell);
        return change;
    }

    /** A person earns a license, or one that they have changes, now: always later than it did before. */
    public UserLicense license(String ussfId, String licenseId) {
        synchronized (center) {
            return license(center.touched(ussfId, licenseId));
        }
    }

    /** A person's license expires or is taken away, now. */
    public UserLicense removeLicense(String ussfId, String licenseId) {
        synchronized (center) {
            return license(center.touched(ussfId, licenseId).with(LicenseAction.REMOVED));
        }
    }

    /**
     * A person gets another USSF-ID. From then on every call for {@code current} answers 410 with {@code next}, which
     * may itself become a former id later; licenses, subscription and subsidies go along, and keep their times. If
     * {@code next} is somebody's, the two become one.
     *
     * @throws IllegalArgumentException if {@code next} is a former id
     */
    public void ussfId(String current, String next) {
        synchronized (center) {
            center.changeUssfId(current, next, tell);
            subsidies.move(current, next);
        }
    }

    /** A person has been a referee for that many years. */
    public void refereeExperience(String ussfId, int years) {
        user(ussfId, years, null);
    }

    /** A person has that certificate, or {@link GrassrootsCertificate#NONE}. */
    public void grassrootsCertificate(String ussfId, GrassrootsCertificate certificate) {
        user(ussfId, null, certificate);
    }

    /** Both at once, told in one webhook; null leaves things as they are. */
    void user(String ussfId, @Nullable Integer refereeExperience, @Nullable GrassrootsCertificate certificate) {
        center.change(ussfId, refereeExperience, certificate, tell);
    }

    /** The catalog becomes this complete list. */
    public void catalog(Collection<License> completeList) {
        center.replaceCatalog(completeList, tell);
    }

    /** The catalog gets a license, or one of its licenses changes. */
    public void catalogLicense(License license) {
        center.put(license, tell);
    }

    /** A license leaves the catalog; those who hold it keep it. */
    public void removeCatalogLicense(String licenseId) {
        center.removeLicense(licenseId, tell);
    }
}
