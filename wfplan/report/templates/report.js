// Chooses what is shown, reads values out, fills tables on demand. The page is whole without it.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// --- numbers, as the rest of the page writes them
const known = (value) => value !== null && value !== undefined;
const number = (value, places = 1) =>
  known(value) ? value.toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places }).replace("-", "−") : "–";
const percent = (value) => (known(value) ? `${number(100 * value, 0)}\u202f%` : "–");
const signed = (value) => (known(value) && value > 0 ? `+${number(value)}` : number(value));
const level = (series, value) => (series.is_share ? percent(value) : number(value, 0));

// --- panels: one of a group is shown, chosen by its selects
const panelOf = (group) => document.querySelector(`[data-panel="${group}"].on`);
const choose = (controls) => {
  const group = controls.dataset.group;
  const key = all("[data-part]", controls).map((select) => select.value).join("/");
  for (const panel of all(`[data-panel="${group}"]`)) panel.classList.toggle("on", panel.dataset.key === key);
  controls.dispatchEvent(new CustomEvent("chosen"));
};
for (const controls of all("[data-group]")) {
  controls.addEventListener("change", () => choose(controls));
  choose(controls); // a browser may restore selects on reload
}

// --- interval chart: read-out by pointer or arrow keys, and its table
const seriesOf = (panel) => data.channels.find((series) => series.name === panel.dataset.channel);
const dayOf = (panel) => data.days[Number(panel.dataset.day)];
const untilOf = (t) => data.times[t + 1] ?? "24:00";

const sentence = (series, t) => {
  const time = `${data.times[t]}–${untilOf(t)}`;
  if (!series.open[t] && !series.required[t] && !series.scheduled[t]) return `${time}: closed`;
  const parts = [
    `required ${number(series.required[t])}`,
    `scheduled ${number(series.scheduled[t])} (${signed(series.net[t])})`,
    `${series.service.toLowerCase()} ${level(series, series.level[t])}`,
  ];
  if (known(series.level_q10[t])) parts[2] += ` (${level(series, series.level_q10[t])} to ${level(series, series.level_q90[t])})`;
  if (known(series.occupancy[t])) parts.push(`occupancy ${percent(series.occupancy[t])}`);
  parts.push(`contacts ${number(series.offered[t])} (${number(series.offered_q10[t], 0)} to ${number(series.offered_q90[t], 0)})`);
  return `${time}: ${parts.join(" · ")}`;
};

const readout = document.getElementById("interval-readout");
const hint = readout.textContent;
for (const plot of all("[data-readout]")) {
  const panel = plot.closest(".panel");
  const { first, last } = dayOf(panel);
  const area = plot.querySelector(".area");
  const cursor = plot.querySelector(".cursor");
  let at = null;
  const show = (t) => {
    at = Math.min(Math.max(t, first), last - 1);
    const x = `${(100 * (at - first + 0.5)) / (last - first)}%`;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.removeAttribute("hidden");
    readout.textContent = sentence(seriesOf(panel), at);
  };
  plot.addEventListener("pointermove", (event) => {
    const box = area.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    if (part >= 0 && part <= 1) show(first + Math.floor(part * (last - first)));
  });
  plot.addEventListener("keydown", (event) => {
    const start = at ?? first - 1;
    const target = { ArrowRight: start + 1, ArrowLeft: start - 1, Home: first, End: last - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    show(target);
  });
}

const columns = [
  ["Interval", (s, t) => `${data.times[t]}–${untilOf(t)}`],
  ["Contacts", (s, t) => number(s.offered[t])],
  ["10th to 90th", (s, t) => `${number(s.offered_q10[t], 0)} to ${number(s.offered_q90[t], 0)}`],
  ["Required", (s, t) => number(s.required[t])],
  ["Asked for by", (s, t) => s.binding[t].replace("_", " ")],
  ["Scheduled", (s, t) => number(s.scheduled[t])],
  ["Over, under", (s, t) => signed(s.net[t])],
  ["Can serve", (s, t) => number(s.present[t])],
  ["level", (s, t) => level(s, s.level[t])],
  ["10th to 90th", (s, t) => (known(s.level_q10[t]) ? `${level(s, s.level_q10[t])} to ${level(s, s.level_q90[t])}` : "–")],
  ["Occupancy", (s, t) => percent(s.occupancy[t])],
];
const tableOf = (panel) => {
  const series = seriesOf(panel);
  const { first, last, label } = dayOf(panel);
  const table = document.createElement("table");
  table.append(element("caption", `${series.name}, ${label}: contacts, effective staff, simulated service`, { class: "sr" }));
  const head = table.createTHead().insertRow();
  for (const [name] of columns) {
    const title = name === "level" ? series.service : name;
    head.append(element("th", title, name === "Interval" ? { scope: "col" } : { scope: "col", class: "num" }));
  }
  const body = table.createTBody();
  for (let t = first; t < last; t += 1) {
    const row = body.insertRow();
    columns.forEach(([, write], i) => row.append(element(i ? "td" : "th", write(series, t), i ? { class: "num" } : { scope: "row" })));
  }
  return table;
};
const details = document.getElementById("interval-table");
const fill = () => {
  const panel = panelOf("interval");
  if (details.open && panel) details.querySelector(".scroll").replaceChildren(tableOf(panel));
};
details.addEventListener("toggle", fill);
document.querySelector('[data-group="interval"]').addEventListener("chosen", () => {
  readout.textContent = hint;
  fill();
});

// --- the day: filter by team
const ganttTeam = document.getElementById("gantt-team");
ganttTeam.addEventListener("change", () => {
  for (const team of all(".team")) team.hidden = ganttTeam.value !== "" && team.dataset.team !== ganttTeam.value;
});

// --- people: search, filter, open the one that a link leads to
const search = document.getElementById("person-search");
const team = document.getElementById("person-team");
const people = all(".person");
const filter = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const person of people) {
    const fits = words.every((word) => person.dataset.find.includes(word)) && (!team.value || person.dataset.team === team.value);
    person.hidden = !fits;
    count += fits;
  }
  document.getElementById("person-count").textContent = count === 1 ? "1 person" : `${count} people`;
  document.getElementById("person-none").hidden = count > 0;
};
if (search) {
  search.addEventListener("input", filter);
  team.addEventListener("change", filter);
}
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches(".person")) return;
  if (target.hidden) {
    search.value = team.value = "";
    filter();
  }
  target.open = true;
  target.querySelector("summary").focus();
  target.scrollIntoView();
};
addEventListener("hashchange", openTarget);
openTarget();
