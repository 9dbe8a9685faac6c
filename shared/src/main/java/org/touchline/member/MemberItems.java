package org.touchline.member;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How members are written. The attribute {@code holdsUssfId}, and with it the index of holders, has only an id that the member
 * {@linkplain Enrollment#heldUssfId holds}. {@code everybody}
 * is the same of all of them, for the index that lists them in their order.
 */
public final class MemberItems {
    static final String EVERYBODY = "everybody";

    private MemberItems() {}

    static Map<String, AttributeValue> key(MemberIdentifier identifier) {
        return new Item().with("memberIdentifier", identifier).attributes();
    }

    static Item item(EnrolledMember enrolled) {
        var member = enrolled.member();
        var enrollment = enrolled.enrollment();
        return new Item(key(member.identifier()))
                .with("firstName", member.firstName())
                .with("lastName", member.lastName())
                .with("email", member.email())
                .with("dateOfBirth", member.dateOfBirth())
                .with("ussfId", member.ussfId())
                .withBoolean("active", member.active())
                .with("expiresOn", member.expiresOn())
                .withTexts("optionalFields", member.optionalFields())
                .with("enrollmentStatus", enrollment.status().wireName())
                .with("enrollmentDetail", enrollment.detail())
                .with("enrollmentCheckedAt", enrollment.checkedAt())
                .with("holdsUssfId", enrollment.heldUssfId())
                .with(EVERYBODY, EVERYBODY);
    }

    /** The member of an item, which a stream's image is too. */
    public static EnrolledMember enrolledMember(Item item) {
        var member = member(item);
        var status = Enrollment.Status.ofWireName(item.text("enrollmentStatus")).orElseThrow();
        return new EnrolledMember(
                member,
                new Enrollment(
                        status,
                        item.text("enrollmentDetail"),
                        status.contradictsUssfId() ? member.ussfId() : ussfId(item, "holdsUssfId"),
                        item.instant("enrollmentCheckedAt")));
    }

    private static Member member(Item item) {
        return new Member(
                new MemberIdentifier(item.text("memberIdentifier")),
                item.text("firstName"),
                item.text("lastName"),
                item.text("email"),
                Objects.requireNonNull(item.date("dateOfBirth")),
                ussfId(item, "ussfId"),
                item.flag("active"),
                item.date("expiresOn"),
                item.texts("optionalFields"));
    }

    private static @Nullable UssfId ussfId(Item item, String name) {
        var text = item.textOrNull(name);
        return text == null ? null : new UssfId(text);
    }
}
