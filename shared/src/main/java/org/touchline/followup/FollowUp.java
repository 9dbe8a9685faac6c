package org.touchline.followup;

import java.util.List;
import org.touchline.InvalidValueException;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;

/**
 * One thing to do. Two wishes for the same thing are one: they have the same {@link #id}. All can be done again without harm.
 *
 * <p>Another kind is a record here and a {@link Kind}. What is done about it, and whether it is ever given up, is said where the
 * compiler asks for it next: in {@code FollowUpWork}.
 */
public sealed interface FollowUp {
    /** Of what kind it is. */
    Kind kind();

    /** Whom it is about: USSF-IDs and member identifiers, in the order in which {@link #id} names them. */
    List<Object> subjects();

    /** What is to be done, and for whom: {@code move#2020000004136762#2020000004152809}. */
    default String id() {
        return FollowUpItems.id(this);
    }

    /** What can be owed: how it is stored, and in which line it stands (design rule 33). A stored name never changes. */
    enum Kind {
        MOVE("move", Queue.SUBSCRIPTION),
        LOOK_AGAIN("late-look", Queue.LATER),
        SUBSCRIBE("subscribe", Queue.SUBSCRIPTION),
        FETCH_REFEREE_EXPERIENCE("referee-experience", Queue.USER_UPDATE),
        FETCH_GRASSROOTS_CERTIFICATE("grassroots-referee-certificate", Queue.USER_UPDATE),
        ENROLL("enroll", Queue.ENROLLMENT),
        ENROLL_AGAIN("enroll-again", Queue.LATER),
        UNSUBSCRIBE("unsubscribe", Queue.ENROLLMENT),
        LOOK_FOR_HOLDERS("late-holders", Queue.LATER),
        REFRESH("refresh", Queue.LATER);

        private final String storedName;
        private final Queue queue;

        Kind(String storedName, Queue queue) {
            this.storedName = storedName;
            this.queue = queue;
        }

        String storedName() {
            return storedName;
        }

        Queue queue() {
            return queue;
        }

        /**
         * A follow-up of this kind.
         *
         * @param about its subjects, as they are stored
         * @throws InvalidValueException if one of them is none
         * @throws IndexOutOfBoundsException if there are too few of them
         */
        FollowUp about(List<String> about) {
            return switch (this) {
                case MOVE -> new Move(new UssfId(about.get(0)), new UssfId(about.get(1)));
                case LOOK_AGAIN -> new LookAgain(new UssfId(about.getFirst()));
                case SUBSCRIBE -> new Subscribe(new UssfId(about.getFirst()));
                case FETCH_REFEREE_EXPERIENCE -> new FetchRefereeExperience(new UssfId(about.getFirst()));
                case FETCH_GRASSROOTS_CERTIFICATE -> new FetchGrassrootsCertificate(new UssfId(about.getFirst()));
                case ENROLL -> new Enroll(new MemberIdentifier(about.getFirst()));
                case ENROLL_AGAIN -> new EnrollAgain(new MemberIdentifier(about.getFirst()));
                case UNSUBSCRIBE -> new Unsubscribe(new UssfId(about.getFirst()));
                case LOOK_FOR_HOLDERS -> new LookForHolders(new UssfId(about.getFirst()));
                case REFRESH -> new Refresh(new UssfId(about.getFirst()));
            };
        }
    }

    /** About a person. */
    sealed interface OfPerson extends FollowUp {
        /** Who. */
        UssfId ussfId();

        @Override
        default List<Object> subjects() {
            return List.of(ussfId());
        }
    }

    /** About a member. */
    sealed interface OfMember extends FollowUp {
        /** Who. */
        MemberIdentifier member();

        @Override
        default List<Object> subjects() {
            return List.of(member());
        }
    }

    /** A USSF-ID changed: licenses and members move (design rules 5 and 8). */
    record Move(UssfId former, UssfId successor) implements FollowUp {
        @Override
        public Kind kind() {
            return Kind.MOVE;
        }

        @Override
        public List<Object> subjects() {
            return List.of(former, successor);
        }
    }

    /**
     * Once no writer lives that may not know of a move: takes along what it left behind (design rule 5); and, ever more seldom, what
     * came under the former id since.
     *
     * @param ussfId the former one
     */
    record LookAgain(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.LOOK_AGAIN;
        }
    }

    /** The Learning Center is to tell us of a person; then it is asked for everything. */
    record Subscribe(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.SUBSCRIBE;
        }
    }

    /** It is asked for a person's years as a referee. */
    record FetchRefereeExperience(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.FETCH_REFEREE_EXPERIENCE;
        }
    }

    /** It is asked for a person's certificate. */
    record FetchGrassrootsCertificate(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.FETCH_GRASSROOTS_CERTIFICATE;
        }
    }

    /** A member is to be found in the Learning Center, confirmed and subscribed to (design §5). */
    record Enroll(MemberIdentifier member) implements OfMember {
        @Override
        public Kind kind() {
            return Kind.ENROLL;
        }
    }

    /** A member who did not match is tried again, much later and ever more seldom (design §5). */
    record EnrollAgain(MemberIdentifier member) implements OfMember {
        @Override
        public Kind kind() {
            return Kind.ENROLL_AGAIN;
        }
    }

    /** The Learning Center need tell us of a person no longer, unless a member holds the id after all. */
    record Unsubscribe(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.UNSUBSCRIBE;
        }
    }

    /** Once the index of holders has surely followed: whoever turns out to hold the id is subscribed to again. */
    record LookForHolders(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.LOOK_FOR_HOLDERS;
        }
    }

    /**
     * The Learning Center is asked for everything about a person anew: its last answer is doubted (design rule 25), or what it said
     * of one license at one instant differs (design rule 1).
     */
    record Refresh(UssfId ussfId) implements OfPerson {
        @Override
        public Kind kind() {
            return Kind.REFRESH;
        }
    }
}
