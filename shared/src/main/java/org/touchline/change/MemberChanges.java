package org.touchline.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.StreamRecord;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberItems;

/** What the stream of the member directory says, as entries (wire contract §9): of the organization's own fields, the names alone. */
final class MemberChanges {
    private MemberChanges() {}

    static List<Entry> of(StreamRecord change) {
        var identifier = new MemberIdentifier(change.keys().text("memberIdentifier"));
        var before = member(change.before());
        var after = member(change.after());
        var held = before == null ? null : before.enrollment().heldUssfId();
        var holds = after == null ? null : after.enrollment().heldUssfId();
        var leaves = Objects.equals(held, holds) ? null : held;
        if (before == null) {
            return after == null
                    ? List.of()
                    : List.of(entry(
                            change,
                            ChangeType.MEMBER_ADDED,
                            identifier,
                            data(identifier, after.member().ussfId()),
                            null));
        }
        if (after == null) {
            return List.of(entry(change, ChangeType.MEMBER_REMOVED, identifier, data(identifier, held), leaves));
        }
        var entries = new ArrayList<Entry>();
        var changed = after.member().fieldsOtherThanIn(before.member());
        if (!changed.isEmpty()) {
            var data = data(identifier, holds);
            changed.forEach(data.putArray("changed")::add);
            entries.add(entry(change, ChangeType.MEMBER_CHANGED, identifier, data, leaves));
        }
        if (!state(before.enrollment()).equals(state(after.enrollment()))) {
            var data = data(identifier, holds);
            data.set("before", state(before.enrollment()));
            data.set("after", state(after.enrollment()));
            entries.add(entry(change, ChangeType.MEMBER_ENROLLMENT_CHANGED, identifier, data, leaves));
        }
        return entries;
    }

    private static Entry entry(
            StreamRecord change,
            ChangeType type,
            MemberIdentifier identifier,
            JsonObject data,
            @Nullable UssfId leaves) {
        return new Entry(Entry.id(change.eventId(), type), type, identifier.value(), change.at(), data, leaves);
    }

    private static JsonObject data(MemberIdentifier identifier, @Nullable UssfId ussfId) {
        return new JsonObject()
                .put("memberIdentifier", identifier.value())
                .put("ussfId", Objects.toString(ussfId, null));
    }

    private static JsonObject state(Enrollment enrollment) {
        return new JsonObject().put("status", enrollment.status().wireName()).put("detail", enrollment.detail());
    }

    private static @Nullable EnrolledMember member(@Nullable Item image) {
        return image == null ? null : MemberItems.enrolledMember(image);
    }
}
