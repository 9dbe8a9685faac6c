// What the page asks, and the session that it asks in. The token is kept for this tab, and sent in a header; there is no cookie.

const TOKEN = "touchline-token";

/** What went wrong: `message` says what to do about it. */
export class Failure extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || problem.message || `The answer was ${status}.`);
    this.status = status;
    this.title = problem.title || (status === 404 ? "Not found" : "It did not work");
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The tab has no session, or it has ended. */
export class NoSession extends Failure {}

/** Enters with a ticket; what stack it is. Throws where the ticket is used up. */
export async function enter(ticket) {
  const session = await send("POST", "/console/session", { headers: { "X-Console-Ticket": ticket } });
  sessionStorage.setItem(TOKEN, session.token);
  return session;
}

/** What stack it is, by the session that this tab has. */
export async function resume() {
  if (!sessionStorage.getItem(TOKEN)) {
    throw new NoSession(401, {});
  }
  return send("GET", "/console/session");
}

/** Asks a route of the API: `/members/…`, each segment encoded. */
export function api(method, path, { query, body, signal } = {}) {
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  return send(method, `/console/api${path}${search.size ? `?${search}` : ""}`, { body, signal });
}

/** Invokes a function, and waits for what it says. */
export function invoke(name, payload, { signal } = {}) {
  return send("POST", `/console/functions/${name}`, { body: payload, signal });
}

export function alarms({ signal } = {}) {
  return send("GET", "/console/alarms", { signal });
}

/** Tells the simulator something; `path` is below `/simulator`. */
export function simulator(method, path, body) {
  return send(method, `/console/learning-center/simulator${path}`, { body });
}

/** The path of a member or a person. */
export const member = (identifier) => `/members/${encodeURIComponent(identifier)}`;
export const user = (ussfId) => `/users/${encodeURIComponent(ussfId)}`;

/** Waits, unless `signal` says that nobody does any more. */
export function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(new DOMException("left", "AbortError")); }, { once: true });
  });
}

/** Asks again what was not answered for the moment: three times at most, ten seconds apart at most. */
async function patiently(ask, signal) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (![429, 503].includes(error.status) || attempt === 4) {
        throw error;
      }
      await pause(Math.min(Number(error.retryAfter) || 1, 10) * 1000, signal);
    }
  }
}

/**
 * All pages of a list, one after the other, from `query.after` on: `onPage` gets each, and ends it by answering false. At most `most`
 * pages. Answers where the next one begins, if there is one.
 */
export async function pages(path, query, onPage, { signal, most = 500 } = {}) {
  let { after } = query;
  for (let page = 0; page < most; page += 1) {
    const from = after;
    const answer = await patiently(() => api("GET", path, { query: { ...query, after: from }, signal }), signal);
    after = answer.next;
    if (onPage(answer, after) === false || !after) {
      break;
    }
  }
  return after;
}

async function send(method, path, { body, headers = {}, signal } = {}) {
  const request = { method, headers: { ...headers, "X-Console-Token": sessionStorage.getItem(TOKEN) ?? "" }, signal, redirect: "error" };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new Failure(0, { title: "The console is not running", detail: "Start it again in the terminal, and reload this page." });
  }
  const text = await answer.text();
  const content = text === "" ? null : read(text);
  if (answer.ok) {
    return content;
  }
  const problem = content !== null && typeof content === "object" ? content : { detail: text };
  const Kind = answer.status === 401 ? NoSession : Failure;
  throw new Kind(answer.status, problem, answer.headers.get("Retry-After"));
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
