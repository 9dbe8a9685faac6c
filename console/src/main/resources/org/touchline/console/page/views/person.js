// What is known of one person: details, licenses, and what happened to them.

import { api, invoke, member, user } from "../api.js";
import { h, say, show } from "../dom.js";
import { ask, badge, busy, button, empty, failure, field, forget, hasDraft, isNotThere, licenses, memberForm, notThere, personLink, statusBadge, timeline, watchEnrollment, working } from "../parts.js";
import { day, time, today } from "../time.js";
import { OPTIONAL_FIELDS, sentence } from "../words.js";

const isUssfId = (text) => /^\d{16}$/.test(text.replaceAll(/[ -]/g, ""));

export async function render({ content, args, query, signal, catching }) {
  const [id] = args;
  const place = h("div", {});
  show(content, search(id), place);
  if (!id) {
    place.append(empty("Look for somebody by member identifier or USSF-ID. Here would be their details, their licenses, and what happened to them."));
    return;
  }
  show(place, working("Looking …"));
  const on = query.get("on") ?? "";
  await (isUssfId(id) ? showUser(place, id.replaceAll(/[ -]/g, ""), on, signal, catching) : showMember(place, id, on, signal, catching));
}

function search(id) {
  const input = h("input", { id: "who", name: "who", value: id ?? "", autocomplete: "off", spellcheck: "false", required: true, placeholder: "CYSA-1001 or 2020 0000 0413 6762" });
  return h(
    "form",
    { class: "search", role: "search", submit: (event) => { event.preventDefault(); location.hash = `#/person/${encodeURIComponent(input.value.trim())}`; } },
    h("label", { for: "who" }, "Member identifier or USSF-ID"),
    input,
    h("button", { class: "primary" }, "Find"),
  );
}

async function showMember(place, identifier, on, signal, catching) {
  let seen = null;
  let refused = null;
  try {
    seen = await api("GET", member(identifier), { signal });
  } catch (error) {
    if (error.status === 404) {
      show(place, empty(`Nobody is put in as ${identifier}. If they left, their history may be kept:`));
      place.append(await history(`${member(identifier)}/history`, signal));
      return;
    }
    if (error.status !== 403) {
      throw error;
    }
    refused = error;
  }
  const details = h("section", { class: "card", "aria-label": "Details" });
  const rest = h("div", {});
  show(place, details, rest);
  const load = async () => {
    show(rest, await held(member(identifier), identifier, on, signal), await history(`${member(identifier)}/history`, signal));
  };
  if (refused) {
    show(details, h("h2", {}, identifier), failure(refused));
  } else {
    showDetails(details, seen, load, signal, catching);
  }
  await load();
}

function showDetails(details, seen, reload, signal, catching) {
  const messages = h("div", {});
  const edit = () => {
    const form = memberForm(seen, {
      onCancel: () => showDetails(details, seen, reload, signal, catching),
      onStored: catching(messages, async (stored) => {
        showDetails(details, stored, reload, signal, catching);
        await watchEnrollment(stored.memberIdentifier, (now) => showDetails(details, now, reload, signal, catching), signal);
        await reload();
      }),
    });
    show(details, h("h2", {}, `${seen.firstName} ${seen.lastName}`), form);
    form.querySelector("input").focus();
  };
  if (hasDraft(seen.memberIdentifier)) {
    edit();
    return;
  }
  const { enrollment } = seen;
  const ussfId = enrollment.ussfId ?? seen.ussfId;
  show(
    details,
    h("div", { class: "person-head" }, h("h2", {}, `${seen.firstName} ${seen.lastName}`), statusBadge(enrollment.status), !seen.active && badge("wait", "Not active")),
    h("p", {}, sentence(enrollment.detail)),
    h(
      "dl",
      { class: "wide" },
      [
        ["Member", seen.memberIdentifier],
        ["USSF-ID", ussfId ? personLink(ussfId) : "not known"],
        ["E-mail", seen.email],
        ["Born", day(seen.dateOfBirth)],
        ["Membership ends", day(seen.expiresOn, "no date")],
        ...OPTIONAL_FIELDS.filter((name) => !["active", "expiresOn"].includes(name) && seen[name]).map((name) => [name, seen[name]]),
        ["Last asked", time(enrollment.checkedAt)],
      ].map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    messages,
    h(
      "div",
      { class: "actions" },
      button("Correct details", edit),
      ussfId && button("Refresh", catching(messages, (event) => refresh(event.currentTarget, messages, ussfId, reload))),
      button("Take out", catching(messages, async () => {
        const what = h("p", {}, "They are no member any more, and the subscription ends if nobody else has their USSF-ID. What is known of their licenses stays.");
        if (await ask(`Take ${seen.memberIdentifier} out?`, what, "Take out")) {
          await api("DELETE", member(seen.memberIdentifier));
          location.hash = "#/members";
        }
      })),
      button("Forget …", catching(messages, async (event) => {
        const done = await busy(event.currentTarget, "Looking …", () => forget({ memberIdentifier: seen.memberIdentifier }));
        if (done) {
          show(details.parentElement, h("div", { class: "notice good", role: "status" }, `${seen.memberIdentifier} is forgotten.`));
        }
      }), "danger"),
    ),
  );
}

async function refresh(pressed, messages, ussfId, reload, accept = false) {
  const result = await busy(pressed, "Asking the Learning Center …", () => invoke("PersonRefreshFunction", accept ? { ussfId, accept } : { ussfId }));
  if (result.failed > 0) {
    show(
      messages,
      h("div", { class: "notice bad", role: "alert" },
        h("strong", {}, "Not refreshed"),
        h("p", {}, "The Learning Center did not answer as it should, or its answer takes every license away, which is doubted. What is held stays."),
        button("Believe an answer that takes everything away", async (event) => {
          try {
            await refresh(event.currentTarget, messages, ussfId, reload, true);
          } catch (error) {
            show(messages, failure(error));
          }
        })),
    );
  } else {
    show(messages, h("div", { class: "notice good", role: "status" }, result.changed > 0 ? "Refreshed: something had changed." : "Refreshed: nothing had changed."));
  }
  await reload();
}

async function showUser(place, ussfId, on, signal, catching) {
  const messages = h("div", {});
  const rest = h("div", {});
  const load = async () => {
    show(rest, await held(user(ussfId), ussfId, on, signal), await history(`${user(ussfId)}/history`, signal));
  };
  show(
    place,
    h(
      "section",
      { class: "card", "aria-label": "Details" },
      h("h2", {}, `USSF-ID ${ussfId}`),
      messages,
      h(
        "div",
        { class: "actions" },
        button("Refresh", catching(messages, (event) => refresh(event.currentTarget, messages, ussfId, load))),
        button("Forget …", catching(messages, async (event) => {
          if (await busy(event.currentTarget, "Looking …", () => forget({ ussfId }))) {
            show(place, h("div", { class: "notice good", role: "status" }, `${ussfId} is forgotten.`));
          }
        }), "danger"),
      ),
    ),
    rest,
  );
  await load();
}

/** What licenses the person holds, today or on a day to come. */
async function held(path, id, on, signal) {
  const section = h("section", { class: "card", "aria-label": "Licenses" }, h("h2", {}, "Licenses"));
  const picker = field("As it will be on", { type: "date", value: on, min: today(), change: (event) => {
    location.hash = `#/person/${encodeURIComponent(id)}${event.target.value ? `?on=${event.target.value}` : ""}`;
  } }, { hint: "By the dates that are known now; empty for today." });
  try {
    const answer = await api("GET", `${path}/licenses`, { query: { include_inactive: true, on }, signal });
    section.append(
      picker.element,
      licenses(answer),
      h("dl", { class: "wide" }, facts(answer).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    );
  } catch (error) {
    if (error.status === 410) {
      const next = error.problem.ussfId;
      section.append(h("div", { class: "notice wait" }, "This USSF-ID has changed. The person is now ", personLink(next), "."));
    } else if (error.status === 404) {
      section.append(empty("No licenses are known: the Learning Center has not been asked about this person yet, or does not know them."));
    } else {
      if (error.name === "AbortError") {
        throw error;
      }
      section.append(picker.element, failure(error));
    }
  }
  return section;
}

function facts({ ussfId, subscribed, asOf, refereeExperience, grassrootsCertificate }) {
  return [
    ["USSF-ID", ussfId ? personLink(ussfId) : "not known"],
    ["Changes are told", subscribed ? "yes" : "no: not subscribed"],
    ["Complete until", time(asOf, "not known")],
    refereeExperience !== undefined && refereeExperience !== null && ["Referee experience", `${refereeExperience} years`],
    grassrootsCertificate && ["Grassroots certificate", grassrootsCertificate.hasCertificate ? ["issued ", day(grassrootsCertificate.issueDate, "on an unknown day")] : "none"],
  ].filter(Boolean);
}

async function history(path, signal) {
  const list = h("div", {});
  const more = h("div", {});
  const section = h("section", { class: "card", "aria-label": "What happened" }, h("h2", {}, "What happened"), list, more);
  const load = async (after) => {
    const answer = await api("GET", path, { query: { after }, signal });
    list.append(answer.changes.length ? timeline(answer.changes) : empty("Nothing yet: here would be each change, with who said so."));
    show(more, answer.next && button("Older", () => load(answer.next).catch((error) => show(more, failure(error)))));
  };
  try {
    await load();
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    show(list, isNotThere(error) ? notThere("Here would be what happened to them.") : error.status === 404 ? empty("Nothing is kept of them.") : failure(error));
  }
  say("");
  return section;
}
