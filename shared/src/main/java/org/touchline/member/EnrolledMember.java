package org.touchline.member;

/** A member of the directory, with how far they have come in the Learning Center. */
public record EnrolledMember(Member member, Enrollment enrollment) {}
