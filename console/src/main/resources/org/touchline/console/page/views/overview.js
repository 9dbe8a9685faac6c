// Is it well, and why; what waits, and how old it is.

import { alarms, api } from "../api.js";
import { h, show, svg } from "../dom.js";
import { badge, empty, isNotThere, notThere, table } from "../parts.js";
import { ago, hoursSince, time } from "../time.js";
import { STATUSES, WEBHOOKS, capital, count } from "../words.js";

const REFRESH = 10_000;
/** The daily run may take its time, and one may fail. */
const LATE_HOURS = 36;

export async function render({ content, signal, stack, every }) {
  const look = async () => {
    const [status, on] = await Promise.all([
      api("GET", "/status", { signal }),
      stack.local ? { alarms: null } : alarms({ signal }).catch((error) => ({ refused: error })),
    ]);
    show(content, page(status, on));
  };
  try {
    await look();
  } catch (error) {
    if (!isNotThere(error)) {
      throw error;
    }
    show(content, notThere("Here would be whether all is well, when each webhook was last heard, and what waits."));
    return;
  }
  every(REFRESH, look);
}

function page(status, on) {
  const reasons = notWell(status, on.alarms ?? []);
  return [
    h(
      "section",
      { class: `verdict ${reasons.length ? "bad" : "good"}`, "aria-label": "Well or not" },
      h("p", { class: "verdict-word" }, reasons.length ? "Not well" : "Well"),
      h("p", {}, reasons.length ? `${reasons.join("; ")}.` : well(status)),
    ),
    h(
      "div",
      { class: "cards" },
      complete(status),
      heard(status.webhooks),
      needs(status.members),
      waits(status),
      alarmsCard(on),
    ),
    runs(status.reconciliation.runs),
  ];
}

function well(status) {
  const until = status.reconciliation.completeUntil;
  return until ? ["Everything that changed before ", time(until), " is here, and nothing fails."] : "Nothing fails. The first reconciliation is still to come.";
}

/** Each reason a clause of one sentence. */
function notWell({ reconciliation, followUps, quarantine, subscriptions }, on) {
  const until = reconciliation.completeUntil;
  const lastMissed = reconciliation.runs[0]?.missed ?? 0;
  return [
    on.length > 0 && `${count(on.length, "alarm")} ${on.length === 1 ? "is" : "are"} on`,
    until && hoursSince(until) > LATE_HOURS && "what changed in the last day and a half was not asked for",
    quarantine.open > 0 && `${count(quarantine.open, "message")} could not be understood`,
    followUps.failing > 0 && `${count(followUps.failing, "task")} keep${followUps.failing === 1 ? "s" : ""} failing`,
    lastMissed > 0 && `webhooks were lost: reconciliation brought ${count(lastMissed, "change")} that should have been told`,
    subscriptions.missing > 0 && `the Learning Center does not tell of ${count(subscriptions.missing, "person", "people")}`,
  ].filter(Boolean);
}

function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, title), children);
}

function facts(rows) {
  return h("dl", {}, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function complete({ reconciliation, subscriptions, refresh }) {
  return card(
    "How complete the copy is",
    facts([
      ["Complete until", time(reconciliation.completeUntil, "no reconciliation yet")],
      ["A reconciliation is under way", reconciliation.unfinished ? "yes" : "no"],
      ["Subscriptions compared", ago(subscriptions.auditedAt, "not yet")],
      ["People not told of", subscriptions.missing ?? "not known yet"],
      ["Oldest refresh", ago(refresh.oldestAt, "not known yet")],
    ]),
  );
}

function heard(webhooks) {
  return card("Webhooks last heard", facts(webhooks.map(({ path, lastHeardAt }) => [capital(WEBHOOKS[path] ?? path), ago(lastHeardAt)])));
}

function needs(members) {
  const rows = Object.keys(STATUSES).filter((status) => status in members);
  return card(
    "Members by what they need",
    h("ul", { class: "counts" }, rows.map((status) => h("li", {}, h("a", { href: `#/registrar/${status}` }, h("span", { class: "number" }, number(members[status])), " ", STATUSES[status].name)))),
  );
}

const number = (value) => (value >= 1000 ? "1,000+" : String(value));

function waits({ followUps, quarantine }) {
  return card(
    "What waits",
    facts([
      ["To be done", followUps.outstanding === 0 ? "nothing" : count(followUps.outstanding, "task")],
      ["Failing", number(followUps.failing)],
      ["Oldest asked for", ago(followUps.oldestAskedAt, "nothing waits")],
      ["In quarantine", h("a", { href: "#/quarantine" }, quarantine.open === 0 ? "nothing" : count(quarantine.open, "message"))],
      ["Oldest in quarantine", ago(quarantine.oldestReceivedAt, "none")],
    ]),
  );
}

function alarmsCard({ alarms: on, refused }) {
  if (refused) {
    return card("Alarms", h("p", { class: "muted" }, refused.message));
  }
  if (on === null) {
    return card("Alarms", h("p", { class: "muted" }, "A deployed stack has alarms; the local run has none."));
  }
  return card(
    "Alarms that are on",
    on.length === 0 ? empty("None.") : h("ul", {}, on.map((alarm) => h("li", {}, badge("bad", alarm.name), " since ", time(alarm.since), h("p", { class: "muted" }, alarm.description || alarm.reason)))),
  );
}

// ------------------------------------------------------------------------------------------------------------------- the chart

const HEIGHT = 120;
const BAR = 16;
const STEP = 22;

function runs(all) {
  if (all.length === 0) {
    return card("The last 30 reconciliations", empty("None yet: here would be how much each looked at, repaired, and found missing."));
  }
  const oldestFirst = [...all].reverse();
  const most = Math.max(1, ...all.map((run) => run.scanned));
  const height = (value) => (value === 0 ? 0 : Math.max(3, (value / most) * HEIGHT));
  const bar = (kind, x, width, value) => svg("rect", { class: kind, x, y: HEIGHT - height(value), width, height: height(value) });
  const missed = all.reduce((sum, run) => sum + run.missed, 0);
  return card(
    `The last ${all.length === 1 ? "reconciliation" : `${all.length} reconciliations`}`,
    h("p", { class: "legend" }, h("span", { class: "key scanned" }), "scanned ", h("span", { class: "key repaired" }), "repaired ", h("span", { class: "key missed" }), "missed by webhooks"),
    svg(
      "svg",
      { class: "chart", viewBox: `0 0 ${30 * STEP} ${HEIGHT + 2}`, role: "img", "aria-label": `${all.length} runs; the busiest scanned ${most}; ${missed} changes were missed by webhooks. The table below has the numbers.` },
      svg("line", { class: "axis", x1: 0, x2: 30 * STEP, y1: HEIGHT + 1, y2: HEIGHT + 1 }),
      oldestFirst.map((run, i) => svg("g", {}, svg("title", {}, `${run.at}: ${run.scanned} scanned, ${run.repaired} repaired, ${run.missed} missed`), bar("scanned", i * STEP, BAR, run.scanned), bar("repaired", i * STEP, BAR, run.repaired), bar("missed", i * STEP, BAR, run.missed))),
    ),
    h(
      "details",
      {},
      h("summary", {}, "The numbers"),
      table("The last reconciliations", ["When", "Result", "From", "To", "Scanned", "Repaired", "Missed"], all.map((run) => [time(run.at), run.status, time(run.windowStart), time(run.windowEnd), run.scanned, run.repaired, run.missed])),
    ),
  );
}
