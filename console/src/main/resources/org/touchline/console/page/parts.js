// What several views show.

import { Failure, api, invoke, member, pause } from "./api.js";
import { h, say, show, uniqueId } from "./dom.js";
import { day, time } from "./time.js";
import { FIELDS, LICENSE_STATUSES, STATUSES, tell } from "./words.js";

/** A name with a color, whose meaning the name says too. */
export function badge(tone, name) {
  return h("span", { class: `badge ${tone}` }, name);
}

export const statusBadge = (status) => badge(STATUSES[status]?.tone ?? "plain", STATUSES[status]?.name ?? String(status));

const licenseBadge = (status) => badge(LICENSE_STATUSES[status]?.tone ?? "plain", LICENSE_STATUSES[status]?.name ?? String(status));

/** What went wrong and what to do; with a button if it can be tried again. */
export function failure(error, again) {
  const wait = error.retryAfter ? ` Try again in ${error.retryAfter} seconds.` : "";
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    h("strong", {}, error.title ?? "It did not work"),
    h("p", {}, (error.message || String(error)) + wait),
    again && h("button", { type: "button", click: again }, "Try again"),
  );
}

/** Whether the stack is of a version that does not know a route yet. */
export const isNotThere = (error) => error instanceof Failure && error.status === 404 && error.problem?.message === "Not Found";

export function notThere(what) {
  return h("p", { class: "empty" }, `${what} This stack is of a version that does not tell: deploy a newer one.`);
}

export const empty = (text) => h("p", { class: "empty" }, text);

export const working = (text) => h("p", { class: "working" }, text);

/** A table: `columns` are headings, rows are lists of cells. It scrolls sideways where it is wider than the screen. */
export function table(caption, columns, rows) {
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))),
    ),
  );
}

export const personLink = (id, text) => h("a", { href: `#/person/${encodeURIComponent(id)}` }, text ?? id);

export function button(text, click, kind = "") {
  return h("button", { type: "button", class: kind || null, click }, text);
}

/** A field with its label. `attributes` are the control's. */
export function field(label, attributes, { control = "input", hint, options } = {}) {
  const id = uniqueId();
  const hintId = hint ? uniqueId() : null;
  const input = h(control, { id, "aria-describedby": hintId, ...attributes }, options);
  const element = h("div", { class: "field" }, h("label", { for: id }, label), input, hint && h("p", { class: "hint", id: hintId }, hint));
  return { element, input };
}

/** Runs something once at a time: the button says that it works, and is itself again when it ends. */
export async function busy(pressed, text, work) {
  if (pressed.disabled) {
    return undefined;
  }
  const before = pressed.textContent;
  pressed.disabled = true;
  pressed.textContent = text;
  try {
    return await work();
  } finally {
    pressed.disabled = false;
    pressed.textContent = before;
  }
}

/** Asks before something cannot be taken back. `word` has to be typed first, if there is one. Answers whether. */
export function ask(title, content, yes, { word, danger = true } = {}) {
  return new Promise((resolve) => {
    const id = uniqueId();
    const confirm = h("button", { class: danger ? "danger" : "primary", value: "yes", disabled: Boolean(word) }, yes);
    const typed = word
      ? field(`Type ${word} to go on`, { autocomplete: "off", input: (event) => { confirm.disabled = event.target.value.trim().toUpperCase() !== word.toUpperCase(); } }).element
      : null;
    const dialog = h(
      "dialog",
      { "aria-labelledby": id, close: () => { dialog.remove(); resolve(dialog.returnValue === "yes"); } },
      h("h2", { id }, title),
      content,
      typed,
      h("div", { class: "actions" }, button("Cancel", () => dialog.close("")), confirm),
    );
    confirm.type = "button";
    confirm.addEventListener("click", () => dialog.close("yes"));
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function licenses(answer) {
  if (answer.licenses.length === 0) {
    return empty("No licenses: here would be what the Learning Center says that they hold.");
  }
  return table(
    "The licenses and what they are",
    ["License", "Status", "Issued", "Good through", "Issuer"],
    answer.licenses.map((each) => [
      h("span", { class: "strong", title: each.licenseId }, each.name ?? each.licenseId),
      licenseBadge(each.status),
      day(each.issueDate),
      each.expirationDate ? day(each.expirationDate) : "does not expire",
      each.issuer ?? "–",
    ]),
  );
}

/** Changes as a list, in the order given; `about` says of whom each is. */
export function timeline(changes, { about } = {}) {
  return h("ol", { class: "timeline" }, changes.map((change) => entry(change, about)));
}

export function entry(change, about) {
  const { what, detail, tone } = tell(change);
  return h(
    "li",
    { class: `entry ${tone}`, "data-type": change.type },
    h("p", { class: "entry-when" }, time(change.time)),
    h("div", {}, h("p", { class: "strong" }, what), about && h("p", {}, about(change)), detail && h("p", { class: "muted" }, detail)),
  );
}

// -------------------------------------------------------------------------------------------------------- a member's details

const DRAFT = "touchline-draft ";

/** A form that puts a member in again. What was typed survives a reload. `onStored` gets the member as it is stored. */
export function memberForm(before, { onStored, onCancel }) {
  const key = DRAFT + before.memberIdentifier;
  const draft = JSON.parse(sessionStorage.getItem(key) ?? "null") ?? {};
  const inputs = new Map();
  const problem = h("div", {});
  const fields = FIELDS.map(([name, label, type]) => {
    const made = field(label, { type, name, value: draft[name] ?? before[name] ?? "", autocomplete: "off", required: name !== "ussfId" });
    made.input.addEventListener("input", () => {
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries([...inputs].map(([each, input]) => [each, input.value]))));
    });
    inputs.set(name, made.input);
    return made.element;
  });
  const submit = h("button", { class: "primary" }, "Put in again");
  const form = h(
    "form",
    {
      class: "card form",
      "aria-label": `Details of ${before.memberIdentifier}`,
      submit: async (event) => {
        event.preventDefault();
        show(problem);
        const { enrollment, memberIdentifier, ...details } = before;
        for (const [name, input] of inputs) {
          details[name] = input.value.trim() || undefined;
        }
        await busy(submit, "Putting in …", async () => {
          try {
            const stored = await api("PUT", member(memberIdentifier), { body: details });
            sessionStorage.removeItem(key);
            onStored(stored);
          } catch (error) {
            const refused = inputs.get(error.problem?.field);
            refused?.setAttribute("aria-invalid", "true");
            show(problem, failure(error));
            refused?.focus();
          }
        });
      },
    },
    h("div", { class: "fields" }, fields),
    problem,
    h("div", { class: "actions" }, button("Cancel", () => { sessionStorage.removeItem(key); onCancel(); }), submit),
  );
  form.firstChild.querySelector('[name="email"]').dataset.first = "true";
  return form;
}

/** Whether somebody began to correct this member's details before a reload. */
export const hasDraft = (identifier) => sessionStorage.getItem(DRAFT + identifier) !== null;

/** Looks at a member until they are no longer being looked up, for two minutes at most; `onLook` gets each look. */
export async function watchEnrollment(identifier, onLook, signal) {
  for (let look = 0; look < 80; look += 1) {
    const seen = await api("GET", member(identifier), { signal });
    onLook(seen);
    if (seen.enrollment.status !== "pending") {
      say(`${identifier}: ${STATUSES[seen.enrollment.status]?.name}`);
      return seen;
    }
    await pause(look < 20 ? 500 : 2000, signal);
  }
  return null;
}

// ----------------------------------------------------------------------------------------------------------------- forgetting

const TABLES = {
  LicenseStoreTable: "licenses and profile",
  MemberDirectoryTable: "members",
  FollowUpTable: "what is still to be done",
  QuarantineTable: "in quarantine",
  ChangeHistoryTable: "history",
};

/** Shows what would go, asks, and forgets. `whom` is the function's payload. Answers whether it was done. */
export async function forget(whom) {
  const id = whom.memberIdentifier ?? whom.ussfId;
  const preview = await invoke("PersonErasureFunction", { ...whom, preview: true });
  const what = h(
    "div",
    {},
    h("p", {}, preview.known ? "Everything that is held of this person goes, and cannot be brought back:" : "Nothing is held of this person."),
    h("ul", {}, Object.entries(preview.deleted).map(([name, number]) => h("li", {}, `${TABLES[name] ?? name}: ${number}`))),
    h("p", {}, "The subscription ends. Systems that have copies have to be told by you."),
  );
  if (!(await ask(`Forget ${id}?`, what, "Forget for good", { word: id }))) {
    return null;
  }
  return invoke("PersonErasureFunction", whom);
}

