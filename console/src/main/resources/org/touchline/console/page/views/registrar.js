// Who needs a registrar, why, and what helps; a detail is corrected here, and they are seen to become enrolled.

import { api } from "../api.js";
import { h, say, show } from "../dom.js";
import { button, empty, failure, hasDraft, memberForm, personLink, statusBadge, watchEnrollment, working } from "../parts.js";
import { ago } from "../time.js";
import { STATUSES, sentence } from "../words.js";

const ORDER = ["no_match", "multiple_matches", "dob_mismatch", "failed", "pending"];
const PAGE = 50;
const LOOK_AGAIN = 3_000;

export async function render({ content, args, signal, every }) {
  const chosen = ORDER.includes(args[0]) ? [args[0]] : ORDER;
  show(
    content,
    h("p", {}, "Members whom the Learning Center did not find, and those whom it is still asked about."),
    h(
      "ul",
      { class: "tabs", "aria-label": "By status" },
      h("li", {}, h("a", { href: "#/registrar", "aria-current": chosen.length > 1 ? "true" : null }, "All")),
      ORDER.map((status) => h("li", {}, h("a", { href: `#/registrar/${status}`, "aria-current": args[0] === status ? "true" : null }, STATUSES[status].name))),
    ),
  );
  const sections = chosen.map((status) => section(status, signal));
  const nobody = empty("Nobody needs you. Here would be members who were not found, each with the reason and what to do.");
  content.append(...sections.map((each) => each.element), nobody);
  const look = async () => {
    await Promise.all(sections.map((each) => each.look()));
    nobody.hidden = sections.some((each) => !each.element.hidden);
  };
  await look();
  every(LOOK_AGAIN, look);
}

function section(status, signal) {
  const { name, advice } = STATUSES[status];
  const list = h("ul", { class: "people" });
  const more = h("div", {});
  const element = h("section", { hidden: true }, h("h2", {}, name), h("p", { class: "muted" }, advice), list, more);
  const shown = new Map();
  const load = async (after) => {
    const answer = await api("GET", "/members", { query: { enrollment: status, limit: PAGE, after }, signal });
    for (const each of answer.members.filter((member) => !shown.has(member.memberIdentifier))) {
      const item = person(each, signal);
      shown.set(each.memberIdentifier, item);
      list.append(item);
    }
    show(more, answer.next && button("More", async () => { show(more, working("Loading …")); await load(answer.next).catch((error) => show(more, failure(error))); }));
    return answer;
  };
  /** Who came since is added; whoever is of this status no longer goes, unless somebody is at work on them, or has just been. */
  const look = async () => {
    const { members, next } = await load();
    const still = new Set(members.map((each) => each.memberIdentifier));
    for (const [identifier, item] of next ? [] : shown) {
      if (!still.has(identifier) && !item.dataset.touched) {
        item.remove();
        shown.delete(identifier);
      }
    }
    element.hidden = shown.size === 0;
  };
  return { element, look };
}

function person(member, signal) {
  const item = h("li", { class: "card person", "data-member": member.memberIdentifier });
  const summary = (seen) => {
    const status = seen.enrollment.status;
    show(
      item,
      h("div", { class: "person-head" }, h("h3", {}, personLink(seen.memberIdentifier, `${seen.firstName} ${seen.lastName}`)), statusBadge(status)),
      h("p", { class: "muted" }, `${seen.memberIdentifier} · ${seen.email} · born ${seen.dateOfBirth}${seen.ussfId ? ` · USSF-ID ${seen.ussfId}` : ""}`),
      h("p", {}, sentence(seen.enrollment.detail)),
      h("p", { class: "muted" }, "Last asked ", ago(seen.enrollment.checkedAt)),
      h("div", { class: "actions" }, status === "enrolled" ? personLink(seen.memberIdentifier, "See their licenses") : button("Correct details", () => edit(seen), "primary")),
    );
  };
  const edit = (seen) => {
    const form = memberForm(seen, {
      onCancel: () => summary(seen),
      onStored: async (stored) => {
        summary(stored);
        say(`${stored.memberIdentifier} is put in again and looked up.`);
        try {
          await watchEnrollment(stored.memberIdentifier, summary, signal);
        } catch (error) {
          if (error.name !== "AbortError") {
            item.append(failure(error));
          }
        }
      },
    });
    item.dataset.touched = "true";
    show(item, h("h3", {}, `${seen.firstName} ${seen.lastName}`), h("p", {}, sentence(seen.enrollment.detail)), form);
    form.querySelector("[data-first]").focus();
  };
  if (hasDraft(member.memberIdentifier)) {
    edit(member);
  } else {
    summary(member);
  }
  return item;
}
