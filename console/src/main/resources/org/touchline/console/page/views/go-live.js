// Whether the Learning Center answers as we expect, before going live and after each change of it. Each thing is tried by itself, and
// shown as soon as it is; a reload goes on where it was left.

import { NoSession, invoke } from "../api.js";
import { h, say, show } from "../dom.js";
import { badge, busy, button, empty, failure, field } from "../parts.js";
import { capital, sentence } from "../words.js";

const FIRST = "secrets";
const KEPT = "touchline-go-live";
/** More than there are: a check that never ends is no check. */
const MOST = 50;

export async function render({ content, signal, catching }) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const person = field("USSF-ID to try with", { name: "ussfId", autocomplete: "off", pattern: "[0-9 \\-]{16,22}", value: kept?.ussfId ?? "" }, { hint: "Empty for the first test user of U.S. Soccer's document. The person is subscribed to for the check, if they are not already." });
  const results = h("div", {}, empty("Here would be each thing that is tried, and whether it is as expected. It takes up to a minute or two."));
  const start = h("button", { class: "primary" }, "Check");
  const begin = (state) => catching(results, () => busy(start, "Checking …", () => check(results, state, signal, begin)))();
  show(
    content,
    h("p", {}, "Tries each call of the Learning Center, and has each webhook sent to see that it arrives."),
    h(
      "form",
      {
        class: "search",
        submit: (event) => {
          event.preventDefault();
          const ussfId = person.input.value.replaceAll(/[ -]/g, "");
          void begin({ ussfId, checks: [], next: { ...(ussfId && { ussfId }), step: FIRST } });
        },
      },
      person.element,
      start,
    ),
    results,
  );
  if (kept) {
    const { verdict } = list(results, kept.checks);
    if (kept.next) {
      show(verdict, h("div", { class: "notice wait" }, h("p", {}, `It was left at this: ${capital(kept.next.step)}.`), button("Go on", () => begin(kept), "primary")));
    }
  }
}

/** Makes those checks that are left, one after the other; `again` goes on where one could not be made. */
async function check(place, { ussfId, checks, next }, signal, again) {
  const { verdict, add } = list(place, checks);
  for (let made = 0; next && made < MOST; made += 1) {
    keep({ ussfId, checks, next });
    const end = showStep(verdict, next.step);
    let result;
    try {
      result = await invoke("IntegrationCheckFunction", next, { signal });
    } catch (error) {
      if (error.name === "AbortError" || error instanceof NoSession) {
        throw error;
      }
      show(verdict, failure(error, () => again({ ussfId, checks, next })));
      return;
    } finally {
      end();
    }
    result.checks.forEach(add);
    checks = [...checks, ...result.checks];
    next = result.next;
  }
  keep({ ussfId, checks });
  list(place, checks);
  say(conclusion(checks));
}

const keep = (state) => sessionStorage.setItem(KEPT, JSON.stringify(state));

/** What is tried now, and since when: a webhook may take a minute. */
function showStep(place, step) {
  const began = Date.now();
  const name = step.endsWith("webhook") ? `Waiting for the ${step}` : `Trying: ${step}`;
  const text = h("p", { class: "working" }, `${name} …`);
  show(place, text);
  const timer = setInterval(() => { text.textContent = `${name} … ${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
  return () => clearInterval(timer);
}

/** The lines of those that were made, and above them what they come to. */
function list(place, checks) {
  const verdict = h("div", {}, checks.length > 0 && conclude(checks));
  const lines = h("ol", { class: "checks", "aria-live": "polite", "aria-label": "What was tried" }, checks.map(line));
  show(place, verdict, lines);
  return { verdict, add: (made) => lines.append(line(made)) };
}

const failed = (checks) => checks.filter((each) => !each.passed).length;

const conclusion = (checks) => (failed(checks) === 0 ? `All ${checks.length} checks passed.` : `${failed(checks)} of ${checks.length} did not pass.`);

function conclude(checks) {
  const passed = failed(checks) === 0;
  return h("section", { class: `verdict ${passed ? "good" : "bad"}`, "aria-label": "Result" }, h("p", { class: "verdict-word" }, passed ? "Ready" : "Not ready"), h("p", {}, conclusion(checks)));
}

function line(check) {
  return h("li", {}, badge(check.passed ? "good" : "bad", check.passed ? "passed" : "failed"), h("div", {}, h("p", { class: "strong" }, capital(check.name)), h("p", { class: "muted" }, sentence(check.detail))));
}
