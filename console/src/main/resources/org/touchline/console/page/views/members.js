// The members: looked through, put in from a file, and saved as one.

import { Failure, pages } from "../api.js";
import { download, write } from "../csv.js";
import { h, show } from "../dom.js";
import { badge, busy, button, empty, field, personLink, statusBadge, table, working } from "../parts.js";
import { day, today } from "../time.js";
import { importer } from "./members-import.js";

const PAGE = 200;
const SHOWN = 100;

export async function render(context) {
  const { content, signal, catching } = context;
  const place = h("div", {});
  const messages = h("div", {});
  show(
    content,
    h("div", { class: "actions start" }, button("Roster as a CSV file", catching(messages, (event) => busy(event.currentTarget, "Reading …", () => saveRoster(messages, signal))))),
    messages,
    importer(context),
    h("section", { class: "card", "aria-label": "Everybody" }, h("h2", {}, "Everybody"), place),
  );
  await everybody(place, signal, catching);
}

async function everybody(place, signal, catching) {
  const loaded = [];
  let next = null;
  let first = 0;
  let source = byName;
  let loading = false;
  const body = h("div", {});
  const trouble = h("div", {});
  const controls = h("div", { class: "actions start" });
  const find = field("Beginning of a name or identifier", { type: "search", autocomplete: "off", input: () => { first = 0; draw(); } }, { hint: "Looks among those that are loaded." });
  const load = async (most) => {
    let pagesRead = 0;
    loading = true;
    show(trouble);
    draw();
    try {
      await pages(source.path, { limit: PAGE, after: next }, (answer, after) => {
        loaded.push(...answer.members.map(source.row));
        pagesRead += 1;
        next = after;
        draw();
        return pagesRead < most;
      }, { signal, most });
    } finally {
      loading = false;
      draw();
    }
  };
  const matching = () => {
    const wanted = find.input.value.trim().toLowerCase();
    return wanted === "" ? loaded : loaded.filter((each) => each.keys.some((key) => key.startsWith(wanted)));
  };
  const draw = () => {
    const found = matching();
    const rows = found.slice(first, first + SHOWN);
    const number = (value) => value.toLocaleString("en-US");
    show(
      body,
      loaded.length === 0
        ? !loading && empty("Nobody is put in yet. Put a CSV file in above, or have your system put members in.")
        : [
            h("p", { class: "muted", role: "status" }, `${number(loaded.length)} loaded${next ? "; there are more" : ""}. ${found.length === 0 ? "None begins so." : `Shown: ${number(first + 1)} to ${number(first + rows.length)} of ${number(found.length)}.`}`),
            table("Members", ["Member", "Name", "Enrollment", "USSF-ID", "Membership ends"], rows.map((each) => [personLink(each.id), each.name, [statusBadge(each.status), each.active ? null : [" ", badge("wait", "Not active")]], each.ussfId ? personLink(each.ussfId) : "–", day(each.expiresOn, "no date")])),
          ],
    );
    const step = (by) => button(by < 0 ? "Previous" : "Next", () => { first += by; draw(); });
    show(
      controls,
      first > 0 && step(-SHOWN),
      first + SHOWN < found.length && step(SHOWN),
      loading && working("Loading …"),
      !loading && next && button("Load more", catching(trouble, () => load(1))),
      !loading && next && button("Load all", catching(trouble, () => load(500))),
    );
  };
  show(place, find.element, body, trouble, controls);
  try {
    await load(1);
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 403) {
      throw error;
    }
    // Who may not read names may read the roster.
    source = byRoster;
    next = null;
    await load(1);
    place.prepend(h("div", { class: "notice wait" }, "Your AWS credentials may not read names: identifiers are shown."));
  }
}

const byName = {
  path: "/members",
  row: (each) => ({
    id: each.memberIdentifier,
    name: `${each.firstName} ${each.lastName}`,
    status: each.enrollment.status,
    ussfId: each.enrollment.ussfId ?? each.ussfId,
    active: each.active,
    expiresOn: each.expiresOn,
    keys: [each.memberIdentifier, each.firstName, each.lastName, `${each.firstName} ${each.lastName}`].map((key) => key.toLowerCase()),
  }),
};

const byRoster = {
  path: "/roster",
  row: (each) => ({ id: each.memberIdentifier, name: "–", status: each.enrollment, ussfId: each.ussfId, active: each.active, expiresOn: each.expiresOn, keys: [each.memberIdentifier.toLowerCase()] }),
};

/** A row for each license of each member; one without for who holds none. */
async function saveRoster(messages, signal) {
  const heading = ["memberIdentifier", "ussfId", "enrollment", "active", "expiresOn", "subscribed", "asOf", "licenseId", "license", "status", "issueDate", "expirationDate", "issuer"];
  const rows = [heading];
  let members = 0;
  await pages("/roster", { limit: PAGE, include_inactive: true }, (answer) => {
    for (const each of answer.members) {
      const start = [each.memberIdentifier, each.ussfId, each.enrollment, each.active, each.expiresOn, each.subscribed, each.asOf];
      const held = each.licenses.length ? each.licenses : [{}];
      rows.push(...held.map((license) => [...start, license.licenseId, license.name, license.status, license.issueDate, license.expirationDate, license.issuer]));
    }
    members += answer.members.length;
    show(messages, working(`${members.toLocaleString("en-US")} members read …`));
  }, { signal, most: 5000 });
  show(messages, h("div", { class: "notice good", role: "status" }, `${members.toLocaleString("en-US")} members are in the file.`));
  download(`roster-${today()}.csv`, write(rows));
}
