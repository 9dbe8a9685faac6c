// Times in the organization's zone, with UTC on hover; days as they are, shifted by no zone.

import { h } from "./dom.js";

let zone = "UTC";

export function useZone(name) {
  zone = name;
}

export const zoneName = () => zone;

function format(options) {
  return new Intl.DateTimeFormat("en-US", options);
}

/** An instant as a `<time>`; `otherwise` where there is none. */
export function time(instant, otherwise = "never") {
  if (!instant) {
    return otherwise;
  }
  const at = new Date(instant);
  const shown = format({ dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(at);
  return h("time", { datetime: instant, title: `${at.toISOString().replace("T", " ").replace(/\.\d+Z$/, "")} UTC` }, shown);
}

/** How long ago, in the largest unit that fits, with the instant on hover. */
export function ago(instant, otherwise = "never") {
  if (!instant) {
    return otherwise;
  }
  const element = time(instant);
  element.title = `${element.textContent} · ${element.title}`;
  element.textContent = since(instant);
  return element;
}

function since(instant) {
  const seconds = Math.max(0, (Date.now() - new Date(instant).getTime()) / 1000);
  const units = [[86400, "day"], [3600, "hour"], [60, "minute"]];
  for (const [length, name] of units) {
    if (seconds >= length) {
      return new Intl.RelativeTimeFormat("en-US", { numeric: "always" }).format(-Math.floor(seconds / length), name);
    }
  }
  return "just now";
}

/** How many hours ago. */
export const hoursSince = (instant) => (Date.now() - new Date(instant).getTime()) / 3_600_000;

/** A day, `YYYY-MM-DD`. */
export function day(date, otherwise = "–") {
  if (!date) {
    return otherwise;
  }
  const shown = format({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
  return h("time", { datetime: date }, shown);
}

/** Today where the organization is, or so many days later, as `YYYY-MM-DD`. */
export function today(later = 0) {
  const parts = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone }).format(new Date());
  const date = new Date(`${parts}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return date.toISOString().slice(0, 10);
}

/** Days from today to a day. */
export const daysUntil = (date) => Math.round((new Date(`${date}T00:00:00Z`) - new Date(`${today()}T00:00:00Z`)) / 86_400_000);
