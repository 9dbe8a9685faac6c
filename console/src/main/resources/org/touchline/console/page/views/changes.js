// The feed of changes, live.

import { api } from "../api.js";
import { h, show } from "../dom.js";
import { empty, entry, field, isNotThere, notThere, personLink } from "../parts.js";
import { KINDS } from "../words.js";

const LOOK_AGAIN = 2_000;
const MOST_SHOWN = 500;
const MOST_PAGES_A_LOOK = 10;
const BEGINNINGS = { 1: "the last hour", 24: "the last day", 168: "the last week" };

export async function render({ content, query, signal, every }) {
  const kind = query.get("kind") in KINDS ? query.get("kind") : "";
  const hours = query.get("hours") in BEGINNINGS ? query.get("hours") : "24";
  const go = (changed) => { location.hash = `#/changes?${new URLSearchParams({ kind, hours, ...changed })}`; };
  const list = h("ol", { class: "timeline", "aria-label": "Changes, newest first" });
  const state = h("p", { class: "muted", role: "status" });
  show(
    content,
    h(
      "div",
      { class: "fields" },
      field("Kind", { change: (event) => go({ kind: event.target.value }) }, { control: "select", options: [["", "Everything"], ...Object.entries(KINDS)].map(([value, name]) => h("option", { value, selected: value === kind }, name)) }).element,
      field("Since", { change: (event) => go({ hours: event.target.value }) }, { control: "select", options: Object.entries(BEGINNINGS).map(([value, name]) => h("option", { value, selected: value === hours }, name)) }).element,
    ),
    state,
    list,
  );
  let after = null;
  let seen = 0;
  const look = async () => {
    for (let page = 0; page < MOST_PAGES_A_LOOK; page += 1) {
      const answer = await api("GET", "/changes", { query: after ? { after, limit: 200 } : { since: instantBefore(hours), limit: 200 }, signal });
      after = answer.next;
      const wanted = answer.changes.filter((change) => !kind || change.type.startsWith(`${kind}.`));
      seen += wanted.length;
      wanted.forEach((change) => list.prepend(entry(change, about)));
      if (answer.changes.length === 0) {
        break;
      }
    }
    while (list.children.length > MOST_SHOWN) {
      list.lastElementChild.remove();
    }
    state.textContent = seen === 0 ? "" : `${seen.toLocaleString("en-US")} ${seen === 1 ? "change" : "changes"} in ${BEGINNINGS[hours]}; what comes appears by itself.`;
    list.hidden = seen === 0;
    nothing.hidden = seen > 0;
  };
  const nothing = empty(`Nothing changed in ${BEGINNINGS[hours]}. Here would be each change, as it comes.`);
  content.append(nothing);
  try {
    await look();
  } catch (error) {
    if (!isNotThere(error)) {
      throw error;
    }
    show(content, notThere("Here would be each change, as it comes."));
    return;
  }
  every(LOOK_AGAIN, () => look().catch((error) => {
    if (error.problem?.type === "urn:touchline:cursor-expired") {
      after = null;
      return;
    }
    throw error;
  }));
}

const instantBefore = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

function about({ subject, data = {} }) {
  const members = data.memberIdentifier ? [data.memberIdentifier] : data.memberIdentifiers ?? [];
  return [
    members.map((id, i) => [i > 0 && ", ", personLink(id)]),
    data.ussfId && [members.length > 0 && " · ", personLink(data.ussfId)],
    !data.ussfId && members.length === 0 && subject,
  ];
}
