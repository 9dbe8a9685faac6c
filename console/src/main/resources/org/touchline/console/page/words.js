// What the words of the API mean to whoever reads the page.

export const STATUSES = {
  no_match: { name: "Not found", tone: "bad", advice: "Ask for the exact e-mail address of their Learning Center profile, correct it here, and they are looked for at once." },
  multiple_matches: { name: "Several found", tone: "bad", advice: "Ask for the exact e-mail address of their Learning Center profile: it belongs to one person only." },
  dob_mismatch: { name: "Another birth date", tone: "bad", advice: "The USSF-ID or e-mail address belongs to somebody with another birth date. Check both with the member." },
  failed: { name: "Unknown USSF-ID", tone: "bad", advice: "The Learning Center does not know this USSF-ID. Check it with the member." },
  pending: { name: "Being looked up", tone: "wait", advice: "Nothing to do: it is looked up now, or again soon. Where it takes long, the reason says why." },
  enrolled: { name: "Enrolled", tone: "good", advice: "The Learning Center tells of every change." },
};

export const LICENSE_STATUSES = {
  active: { name: "Active", tone: "good" },
  expired: { name: "Expired", tone: "bad" },
  removed: { name: "Removed", tone: "bad" },
  retired: { name: "Retired", tone: "wait" },
};

export const WEBHOOKS = {
  "/webhooks/user-license-update": "a person's license",
  "/webhooks/uss-licenses-update": "the list of licenses",
  "/webhooks/ussf-id-update": "a changed USSF-ID",
  "/webhooks/user-update": "experience and certificates",
  "/user-licenses": "a row that reconciliation read",
  "/users/{ussf_id}/user-licenses": "a row of a person's licenses",
  "/licenses": "the list of licenses, as it was asked for",
};

const LEARNED = {
  webhook: "The Learning Center said so by webhook.",
  reconciliation: "Found when everything that changed was asked for.",
  full_answer: "Found when all licenses of the person were asked for.",
  replay: "Said earlier; understood when it was replayed from quarantine.",
  move: "Came along when the USSF-ID changed.",
};

/** The kinds of change, by which the feed is filtered. */
export const KINDS = {
  license: "Licenses",
  person: "People",
  member: "Members",
  catalog: "The list of licenses",
  history: "Gaps",
};

export const FIELDS = [
  ["firstName", "First name", "text"],
  ["lastName", "Last name", "text"],
  ["email", "E-mail", "email"],
  ["dateOfBirth", "Date of birth", "date"],
  ["ussfId", "USSF-ID (if known)", "text"],
];

export const OPTIONAL_FIELDS = ["active", "expiresOn", "membershipExpiration", "position", "gender", "country", "region", "city", "postal", "address", "address2"];

/** `3 members`, `1 member`; what stops at 1,000 says so. */
export function count(number, one, many = `${one}s`) {
  const shown = number.toLocaleString("en-US");
  return `${number >= 1000 ? `${shown} or more` : shown} ${number === 1 ? one : many}`;
}

/** The same with a capital. */
export const capital = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;

/** A reason as the API gives it, as a sentence; one that begins with a field's name, such as `ussf_id`, keeps that as it is. */
export function sentence(text) {
  if (!text) {
    return "";
  }
  return `${/^[a-z]+[_A-Z]/.test(text) ? text : capital(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}

export const statusName = (status) => (STATUSES[status] ?? LICENSE_STATUSES[status])?.name ?? String(status);

const until = (state) => (state?.expirationDate ? `, good through ${state.expirationDate}` : "");

/** One change: what happened, in a few words; what more there is to say of it; and whether it is good. */
export function tell(change) {
  const { type, data = {} } = change;
  const license = data.name ?? data.licenseId;
  const learned = data.missed
    ? "A webhook should have said so and never came; reconciliation found it."
    : LEARNED[data.learnedBy] ?? null;
  const known = {
    "license.added": () => [`${license} was added${until(data.after)}`, learned, "good"],
    "license.updated": () => [`${license} was updated${until(data.after)}`, learned, "plain"],
    "license.removed": () => [`${license} was removed`, learned, "bad"],
    "license.expiring": () => [`${license} ends in ${data.daysLeft} ${data.daysLeft === 1 ? "day" : "days"}, on ${data.expirationDate}`, `The notice of ${data.notice} days.`, "wait"],
    "license.expired": () => [`${license} expired on ${data.expirationDate}`, null, "bad"],
    "person.moved": () => [`The USSF-ID changed from ${data.formerUssfId} to ${data.ussfId}`, "Licenses, subscription and members came along.", "plain"],
    "person.subscribed": () => ["Subscribed: the Learning Center tells of every change from now on", null, "good"],
    "person.unsubscribed": () => ["Unsubscribed: the Learning Center tells of nothing any more", null, "wait"],
    "person.experience_changed": () => [`Referee experience: ${years(data.before)} became ${years(data.after)}`, null, "plain"],
    "person.certificate_changed": () => ["The grassroots referee certificate changed", certificate(data.after), "plain"],
    "member.added": () => ["Put in as a member", "By the organization.", "good"],
    "member.changed": () => [`Details changed: ${(data.changed ?? []).join(", ")}`, "By the organization.", "plain"],
    "member.removed": () => ["Taken out of the members", "By the organization.", "bad"],
    "member.enrollment_changed": () => [data.before?.status === data.after?.status ? `Still: ${statusName(data.after?.status).toLowerCase()}` : `${statusName(data.before?.status)} → ${statusName(data.after?.status)}`, data.after?.detail ? sentence(data.after.detail) : null, STATUSES[data.after?.status]?.tone ?? "plain"],
    "catalog.changed": () => ["The list of licenses changed", ["added", "changed", "retired"].filter((each) => data[each]?.length).map((each) => `${each}: ${data[each].join(", ")}`).join("; "), "plain"],
    "history.gap": () => [`What happened from ${data.from} to ${data.to} is not known`, "Read the roster again.", "bad"],
  }[type];
  const [what, detail, tone] = known ? known() : [type, null, "plain"];
  return { what, detail, tone };
}

const years = (value) => (value === null || value === undefined ? "unknown" : `${value} ${value === 1 ? "year" : "years"}`);

function certificate(value) {
  if (!value) {
    return null;
  }
  return value.hasCertificate ? `Issued ${value.issueDate ?? "on an unknown day"}.` : "There is none now.";
}
