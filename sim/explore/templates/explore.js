"use strict";
const PAUSE = 60; // [ms] after the last move before the question is asked
const at = (id) => document.getElementById(id);
const form = at("knobs");
const shown = document.body.dataset;
const plain = new Intl.NumberFormat(shown.language, { maximumSignificantDigits: 6 });
let reference = shown.reference;
let stream = null;
let waiting = 0;
let arranged = true;

const rounded = (input) => (input.step === "any" ? Number(Number(input.value).toPrecision(3)) : Number(input.value));
const within = (input, value) => Math.min(Math.max(value, Number(input.min)), Number(input.max));
const moved = (input) => input.value !== input.dataset.written && Number(input.value) !== Number(input.dataset.written);

function state() {
  const said = new URLSearchParams();
  const levers = form.querySelector(".levers");
  const pulled = [...form.querySelectorAll("[name=levers]:checked")].map((box) => box.value).join(",");
  if (levers && pulled !== levers.dataset.own) said.set("levers", pulled);
  for (const input of form.querySelectorAll("[data-written]")) if (moved(input)) said.set(input.name, input.value);
  return said.toString();
}

function query() {
  const asked = new URLSearchParams({ lang: shown.language });
  const now = state();
  if (now) asked.set("state", now);
  if (reference) asked.set("reference", reference);
  return asked.toString();
}

function dress(slider) {
  const input = slider.querySelector("[type=range]");
  const words = `${plain.format(Number(input.value))} ${input.dataset.unit}`.trim();
  input.setAttribute("aria-valuetext", words);
}

function mark() {
  for (const input of form.querySelectorAll("[data-written]")) {
    input.closest(".control").classList.toggle("moved", moved(input));
  }
}

function address() {
  const asked = query();
  history.replaceState(null, "", `?${asked}`);
  at("link").href = `?${asked}`;
  at("download").href = `scenario.yaml?${asked}`;
  const other = new URLSearchParams(asked);
  other.set("lang", shown.language === "fr" ? "en" : "fr");
  at("language").href = `?${other}`;
  return asked;
}

function fail(words, language = shown.language) {
  at("wrong").lang = language;
  at("wrong").textContent = words;
  at("wrong").hidden = !words;
}

function ask() {
  waiting = 0;
  if (!form.checkValidity()) return;
  mark();
  const asked = address();
  if (stream) stream.close();
  fail("");
  at("pieces").setAttribute("aria-busy", "true");
  at("progress").value = 0;
  stream = new EventSource(`answer?${asked}`);
  let [first, last] = [true, false];
  stream.addEventListener("answer", (event) => {
    const it = JSON.parse(event.data);
    const held = [...at("pieces").children].indexOf(document.activeElement);
    at("pieces").innerHTML = it.html;
    at("pieces").children[held]?.focus({ preventScroll: true });
    at("pieces").setAttribute("aria-busy", String(!it.last));
    at("brief").textContent = it.brief;
    at("progress").max = it.most;
    at("progress").value = it.done;
    document.body.dataset.done = it.done;
    if (first || it.last) at("status").textContent = it.status;
    [first, last] = [false, it.last];
  });
  stream.addEventListener("ordered", () => {
    arranged = false;
    arrange();
  });
  stream.addEventListener("wrong", (event) => {
    fail(JSON.parse(event.data), "en"); // what is wrong in a scenario is said in English everywhere
    at("progress").value = 0;
  });
  stream.addEventListener("end", () => {
    stream.close();
    if (!last && at("wrong").hidden) fail(shown.stopped);
    at("pieces").setAttribute("aria-busy", "false");
  });
  stream.onerror = () => {
    stream.close();
    fail(shown.lost);
  };
}

// Puts what matters first, but never under somebody's hands.
async function arrange() {
  if (!arranged && !waiting && !busy()) arranged = await renew(() => !busy());
}

function soon() {
  clearTimeout(waiting);
  if (stream) stream.close();
  waiting = setTimeout(ask, PAUSE);
}

const busy = () => form.contains(document.activeElement);

async function renew(free = () => true) {
  const asked = query();
  const reply = await fetch(`knobs?${asked}`);
  const words = await reply.text();
  if (asked !== query()) return renew(free); // somebody moved something meanwhile
  if (!free()) return false;
  const open = [...form.querySelectorAll("details")].map((each) => each.open);
  const held = document.activeElement.value;
  if (!reply.ok) {
    fail(words, "en");
    return false;
  }
  form.innerHTML = words;
  form.querySelectorAll("details").forEach((each, i) => (each.open = open[i] ?? false));
  form.querySelectorAll("[name=levers]").forEach((box) => box.value === held && box.focus());
  ready();
  look(at("search").value);
  return true;
}

async function switched() {
  if (stream) stream.close();
  if (await renew()) ask();
}

function look(text) {
  const wanted = text.toLowerCase().split(/\s+/);
  let found = 0;
  for (const each of form.querySelectorAll(".control")) {
    const words = `${each.dataset.words ?? ""} ${each.textContent} ${each.querySelector("[name]").name}`.toLowerCase();
    each.hidden = !wanted.every((word) => words.includes(word));
    found += !each.hidden;
  }
  for (const each of form.querySelectorAll("fieldset, details")) {
    each.hidden = ![...each.querySelectorAll(".control")].some((one) => !one.hidden);
    if (text && each.tagName === "DETAILS") each.open = true;
  }
  at("found").textContent = text ? shown.found.replace("{n}", found) : "";
}

function ready() {
  form.querySelectorAll(".slider").forEach(dress);
  mark();
}

form.addEventListener("input", (event) => {
  const input = event.target;
  if (input.name === "levers") return switched();
  const slider = input.closest(".slider");
  if (slider) {
    const [range, number] = [slider.querySelector("[type=range]"), slider.querySelector("[type=number]")];
    if (input === range) number.value = within(range, rounded(range));
    if (input === number && !number.checkValidity()) return;
    range.value = number.value;
    dress(slider);
  }
  soon();
});
at("search").addEventListener("input", () => look(at("search").value));
form.addEventListener("focusout", () => setTimeout(arrange, PAUSE));
form.addEventListener("click", (event) => {
  const more = Number(event.target.dataset.add);
  if (!more) return;
  for (const input of event.target.closest("fieldset").querySelectorAll("[type=number]")) {
    input.value = within(input, Number(input.value) + more);
  }
  soon();
});
form.addEventListener("submit", (event) => event.preventDefault());
at("compare").addEventListener("click", () => {
  reference = state();
  ask();
});
const go = (said) => location.assign(`?${new URLSearchParams(said)}`);
at("reset").addEventListener("click", () => go({ lang: shown.language, state: reference, reference }));
at("as-written").addEventListener("click", () => go({ lang: shown.language }));
ready();
ask();
