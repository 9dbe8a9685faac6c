// The simulated Learning Center, told what to do; what Touchline makes of it is seen to arrive. Of the local run only.

import { api, invoke, pause, simulator, user } from "../api.js";
import { h, say, show } from "../dom.js";
import { badge, busy, button, empty, failure, field, licenses, personLink, working } from "../parts.js";
import { today } from "../time.js";

/** How many are offered; more are found by their USSF-ID. */
const MOST_OFFERED = 200;
/** Half a second apart. */
const MOST_LOOKS = 120;

export async function render({ content, args, signal, stack, catching }) {
  if (!stack.simulated) {
    show(content, empty("There is no simulator here: a deployed stack talks to U.S. Soccer's own Learning Center."));
    return;
  }
  show(content, working("One moment …"));
  const [people, { licenses: catalog }] = await Promise.all([simulator("GET", "/people"), api("GET", "/licenses", { signal })]);
  const chosen = people.find((each) => each.ussf_id === args[0]) ?? people[0];
  const arrivals = h("section", { class: "card", "aria-label": "What arrives", "aria-live": "polite" });
  const messages = h("div", {});
  show(
    content,
    h("p", {}, "This is the Learning Center of this run. Do something there, and see what Touchline makes of it."),
    catalog.length === 0 && first(catching, messages),
    messages,
    h("div", { class: "columns" },
      h("div", {}, who(people, chosen), putIn(chosen, signal, arrivals, catching), changeLicense(chosen, catalog, arrivals, signal, catching), move(chosen, arrivals, signal, catching), trouble(catching), more(catching)),
      arrivals),
  );
  await arrive(arrivals, chosen, signal);
}

function card(title, ...children) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), children);
}

function first(catching, messages) {
  return h("div", { class: "notice wait" }, h("p", {}, "Touchline has not asked yet what licenses are called. It does so once a day."), button("Ask now", catching(messages, async (event) => {
    await busy(event.currentTarget, "Asking …", () => invoke("LicenseCatalogSyncFunction", {}));
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }), "primary"));
}

const nameOf = (person) => `${person.first_name} ${person.last_name}`;

function who(people, chosen) {
  return card(
    "Who",
    field("Person in the Learning Center", { change: (event) => { location.hash = `#/play/${event.target.value}`; } }, {
      control: "select",
      options: people.slice(0, MOST_OFFERED).map((each) => h("option", { value: each.ussf_id, selected: each === chosen }, `${nameOf(each)} · ${each.ussf_id}`)),
    }).element,
  );
}

const identifier = (person) => `PLAY-${person.ussf_id.slice(-4)}`;

function putIn(person, signal, arrivals, catching) {
  const messages = h("div", {});
  const details = { firstName: person.first_name, lastName: person.last_name, dateOfBirth: person.dob };
  const put = (email) => catching(messages, async (event) => {
    const id = identifier(person);
    await busy(event.currentTarget, "Putting in …", () => api("PUT", `/members/${id}`, { body: { ...details, email } }));
    show(messages, h("div", { class: "notice good", role: "status" }, "Put in as ", personLink(id), "."));
    await arrive(arrivals, person, signal);
  });
  return card(
    "Your organization puts them in",
    h("p", { class: "muted" }, "Touchline finds them in the Learning Center, subscribes, and stores their licenses."),
    messages,
    h("div", { class: "actions start" }, button(`Put ${nameOf(person)} in`, put(person.email), "primary"), button("With a name and e-mail that are not theirs", catching(messages, async (event) => {
      details.firstName = `${person.first_name}x`;
      await put(`nobody-${person.ussf_id.slice(-4)}@example.org`)(event);
      details.firstName = person.first_name;
    }))),
  );
}

function changeLicense(person, catalog, arrivals, signal, catching) {
  const messages = h("div", {});
  const which = field("License", {}, { control: "select", options: (catalog.length ? catalog : [{ licenseId: "referee_8", name: "referee_8" }]).map((each) => h("option", { value: each.licenseId, selected: each.licenseId === "referee_7" }, each.name)) });
  const ends = field("Good through", { type: "date", value: today(20) });
  const lost = field("The webhook is lost", { type: "checkbox" }, { hint: "Then only reconciliation finds it." });
  const change = (fields) => catching(messages, async (event) => {
    const body = { ussf_id: person.ussf_id, license_id: which.input.value, ...fields(), webhook: !lost.input.checked };
    await busy(event.currentTarget, "Telling …", () => simulator("POST", "/user-licenses", body));
    show(messages, h("div", { class: "notice good", role: "status" }, lost.input.checked ? "Done, and the webhook is lost: Touchline does not know." : "Done. If they are subscribed to, the webhook is on its way."));
    await arrive(arrivals, person, signal);
  });
  return card(
    "A license changes",
    h("div", { class: "fields" }, which.element, ends.element, lost.element),
    messages,
    h(
      "div",
      { class: "actions start" },
      button("Give or change it", change(() => ({ expiration_date: ends.input.value || null })), "primary"),
      button("Take it away", change(() => ({ action: "removed" }))),
      button("Reconcile now", catching(messages, async (event) => {
        const now = new Date();
        const window = { startDate: new Date(now - 86_400_000).toISOString(), endDate: new Date(now.getTime() + 60_000).toISOString() };
        const result = await busy(event.currentTarget, "Asking for all changes …", () => invoke("UserLicenseReconciliationFunction", window));
        show(messages, h("div", { class: "notice good", role: "status" }, `Looked at ${result.scanned} changes of the last day, and repaired ${result.repaired}.`));
        await arrive(arrivals, person, signal);
      })),
    ),
  );
}

function move(person, arrivals, signal, catching) {
  const messages = h("div", {});
  const next = field("New USSF-ID", { value: String(BigInt(person.ussf_id) + 5_000_000_000n), pattern: "[0-9]{16}", autocomplete: "off" });
  return card(
    "The USSF-ID changes",
    next.element,
    messages,
    h("div", { class: "actions start" }, button("Move", catching(messages, async (event) => {
      const moved = await busy(event.currentTarget, "Moving …", () => simulator("POST", "/ussf-id-changes", { current_ussf_id: person.ussf_id, new_ussf_id: next.input.value.trim() }));
      say("Moved.");
      location.hash = `#/play/${moved.ussf_id}`;
    }))),
  );
}

function trouble(catching) {
  const messages = h("div", {});
  const fault = (body, said) => catching(messages, async (event) => {
    await busy(event.currentTarget, "Telling …", () => simulator("POST", "/faults", body));
    show(messages, h("div", { class: "notice wait", role: "status" }, said));
  });
  return card(
    "The Learning Center has trouble",
    messages,
    h(
      "div",
      { class: "actions start" },
      button("It fails", fault({ times: 20, status: 503 }, "The next 20 calls are answered 503. Put somebody in: nothing is lost.")),
      button("It is slow", fault({ times: 20, effect: "delay", millis: 3000 }, "Each of the next 20 calls takes three seconds longer.")),
      button("All is well again", catching(messages, async (event) => {
        await busy(event.currentTarget, "Telling …", () => simulator("DELETE", "/faults"));
        show(messages, h("div", { class: "notice good", role: "status" }, "Nothing goes wrong any more."));
      })),
    ),
  );
}

function more(catching) {
  const messages = h("div", {});
  return card("More people", messages, h("div", { class: "actions start" }, button("Make up 100 people", catching(messages, async (event) => {
    await busy(event.currentTarget, "Making them up …", () => simulator("POST", "/people", { count: 100 }));
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }))));
}

/** What Touchline knows of the person, looked at again and again for a minute after each change. */
async function arrive(place, person, signal) {
  const mine = (place.dataset.look = String(Number(place.dataset.look ?? 0) + 1));
  for (let look = 0; look < MOST_LOOKS && place.dataset.look === mine; look += 1) {
    let seen = null;
    try {
      seen = await api("GET", `${user(person.ussf_id)}/licenses`, { query: { include_inactive: true }, signal });
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      if (error.status !== 404 && error.status !== 410) {
        show(place, failure(error));
        return;
      }
    }
    show(
      place,
      h("h2", {}, "What Touchline knows"),
      h("p", {}, h("strong", {}, nameOf(person)), " · ", personLink(person.ussf_id), " ", seen && badge(seen.subscribed ? "good" : "wait", seen.subscribed ? "subscribed" : "not subscribed")),
      seen ? licenses(seen) : empty("Nothing yet. Put them in, and their licenses appear here."),
    );
    await pause(500, signal).catch(() => {});
    if (signal.aborted) {
      return;
    }
  }
}
