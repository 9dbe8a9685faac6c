// Members put in from a CSV file: looked at first, then in pieces. The same file again changes nothing.

import { invoke, pages, pause } from "../api.js";
import { parse } from "../csv.js";
import { h, say, show } from "../dom.js";
import { badge, button, empty, failure, personLink, statusBadge, table, working } from "../parts.js";
import { today } from "../time.js";
import { FIELDS, OPTIONAL_FIELDS, STATUSES, sentence } from "../words.js";

const PIECE = 500;
const SHOWN = 20;
const KEPT = "touchline-import";
/** A tab keeps 5 MB; a longer file is chosen again after a reload. */
const MOST_KEPT = 2_000_000;
const COLUMNS = ["memberIdentifier", ...FIELDS.map(([name]) => name), ...OPTIONAL_FIELDS];

export function importer(context) {
  const place = h("div", {});
  const file = h("input", {
    type: "file",
    id: "csv",
    accept: ".csv,text/csv",
    change: async () => {
      const [chosen] = file.files;
      if (chosen) {
        preview(place, await chosen.text(), context);
      }
    },
  });
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept) {
    show(place, h("div", { class: "notice wait" },
      h("p", {}, `A file was being put in; ${kept.done.toLocaleString("en-US")} of its members were.`),
      h("div", { class: "actions start" },
        button("Go on", () => put(place, context, kept), "primary"),
        button("Leave it", () => { sessionStorage.removeItem(KEPT); show(place); }))));
  }
  return h(
    "details",
    { class: "card", open: Boolean(kept) },
    h("summary", {}, "Put a CSV file in"),
    h("p", { class: "muted" }, `The first line names the columns: memberIdentifier, firstName, lastName, email, dateOfBirth (as 1999-01-31), and if you have them ${["ussfId", ...OPTIONAL_FIELDS].join(", ")}.`),
    h("label", { for: "csv" }, "CSV file"),
    file,
    place,
  );
}

/** What a file says: members with their lines, and what is wrong in which line. */
function readMembers(text) {
  const members = [];
  const problems = [];
  const [heading, ...rows] = parse(text);
  const columns = (heading?.cells ?? []).map((name) => name.trim());
  if (!columns.includes("memberIdentifier")) {
    return { members, problems: [{ line: 1, reason: "the first line names no column memberIdentifier" }] };
  }
  columns.filter((name) => !COLUMNS.includes(name)).forEach((name) => problems.push({ line: 1, reason: `${name || "an empty name"} is no column of a member` }));
  const lines = new Map();
  for (const { line, cells } of rows) {
    const entries = columns.map((name, i) => [name, (cells[i] ?? "").trim()]).filter(([, cell]) => cell !== "");
    const member = Object.fromEntries(entries);
    if ("active" in member) {
      member.active = { true: true, false: false }[member.active.toLowerCase()] ?? member.active;
    }
    const reason = cells.length > columns.length ? "more cells than there are columns" : wrong(member);
    if (reason) {
      problems.push({ line, member: member.memberIdentifier, reason });
      continue;
    }
    const key = member.memberIdentifier.toUpperCase();
    if (lines.has(key)) {
      problems.push({ line, member: member.memberIdentifier, reason: `is in line ${lines.get(key)} too: this one counts` });
      members.splice(members.findIndex((each) => each.key === key), 1);
    }
    lines.set(key, line);
    members.push({ key, line, member });
  }
  return { members, problems };
}

/** The first thing that the API would refuse; it has the last word. */
function wrong(member) {
  if (!/^[A-Za-z0-9 ._~:@-]{1,64}$/.test(member.memberIdentifier ?? "")) {
    return "memberIdentifier: 1 to 64 letters, digits, spaces and . _ - ~ : @";
  }
  const missing = ["firstName", "lastName", "email", "dateOfBirth"].find((name) => !member[name]);
  if (missing) {
    return `${missing}: required`;
  }
  if (!/^[^\s@]+@\S+$/.test(member.email)) {
    return "email: an e-mail address";
  }
  if (!isDay(member.dateOfBirth) || member.dateOfBirth < "1900-01-01" || member.dateOfBirth > today()) {
    return "dateOfBirth: a day as YYYY-MM-DD, from 1900-01-01 to today";
  }
  if (member.expiresOn && !isDay(member.expiresOn)) {
    return "expiresOn: a day as YYYY-MM-DD";
  }
  if (member.ussfId && !/^\d{16}$/.test(member.ussfId.replaceAll(/[ -]/g, ""))) {
    return "ussfId: 16 digits";
  }
  return "active" in member && typeof member.active !== "boolean" ? "active: true or false" : null;
}

function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toString() !== "Invalid Date" && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

function preview(place, text, context) {
  let read;
  try {
    read = readMembers(text);
  } catch (error) {
    show(place, failure(error));
    return;
  }
  const { members, problems } = read;
  show(
    place,
    h("p", { class: "strong", role: "status" }, `${members.length.toLocaleString("en-US")} members would be put in; ${problems.length === 0 ? "nothing is wrong" : `${problems.length.toLocaleString("en-US")} ${problems.length === 1 ? "thing is" : "things are"} wrong`}.`),
    problems.length > 0 && problemTable(problems),
    members.length > 0 && [
      table("What would be stored", ["Line", "Member", "Name", "E-mail", "Born", "USSF-ID"], members.slice(0, SHOWN).map(({ line, member }) => [line, member.memberIdentifier, `${member.firstName} ${member.lastName}`, member.email, member.dateOfBirth, member.ussfId ?? "–"])),
      members.length > SHOWN && h("p", { class: "muted" }, `… and ${(members.length - SHOWN).toLocaleString("en-US")} more`),
      h("div", { class: "actions start" }, button(`Put ${members.length.toLocaleString("en-US")} in`, () => put(place, context, beginning(text)), "primary")),
    ],
  );
}

function problemTable(problems) {
  return [
    table("What is wrong", ["Line", "Member", "What is wrong"], problems.slice(0, 100).map(({ line, member, reason }) => [line, member ?? "–", reason])),
    problems.length > 100 && h("p", { class: "muted" }, `… and ${problems.length - 100} more`),
  ];
}

/** Where putting a file in begins: with all of its members, or with some, by their keys. */
function beginning(text, only = null) {
  return { text, only, done: 0, total: { stored: 0, unchanged: 0, rejected: [] } };
}

/** Puts in whoever is not yet: `done` counts those who are, and `total` says what became of them. */
async function put(place, context, { text, only, done: from, total }) {
  const all = readMembers(text).members;
  const members = only ? all.filter(({ key }) => only.includes(key)) : all;
  const bar = h("progress", { max: members.length, value: from, "aria-label": "Members put in" });
  const state = h("p", { role: "status" }, "Putting in …");
  const trouble = h("div", {});
  show(place, bar, state, trouble);
  const lines = new Map(all.map(({ key, line }) => [key, line]));
  for (let done = from; done < members.length; done += PIECE) {
    remember({ text, only, done, total });
    const piece = members.slice(done, done + PIECE).map(({ member }) => member);
    let result;
    try {
      result = await invoke("MemberImportFunction", { members: piece });
    } catch (error) {
      show(trouble, failure(error, () => put(place, context, { text, only, done, total })));
      return;
    }
    total.stored += result.stored;
    total.unchanged += result.unchanged;
    total.rejected.push(...result.rejected.map(({ memberIdentifier, reason }) => ({ line: lines.get(String(memberIdentifier).toUpperCase()) ?? "–", member: memberIdentifier, reason })));
    bar.value = Math.min(done + PIECE, members.length);
    state.textContent = `${Math.min(done + PIECE, members.length).toLocaleString("en-US")} of ${members.length.toLocaleString("en-US")} …`;
  }
  sessionStorage.removeItem(KEPT);
  const number = (value) => value.toLocaleString("en-US");
  state.textContent = `Done: ${number(total.stored)} stored, ${number(total.unchanged)} were so already, ${number(total.rejected.length)} refused.`;
  say(state.textContent);
  if (total.rejected.length) {
    const refused = total.rejected.map(({ member }) => String(member).toUpperCase());
    place.append(
      ...problemTable(total.rejected).filter(Boolean),
      h("div", { class: "actions start" }, button(`Put the ${number(refused.length)} in again`, () => put(place, context, beginning(text, refused)))),
    );
  }
  const outcome = h("section", { "aria-label": "Who could not be found" });
  place.append(outcome);
  try {
    await follow(outcome, new Set(lines.keys()), context.signal);
  } catch (error) {
    if (error.name !== "AbortError") {
      show(outcome, failure(error));
    }
  }
}

function remember(state) {
  const kept = JSON.stringify(state);
  if (kept.length <= MOST_KEPT) {
    sessionStorage.setItem(KEPT, kept);
  } else {
    sessionStorage.removeItem(KEPT);
  }
}

/** Who of them is looked up still, and who could not be found: looked at again for five minutes at most. */
async function follow(place, keys, signal) {
  for (let look = 0; look < 100; look += 1) {
    const found = new Map();
    for (const status of Object.keys(STATUSES).filter((each) => each !== "enrolled")) {
      const theirs = [];
      await pages("/members", { enrollment: status, limit: 200 }, (answer) => { theirs.push(...answer.members.filter((each) => keys.has(each.memberIdentifier))); }, { signal, most: 100 });
      found.set(status, theirs);
    }
    const pending = found.get("pending").length;
    const lost = [...found].filter(([status]) => status !== "pending").flatMap(([, theirs]) => theirs);
    show(
      place,
      pending > 0 && working(`${pending.toLocaleString("en-US")} are still being looked up …`),
      lost.length === 0 ? pending === 0 && h("p", {}, badge("good", "All found")) : [
        h("h3", {}, `${lost.length.toLocaleString("en-US")} could not be found`),
        table("Who could not be found", ["Member", "Name", "Status", "Why"], lost.slice(0, 100).map((each) => [personLink(each.memberIdentifier), `${each.firstName} ${each.lastName}`, statusBadge(each.enrollment.status), sentence(each.enrollment.detail)])),
        h("p", {}, h("a", { href: "#/registrar" }, "Correct them")),
      ],
    );
    if (pending === 0) {
      return;
    }
    await pause(3000, signal);
  }
  place.append(empty("It takes longer: look again under Needs a registrar."));
}
