// Elements, made one by one: text is always text, and never becomes markup.

/** An element. Of `properties`, functions are listeners (`click`), true and false are attributes without a value, null is left out. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same of SVG. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (name === "value" || name === "checked" || name === "disabled" || name === "selected") {
      element[name] = value;
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** Puts these in the place of whatever is in an element. */
export function show(element, ...children) {
  element.replaceChildren();
  add(element, children);
}

/** Tells a screen reader what changed elsewhere on the page. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

let ids = 0;

/** An id that no other element has. */
export function uniqueId() {
  ids += 1;
  return `id-${ids}`;
}
