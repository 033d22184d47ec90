"use strict";
{
  const it = JSON.parse(document.getElementById("surface").textContent);
  const form = document.getElementById("sliders");
  const ranges = [...form.querySelectorAll('input[type="range"]')];
  const fields = [...form.querySelectorAll('.slider input[type="number"]')];
  const outputs = [...form.querySelectorAll(".value")];
  const lines = [...document.querySelectorAll("polyline.moving")];
  const curve = lines.map((line) => line.getAttribute("points"));
  const by = (id) => document.getElementById(id);
  const french = document.documentElement.lang === "fr";
  let pinned = null;

  // The surface: a Gaussian process with a constant mean for each scenario and share, as sim/uncertainty/surface.py has it.
  const kernel = (one, other, lengths) => {
    const distance = Math.sqrt(5 * one.reduce((sum, x, i) => sum + ((x - other[i]) / lengths[i]) ** 2, 0));
    return (1 + distance + (distance * distance) / 3) * Math.exp(-distance);
  };
  const inverse = (matrix) => {
    const n = matrix.length;
    const rows = matrix.map((row, i) => Float64Array.from({ length: 2 * n }, (_, j) => (j < n ? row[j] : +(j - n === i))));
    for (let i = 0; i < n; i++) {
      let best = i;
      for (let k = i + 1; k < n; k++) if (Math.abs(rows[k][i]) > Math.abs(rows[best][i])) best = k;
      [rows[i], rows[best]] = [rows[best], rows[i]];
      const pivot = rows[i][i];
      for (let j = i; j < 2 * n; j++) rows[i][j] /= pivot;
      for (let k = 0; k < n; k++) {
        const factor = rows[k][i];
        if (k === i || factor === 0) continue;
        for (let j = i; j < 2 * n; j++) rows[k][j] -= factor * rows[i][j];
      }
    }
    return rows.map((row) => row.subarray(n));
  };
  const dot = (one, other) => one.reduce((sum, x, i) => sum + x * other[i], 0);
  const fit = (process) => {
    const { y, lengths, noise } = process;
    const inv = inverse(it.points.map((p, i) => it.points.map((q, j) => kernel(p, q, lengths) + (i === j ? noise : 0))));
    const sums = inv.map((row) => row.reduce((sum, x) => sum + x, 0));
    const ones = sums.reduce((sum, x) => sum + x, 0);
    const mean = dot(sums, y) / ones;
    const left = y.map((value) => value - mean);
    const variance = dot(left, inv.map((row) => dot([...row], left))) / Math.max(y.length - 1, 1);
    return { ...process, inv, sums, ones, mean, left, variance };
  };
  const processes = it.processes.map((of) => of.map(fit));
  const at = (process, x) => {
    const there = it.points.map((point) => kernel(x, point, process.lengths));
    const weights = process.inv.map((row) => dot(there, row));
    const lacking = 1 - weights.reduce((sum, w) => sum + w, 0);
    const unknown = 1 - dot(weights, there) + (lacking * lacking) / process.ones;
    const value = Math.min(Math.max(process.mean + dot(weights, process.left), 0), 1);
    const error = Math.sqrt(process.variance * Math.max(unknown, 0) + process.luck * value * (1 - value));
    return { value, error, weights, lacking };
  };

  const state = () => ranges.map((range) => Number(range.value));
  const written = it.sliders.map((slider) => slider.written);
  const same = (one, other) => one.every((x, i) => x === other[i]);
  const place = (steps) => steps.map((step, i) => it.sliders[i].at[step]);
  const found = (steps) =>
    same(steps, written)
      ? it.exact.map((of) => of.map((each) => ({ value: each.value, error: 0, said: each.said })))
      : processes.map((of) => of.map((process) => at(process, place(steps))));

  const fill = (key, values) => it.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const figure = (x, digits = 0) => x.toFixed(digits).replace("-", "\u2212").replace(".", french ? "," : ".");
  const percent = (x) => `${figure(100 * x)}${french ? "\u202f" : "\u00a0"}%`;
  const signed = (x) => (Math.round(x) > 0 ? "+" : "") + figure(Math.round(x) + 0);
  const capital = (words) => words[0].toUpperCase() + words.slice(1);
  const told = (results) =>
    it.shares
      .map((share, k) => {
        const items = results.map((of, s) =>
          of[k].said === undefined
            ? fill("about", { value: percent(of[k].value), error: figure(200 * of[k].error), scenario: it.scenarios[s] })
            : fill("exact", { value: of[k].said, scenario: it.scenarios[s] }),
        );
        if (results.length > 1) {
          items.push(fill("apart", { points: signed(100 * (results[results.length - 1][k].value - results[0][k].value)) }));
        }
        return capital(fill("name", { what: share, items: items.join(it.words.then) }));
      })
      .join(". ") + ".";
  const against = (results, before) =>
    it.shares
      .map((share, k) => {
        const items = results.map((of, s) => `${signed(100 * (of[k].value - before[s][k].value))} (${it.scenarios[s]})`);
        return fill("name", { what: share, items: items.join(it.words.then) });
      })
      .join(it.words.then);

  const draw = (steps) => {
    const { left, right, top, bottom } = it.plot;
    const last = it.days[it.days.length - 1];
    lines.forEach((line, s) => {
      if (same(steps, written)) return line.setAttribute("points", curve[s]);
      const { sums, ones } = processes[s][0];
      const { weights, lacking } = at(processes[s][0], place(steps));
      let highest = 0;
      const points = it.days.map((day, d) => {
        const shares = it.curves[s][d];
        const expected = dot(weights, shares) + (lacking * dot(sums, shares)) / ones;
        highest = Math.min(Math.max(expected, highest), 1);
        return `${(left + (day / last) * (right - left)).toFixed(1)},${(bottom - highest * (bottom - top)).toFixed(1)}`;
      });
      line.setAttribute("points", points.join(" "));
    });
  };

  const show = () => {
    const steps = state();
    const results = found(steps);
    it.sliders.forEach((slider, i) => {
      const label = slider.labels[steps[i]];
      ranges[i].setAttribute("aria-valuetext", label);
      outputs[i].textContent = label;
      fields[i].value = slider.values[steps[i]];
    });
    by("sliders-result").textContent = told(results);
    by("sliders-pinned").hidden = pinned === null;
    if (pinned !== null) by("sliders-pinned").textContent = fill("pinned", { items: against(results, found(pinned)) });
    by("sliders-found").replaceChildren();
    draw(steps);
  };
  const remember = () => {
    const parts = [`s=${state().join(",")}`];
    if (pinned !== null) parts.push(`p=${pinned.join(",")}`);
    const said = same(state(), written) && pinned === null ? "" : parts.join("&");
    if (location.hash.slice(1) !== said) location.replace(`#${said}`);
  };
  const steps = (text) => {
    const given = (text ?? "").split(",").map(Number);
    const fits = given.length === ranges.length && given.every((x, i) => Number.isInteger(x) && x >= 0 && x < it.sliders[i].at.length);
    return fits ? given : null;
  };
  const recall = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    const given = steps(said.get("s"));
    if (given === null) return;
    given.forEach((step, i) => { ranges[i].value = step; });
    pinned = steps(said.get("p")) ?? pinned;
    show();
  };

  // What flips it: for each slider, the others left where they are, the nearest value at which a conclusion is another one.
  const flips = () => {
    const from = state();
    const target = Number(by("sliders-target").value) / 100;
    const last = it.scenarios.length - 1;
    const reaches = (results) => results[last][0].value >= target;
    const better = (results) => last === 0 || results[last][0].value > results[0][0].value;
    const here = found(from);
    const sentences = it.sliders.flatMap((slider, i) => {
      const what = form.querySelector(`label[for="slider-${i}"]`).textContent;
      const others = slider.at.map((_, step) => step).filter((step) => step !== from[i]);
      others.sort((one, other) => Math.abs(one - from[i]) - Math.abs(other - from[i]));
      const nearest = (holds) => others.find((step) => holds(found(from.map((x, j) => (j === i ? step : x)))) !== holds(here));
      const words = { what, scenario: it.scenarios[last], target: percent(target) };
      const across = nearest(reaches);
      const worse = nearest(better);
      const said = [];
      if (across !== undefined) said.push(fill("flips", { ...words, at: slider.labels[across] }));
      if (worse !== undefined) said.push(fill("no_more", { ...words, at: slider.labels[worse] }));
      const ends = { low: slider.labels[0], high: slider.labels[slider.labels.length - 1] };
      return said.length ? said : [fill("holds", { ...words, ...ends })];
    });
    by("sliders-found").replaceChildren(
      ...sentences.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
    );
  };

  // The scenario file of a state: what each slider says, put together; JSON is YAML too.
  const isNamed = (items) => Array.isArray(items) && items.every((each) => each !== null && typeof each === "object" && "name" in each);
  const isMapping = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const merged = (one, other) => {
    if (isMapping(one) && isMapping(other)) {
      const both = { ...one };
      for (const [key, value] of Object.entries(other)) both[key] = key in one ? merged(one[key], value) : value;
      return both;
    }
    if (isNamed(one) && isNamed(other)) {
      const byName = new Map(one.map((each) => [each.name, each]));
      for (const each of other) byName.set(each.name, merged(byName.get(each.name) ?? {}, each));
      return [...byName.values()];
    }
    return other;
  };
  const yaml = () => {
    const steps = state();
    const own = same(steps, written) ? [] : it.sliders.map((slider, i) => slider.says[steps[i]]);
    return `${JSON.stringify(own.reduce(merged, { extends: it.extends }), null, 2)}\n`;
  };
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml()], { type: "text/yaml" }));
    link.download = `${it.extends.replace(/\.yaml$/, "")}_moved.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  ranges.forEach((range) => {
    range.addEventListener("input", show);
    range.addEventListener("change", remember);
  });
  fields.forEach((field, i) =>
    field.addEventListener("change", () => {
      const { values } = it.sliders[i];
      const wanted = Number(field.value);
      if (field.value === "" || !(wanted >= values[0] && wanted <= values[values.length - 1])) return show(); // not outside
      ranges[i].value = values.reduce((best, value, step) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? step : best), 0);
      show();
      remember();
    }),
  );
  by("sliders-reset").addEventListener("click", () => {
    written.forEach((step, i) => { ranges[i].value = step; });
    pinned = null;
    show();
    remember();
  });
  by("sliders-pin").addEventListener("click", () => {
    pinned = state();
    show();
    remember();
  });
  by("sliders-flips").addEventListener("click", flips);
  by("sliders-file").addEventListener("click", download);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", recall);
  recall();
}
