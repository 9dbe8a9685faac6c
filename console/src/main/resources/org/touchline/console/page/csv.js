// Tables as spreadsheets read and write them (RFC 4180).

/** The rows of a text: `{line, cells}`, of which `line` is where the row begins. Throws where a quoted cell does not end. */
export function parse(text) {
  const rows = [];
  let cells = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let begins = 1;
  const source = text.replace(/^\uFEFF/, "");
  const end = () => {
    cells.push(cell);
    cell = "";
  };
  const endRow = () => {
    end();
    if (cells.some((each) => each.trim() !== "")) {
      rows.push({ line: begins, cells });
    }
    cells = [];
    begins = line;
  };
  for (let i = 0; i < source.length; i += 1) {
    const c = source[i];
    if (c === "\n") {
      line += 1;
    }
    if (quoted) {
      if (c !== '"') {
        cell += c;
      } else if (source[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else {
        quoted = false;
      }
    } else if (c === '"' && cell === "") {
      quoted = true;
    } else if (c === ",") {
      end();
    } else if (c === "\n") {
      endRow();
    } else if (c !== "\r") {
      cell += c;
    }
  }
  if (quoted) {
    throw new Error(`The quoted cell that begins in line ${begins} does not end.`);
  }
  endRow();
  return rows;
}

/** A table. A cell that a spreadsheet would take for a formula gets an apostrophe in front: it is only text. */
export function write(rows) {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value) {
  const text = String(value ?? "");
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hands a text to the browser as a file. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
