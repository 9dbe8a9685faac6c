// Whose licenses end within 60, 30 or 7 days.

import { api, pages } from "../api.js";
import { download, write } from "../csv.js";
import { h, show } from "../dom.js";
import { badge, button, empty, field, personLink, table, working } from "../parts.js";
import { day, daysUntil, today } from "../time.js";

const DAYS = [60, 30, 7];
/** What is shown; the file has all. */
const MOST_ROWS = 500;

export async function render({ content, query, signal }) {
  const within = DAYS.includes(Number(query.get("days"))) ? Number(query.get("days")) : 60;
  const license = query.get("license") ?? "";
  const place = h("div", {}, working("Looking …"));
  const choice = field("License", { change: (event) => { location.hash = address(within, event.target.value); } }, { control: "select", options: [h("option", { value: "" }, "All licenses")] });
  show(
    content,
    h("ul", { class: "tabs", "aria-label": "Within" }, DAYS.map((days) => h("li", {}, h("a", { href: address(days, license), "aria-current": days === within ? "true" : null }, `${days} days`)))),
    choice.element,
    place,
  );
  const [catalog, rows] = await Promise.all([api("GET", "/licenses", { signal }), all(within, license, place, signal)]);
  choice.input.append(...catalog.licenses.map((each) => h("option", { value: each.licenseId, selected: each.licenseId === license }, each.name)));
  if (rows.length === 0) {
    show(place, empty(`No license of a member ends within ${within} days. Here would be whose do, by date.`));
    return;
  }
  show(
    place,
    h("div", { class: "actions start" }, h("p", { class: "strong" }, `${rows.length.toLocaleString("en-US")} ${rows.length === 1 ? "license ends" : "licenses end"} by `, day(today(within))), button("As a CSV file", () => save(rows, within))),
    byLicense(rows),
    table(
      "Licenses that end soon",
      ["Ends", "Days left", "License", "Members", "USSF-ID"],
      rows.slice(0, MOST_ROWS).map((each) => [day(each.expirationDate), left(each), h("span", { title: each.licenseId }, each.name), each.memberIdentifiers.map((id, i) => [i > 0 && ", ", personLink(id)]), personLink(each.ussfId)]),
    ),
    rows.length > MOST_ROWS && h("p", { class: "muted" }, `The first ${MOST_ROWS} are shown; the file has all.`),
  );
}

const address = (days, license) => `#/ends-soon?days=${days}${license ? `&license=${encodeURIComponent(license)}` : ""}`;

async function all(within, license, place, signal) {
  const rows = [];
  await pages("/expirations", { from: today(), to: today(within), license_id: license, limit: 200 }, (answer) => {
    rows.push(...answer.expirations);
    show(place, working(`${rows.length} so far …`));
  }, { signal });
  return rows;
}

function left(row) {
  const days = daysUntil(row.expirationDate);
  return badge(days <= 7 ? "bad" : days <= 30 ? "wait" : "plain", days === 0 ? "today" : `${days}`);
}

function byLicense(rows) {
  const numbers = new Map();
  rows.forEach((row) => numbers.set(row.name, (numbers.get(row.name) ?? 0) + 1));
  const sorted = [...numbers].sort(([, a], [, b]) => b - a);
  return h("ul", { class: "counts inline", "aria-label": "By license" }, sorted.map(([name, number]) => h("li", {}, h("span", { class: "number" }, String(number)), ` ${name}`)));
}

function save(rows, within) {
  const heading = ["expirationDate", "licenseId", "name", "memberIdentifiers", "ussfId"];
  download(`ends-within-${within}-days-${today()}.csv`, write([heading, ...rows.map((each) => [each.expirationDate, each.licenseId, each.name, each.memberIdentifiers.join(" "), each.ussfId])]));
}
