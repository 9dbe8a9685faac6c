package org.touchline.change;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.touchline.change.Histories.Page;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;

/**
 * Whose histories belong together (wire contract §5). A page is at most 12 requests (design §6) for who has had up to three USSF-IDs, and
 * two or three more for each id beyond: nobody has had more than a handful.
 *
 * <p>Safe for use by several threads.
 */
public final class PersonHistories {
    private final Histories histories;
    private final ProfileStore profiles;
    private final MemberDirectory members;

    /** The histories of those of whom these stores know. */
    public PersonHistories(Histories histories, ProfileStore profiles, MemberDirectory members) {
        this.histories = histories;
        this.profiles = profiles;
        this.members = members;
    }

    /**
     * What happened to a person under every id that they have had, whichever is asked for, and to the members who hold the one that they
     * have now: a move takes them along.
     *
     * @param below the number to go on below; null for the newest
     * @return empty if nothing is held of them, and nothing is kept
     */
    public Optional<Page> of(UssfId ussfId, @Nullable Long below, int limit) {
        var ids = profiles.idsOf(ussfId);
        var holders = members.holdersOf(ids.iterator().next());
        var page = histories.of(ids, holders, below, limit);
        // Of who has moved, that they did is held.
        return isThere(page, below) || !holders.isEmpty() || ids.size() > 1 || profiles.isKnown(ussfId)
                ? Optional.of(page)
                : Optional.empty();
    }

    /**
     * What happened to a member, and to the person whose USSF-ID they hold, other members aside.
     *
     * @param below the number to go on below; null for the newest
     * @return empty if there is no such member, and nothing is kept
     */
    public Optional<Page> of(MemberIdentifier identifier, @Nullable Long below, int limit) {
        var member = members.find(identifier);
        var held = member.flatMap(
                enrolled -> Optional.ofNullable(enrolled.enrollment().heldUssfId()));
        var page = histories.of(held.map(profiles::idsOf).orElse(Set.of()), List.of(identifier), below, limit);
        return isThere(page, below) || member.isPresent() ? Optional.of(page) : Optional.empty();
    }

    /** Whoever goes on has had a page. */
    private static boolean isThere(Page page, @Nullable Long below) {
        return below != null || !page.entries().isEmpty();
    }
}
