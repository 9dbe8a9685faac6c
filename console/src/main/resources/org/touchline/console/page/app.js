// The page: its session, its views, and which one the address names. Identifiers are in the fragment, which goes to no server.

import { Failure, NoSession, enter, resume } from "./api.js";
import { h, say, show } from "./dom.js";
import { failure } from "./parts.js";
import { useZone, zoneName } from "./time.js";

const VIEWS = [
  ["overview", "Overview"],
  ["registrar", "Needs a registrar"],
  ["person", "Person"],
  ["ends-soon", "Ends soon"],
  ["changes", "Changes"],
  ["quarantine", "Quarantine"],
  ["members", "Members"],
  ["go-live", "Go live"],
  ["play", "Play"],
];

const main = document.getElementById("main");
const nav = document.getElementById("views");
let stack = null;
let left = new AbortController();

/** `#/person/CYSA-1001?on=2027-01-01`: the view, what it is of, and how it is shown. */
function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...args] = path.split("/").map(decode);
  return { name: name || "overview", args, query: new URLSearchParams(query) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function views() {
  return VIEWS.filter(([name]) => name !== "play" || stack.simulated);
}

function showNav(current) {
  show(nav, h("ul", {}, views().map(([name, title]) => h("li", {}, h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, title)))));
  showCurrent();
}

/** On a phone the views are in one row, which is wider than the screen. */
function showCurrent() {
  const current = nav.querySelector("[aria-current]");
  if (current) {
    nav.firstChild.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  }
}

async function open() {
  left.abort();
  left = new AbortController();
  const signal = left.signal;
  const { name, args, query } = route();
  if (name === "enter") {
    return enterWith(args[0]);
  }
  const [, title] = views().find(([each]) => each === name) ?? [];
  showNav(name);
  document.title = `${title ?? "No such view"} · ${stack.name} · Touchline`;
  const heading = h("h1", { tabindex: "-1" }, title ?? "No such view");
  const content = h("div", { class: "view" });
  show(main, heading, content);
  if (!title) {
    show(content, h("p", { class: "empty" }, "There is no view of that name. Choose one above."));
    return undefined;
  }
  if (opened) {
    heading.focus();
  }
  opened = true;
  try {
    const view = await import(`./views/${name}.js`);
    if (!signal.aborted) {
      await view.render({ content, args, query, signal, stack, every: every(signal), catching: catching(content) });
    }
  } catch (error) {
    told(content, error, open);
  }
  return undefined;
}

let opened = false;

/** Shows what went wrong, in the view's own words; a session that ended ends the view. */
function told(content, error, again) {
  if (error.name === "AbortError") {
    return;
  }
  if (error instanceof NoSession) {
    void begin();
    return;
  }
  show(content, failure(error, again));
}

/** Listeners whose failures are shown in a place of theirs. */
function catching(content) {
  return (place, work) => async (event) => {
    try {
      await work(event);
    } catch (error) {
      told(place ?? content, error);
    }
  };
}

/** Repeats something until the view is left; not while nobody looks. */
function every(signal) {
  return (millis, work) => {
    const tick = async () => {
      if (!document.hidden) {
        try {
          await work();
        } catch (error) {
          if (error instanceof NoSession) {
            void begin();
            return;
          }
          if (!(error instanceof Failure)) {
            return;
          }
        }
      }
      schedule();
    };
    let timer;
    const schedule = () => {
      if (!signal.aborted) {
        timer = setTimeout(tick, millis);
      }
    };
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    schedule();
  };
}

// ----------------------------------------------------------------------------------------------------------------- the session

async function enterWith(ticket) {
  // Out of the address first: it is nobody's bookmark.
  history.replaceState(null, "", `/console/${sessionStorage.getItem("touchline-wanted") ?? ""}`);
  sessionStorage.removeItem("touchline-wanted");
  try {
    ready(await enter(ticket));
  } catch (error) {
    await begin(error);
  }
}

/** Goes on with the session of this tab; else enters with the ticket that came with the page, if one did. */
async function begin(refused) {
  const place = document.querySelector('meta[name="ticket"]');
  const ticket = place.content;
  place.content = "";
  try {
    ready(await resume());
    return;
  } catch (error) {
    if (!(error instanceof NoSession)) {
      show(main, h("h1", {}, "Touchline"), failure(error, () => location.reload()));
      return;
    }
  }
  if (ticket) {
    try {
      ready(await enter(ticket));
      return;
    } catch (error) {
      if (error instanceof NoSession) {
        location.reload();
        return;
      }
      show(main, h("h1", {}, "Touchline"), failure(error, () => location.reload()));
      return;
    }
  }
  askForAddress(refused);
}

/** The terminal gives a new address for each Enter. What was wanted is shown then. */
function askForAddress(refused) {
  const { name } = route();
  if (name !== "enter" && location.hash) {
    sessionStorage.setItem("touchline-wanted", location.hash);
  }
  show(nav);
  const input = h("input", { id: "address", autocomplete: "off", spellcheck: "false" });
  show(
    main,
    h("h1", { tabindex: "-1" }, "No session"),
    refused && failure(refused),
    h("p", {}, "This tab has no session, or it has ended. Press Enter in the terminal where bin/console runs, and open the address that it prints within ten seconds; or paste it here."),
    h(
      "form",
      { class: "search", submit: (event) => { event.preventDefault(); void enterWith(input.value.trim().split("#/enter/").at(-1)); } },
      h("label", { for: "address" }, "Address from the terminal"),
      input,
      h("button", { class: "primary" }, "Enter"),
    ),
  );
}

function ready(session) {
  stack = session;
  useZone(session.zone);
  show(document.getElementById("stack"), h("strong", {}, session.name), ` · ${session.place} · times in ${zoneName()}`);
  if (location.pathname === "/") {
    history.replaceState(null, "", `/console/${location.hash}`);
  }
  void open();
}

window.addEventListener("hashchange", () => {
  if (location.hash === "#main") {
    main.focus();
  } else if (stack) {
    say("");
    void open();
  } else if (route().name === "enter") {
    void enterWith(route().args[0]);
  }
});

window.addEventListener("resize", showCurrent);

if (route().name === "enter") {
  void enterWith(route().args[0]);
} else {
  void begin();
}
