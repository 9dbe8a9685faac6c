// What could not be understood: why, and what is done about it.

import { api, invoke } from "../api.js";
import { h, show } from "../dom.js";
import { ask, busy, button, empty, working } from "../parts.js";
import { ago, time } from "../time.js";
import { WEBHOOKS, capital, count, sentence } from "../words.js";

const CATALOG = ["/webhooks/uss-licenses-update", "/licenses"];

export async function render(context) {
  const { content, args } = context;
  show(content, working("Looking …"));
  await (args[0] ? one(context, args[0]) : list(context));
}

async function list({ content, signal, catching }) {
  const { entries = [] } = await invoke("QuarantineReplayFunction", { list: true }, { signal });
  if (entries.length === 0) {
    show(content, empty("Nothing waits. Here would be what the Learning Center said and Touchline could not understand, kept whole."));
    return;
  }
  const messages = h("div", {});
  show(
    content,
    h("p", {}, "What the Learning Center said and Touchline could not understand is kept whole until somebody has looked at it."),
    messages,
    h("div", { class: "actions start" }, button("Replay all", catching(messages, async (event) => {
      const result = await busy(event.currentTarget, "Replaying …", () => invoke("QuarantineReplayFunction", {}));
      await list({ content, signal, catching });
      content.prepend(h("div", { class: "notice good", role: "status" }, replayed(result)));
    }))),
    h(
      "ul",
      { class: "people" },
      entries.map((entry) =>
        h(
          "li",
          { class: "card" },
          h("h2", {}, h("a", { href: `#/quarantine/${encodeURIComponent(entry.id)}` }, capital(WEBHOOKS[entry.route] ?? entry.route))),
          h("p", {}, sentence(entry.reason)),
          h("p", { class: "muted" }, "Came ", ago(entry.receivedAt), ` by ${entry.route}`),
        )),
    ),
  );
}

const replayed = (result) => `${count(result.replayed, "message")} understood now; ${result.stillQuarantined === 0 ? "nothing waits any more." : `${count(result.stillQuarantined, "message")} still wait${result.stillQuarantined === 1 ? "s" : ""}.`}`;

async function one({ content, signal, catching }, id) {
  const { entries = [] } = await invoke("QuarantineReplayFunction", { id, show: true }, { signal });
  const [entry] = entries;
  if (!entry) {
    show(content, empty("This one waits no longer: it was replayed or given up."), h("p", {}, h("a", { href: "#/quarantine" }, "All that waits")));
    return;
  }
  const messages = h("div", {});
  const act = (payload, text) => catching(messages, async (event) => {
    const result = await busy(event.currentTarget, text, () => invoke("QuarantineReplayFunction", { id, ...payload }));
    if (payload.discard || result.replayed > 0) {
      show(content, h("div", { class: "notice good", role: "status" }, payload.discard ? "It is given up; a trace of it is kept for 90 days." : "It is understood and applied."), h("p", {}, h("a", { href: "#/quarantine" }, "All that waits")));
    } else {
      show(messages, h("div", { class: "notice bad", role: "alert" }, "It still cannot be understood."));
    }
  });
  const retires = CATALOG.includes(entry.route) ? await retired(entry.payload, signal) : null;
  show(
    content,
    h("p", {}, h("a", { href: "#/quarantine" }, "← All that waits")),
    h(
      "section",
      { class: "card", "aria-label": "What waits" },
      h("h2", {}, capital(WEBHOOKS[entry.route] ?? entry.route)),
      h("p", { class: "strong" }, sentence(entry.reason)),
      h("p", { class: "muted" }, "Came ", time(entry.receivedAt), ` by ${entry.route}`),
      messages,
      h(
        "div",
        { class: "actions start" },
        button("Replay", act({}, "Replaying …"), "primary"),
        retires && button("Accept …", catching(messages, async (event) => {
          const pressed = event.currentTarget;
          if (await ask("Accept this list of licenses?", consequences(retires), "Accept")) {
            await act({ accept: true }, "Accepting …")({ currentTarget: pressed });
          }
        })),
        button("Give up …", catching(messages, async (event) => {
          const pressed = event.currentTarget;
          if (await ask("Give this up?", h("p", {}, "What it says is not applied, and its content is deleted."), "Give up")) {
            await act({ discard: true }, "Giving up …")({ currentTarget: pressed });
          }
        }), "danger"),
      ),
    ),
    h("section", { class: "card", "aria-label": "Payload" }, h("h2", {}, "As it came"), h("pre", { tabindex: "0", "aria-label": "Payload" }, pretty(entry.payload))),
  );
}

/** Of the licenses that are active now, which the list does not have. Null where it is no list at all. */
async function retired(payload, signal) {
  let listed;
  try {
    const parsed = JSON.parse(payload);
    listed = Array.isArray(parsed) ? parsed : parsed.licenses ?? parsed.data;
  } catch {
    return null;
  }
  if (!Array.isArray(listed)) {
    return null;
  }
  const ids = new Set(listed.map(licenseId));
  const { licenses } = await api("GET", "/licenses", { signal });
  const active = licenses.filter((each) => each.status === "active");
  return { of: active.length, gone: active.filter((each) => !ids.has(each.licenseId)) };
}

/** As the wire contract reads it: whatever the spelling of the field's name. */
function licenseId(row) {
  const found = Object.entries(row ?? {}).find(([name]) => name.toLowerCase().replaceAll(/[-_ ]/g, "") === "licenseid");
  return String(found?.[1] ?? "").trim().toLowerCase();
}

function consequences({ of, gone }) {
  return h(
    "div",
    {},
    h("p", { class: "strong" }, `${gone.length} of ${of} licenses would be retired. What people hold of them stays.`),
    h("ul", { class: "short" }, gone.slice(0, 100).map((each) => h("li", {}, each.name))),
    gone.length > 100 && h("p", {}, `… and ${gone.length - 100} more`),
  );
}

function pretty(payload) {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload ?? "";
  }
}

