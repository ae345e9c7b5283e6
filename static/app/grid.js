// The keyboard, the clipboard and live totals of a grid. Without it the page is a plain form: the server reads, adds up
// and refuses everything again, so whatever is worked out here is for the eye only.
const form = document.querySelector(".app-grid-form");
const rows = form ? [...form.querySelectorAll("tr[data-row]")] : [];
const cells = (row) => [...row.children].slice(2, -1);
const box = (cell) => cell.querySelector(".app-grid__cell");
const original = new Map();
let editing = false;
let before = "";

// Pence in what is typed; 0 for nothing, null for what the server would refuse.
function pence(text) {
  const read = /^\s*(-|−|–)?\s*(\()?\s*(-|−)?£?\s*(-|−)?(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d{1,2}))?\s*(\))?\s*$/.exec(text);
  if (!text.trim()) return 0;
  if (!read || (read[5] === undefined && read[6] === undefined) || Boolean(read[2]) !== Boolean(read[7])) return null;
  const size = Number((read[5] ?? "0").replaceAll(",", "")) * 100 + Number((read[6] ?? "0").padEnd(2, "0"));
  return read[1] || read[2] || read[3] || read[4] ? -size : size;
}

function pounds(amount) {
  const [whole, part] = (Math.abs(amount) / 100).toFixed(2).split(".");
  return `${amount < 0 ? "−" : ""}£${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${part}`;
}

// Pence in a cell: undefined where nothing is, null where it cannot be read.
function value(cell) {
  const text = box(cell)?.value ?? cell.dataset.value ?? "";
  return text.trim() ? pence(text) : undefined;
}

// A total in words, as the server says it: of nothing recorded it is no amount.
function said(amounts) {
  const recorded = amounts.filter(Number.isFinite);
  return recorded.length ? pounds(recorded.reduce((sum, each) => sum + each, 0)) : "none";
}

function addUp() {
  const sums = new Map();
  let changed = 0;
  for (const row of rows) {
    const read = cells(row).map(value);
    row.lastElementChild.textContent = read.includes(null) ? "–" : said(read);
    const months = sums.get(row.dataset.family) ?? read.map(() => []);
    sums.set(row.dataset.family, months.map((amounts, place) => [...amounts, read[place]]));
    for (const cell of cells(row)) {
      const input = box(cell);
      if (!input) continue;
      const differs = input.value.trim() !== original.get(input);
      cell.classList.toggle("app-grid__changed", differs);
      changed += differs;
    }
  }
  for (const line of form.querySelectorAll("tr[data-totals]")) {
    const months = sums.get(line.dataset.totals) ?? [];
    const places = [...line.children].slice(2);
    months.forEach((amounts, place) => { places[place].textContent = said(amounts); });
    places.at(-1).textContent = said(months.flat());
  }
  const unsaved = `${changed} ${changed === 1 ? "cell" : "cells"} changed and not saved.`;
  form.querySelector("[data-count]").textContent = changed ? unsaved : "";
}

function place(input) {
  const row = rows.findIndex((each) => each.contains(input));
  return [row, row < 0 ? -1 : cells(rows[row]).findIndex((cell) => cell.contains(input))];
}

// The next cell that can be typed in, that way; locked ones are stepped over.
function go(input, down, right) {
  let [row, column] = place(input);
  for (;;) {
    row += down;
    column += right;
    const cell = rows[row] && cells(rows[row])[column];
    if (!cell) return;
    if (box(cell)) {
      box(cell).focus();
      return;
    }
  }
}

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function pressed(event) {
  const input = event.target;
  if (!input.matches(".app-grid__cell") || event.ctrlKey || event.metaKey || event.altKey) return;
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (event.key === "Enter") {
    event.preventDefault();
    go(input, event.shiftKey ? -1 : 1, 0);
  } else if (event.key === "F2") {
    event.preventDefault();
    editing = true;
    input.setSelectionRange(input.value.length, input.value.length);
  } else if (event.key === "Escape") {
    input.value = before;
    input.select();
    editing = false;
    addUp();
  } else if (WAYS[event.key] && !event.shiftKey && !(editing && sideways)) {
    event.preventDefault();
    go(input, ...WAYS[event.key]);
  }
}

// Lines and cells of the clipboard; a spreadsheet puts a cell with a line break or a tab in it between quotes.
function block(text) {
  const lines = [[""]];
  let quoted = false;
  for (const [place, sign] of [...text.replace(/\r\n?/g, "\n").replace(/\n$/, "")].entries()) {
    const line = lines.at(-1);
    if (sign === '"' && (quoted || line.at(-1) === "")) quoted = !quoted;
    else if (sign === "\t" && !quoted) line.push("");
    else if (sign === "\n" && !quoted) lines.push([""]);
    else line[line.length - 1] += place >= 0 ? sign : "";
  }
  return lines;
}

function complain(text) {
  form.querySelector("[data-count]").textContent = text;
}

function pasted(event) {
  const input = event.target;
  const lines = input.matches?.(".app-grid__cell") ? block(event.clipboardData.getData("text/plain")) : [];
  if (lines.length < 2 && (lines[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  const named = lines[0].every((cell) => /^\s*(apr|may|jun|jul|aug|sep|oct|nov|dec|jan|feb|mar|whole)/i.test(cell));
  if (named && lines.length > 1) lines.shift();
  const [row, column] = place(input);
  const wide = Math.max(...lines.map((line) => line.length));
  const there = cells(rows[row]).length - column;
  if (lines.length > rows.length - row || wide > there) {
    complain(`Nothing was pasted: you copied ${lines.length} rows and ${wide} columns; from here there are ${rows.length - row} rows and ${there} columns.`);
    return;
  }
  const refused = [];
  lines.forEach((line, down) => line.forEach((text, right) => {
    const cell = cells(rows[row + down])[column + right];
    const target = box(cell);
    if (target) target.value = text.trim();
    else if (text.trim() && pence(text) !== pence(cell.dataset.value ?? "")) refused.push(cell);
  }));
  addUp();
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (refused.length) {
    const first = refused[0];
    complain(`${refused.length} of the pasted amounts did not go in. The first: ${first.dataset.locked}.`);
  }
}

if (form) {
  for (const input of form.querySelectorAll(".app-grid__cell")) {
    const suggested = input.closest(".app-grid__suggested");
    original.set(input, suggested ? "" : input.value.trim());
  }
  form.addEventListener("keydown", pressed);
  form.addEventListener("paste", pasted);
  form.addEventListener("input", addUp);
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches(".app-grid__cell")) return;
    before = event.target.value;
    editing = false;
    event.target.select();
  });
  addEventListener("dblclick", (event) => { editing ||= event.target.matches(".app-grid__cell"); });
  addUp();
}
