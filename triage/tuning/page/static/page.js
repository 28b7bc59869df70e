/* The sliders of the tuning page. Without them the page shows the cut-offs in force and every table. */
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const moved = document.getElementById("moved");
  const cuts = [...data.starts];
  const SVG = "http://www.w3.org/2000/svg";

  // ------------------------------------------------------------------------------------------- figures in words

  const minus = text => text.replace("-", "−");
  const one = tenths => minus((tenths / 10).toFixed(1));
  const told = ([value, low, high], say = one) => {
    if (value === null) return data.words.unknown;
    if (low === null || high === null) return `${say(value)} (${data.words.noRange})`;
    return `${say(value)} (${say(low)} to ${say(high)})`;
  };

  // --------------------------------------------------------------------------- what each place on the page shows

  const show = {
    percent: (el, band, at) => { el.textContent = `${at + 1}%`; },
    told: (el, band, at) => { el.textContent = data.bands[band].told[at]; },
    short: (el, band, at) => { el.textContent = data.short[at]; },
    now: (el, band, at) => {
      el.setAttribute("transform", `translate(${data.axis.start + data.axis.step * (at + 1)} 0)`);
    },
    marks: (el, band, at) => {
      el.replaceChildren(...data.marks[at].map(([name, text]) => {
        const mark = document.createElement("p");
        const bold = document.createElement("b");
        mark.className = "mark";
        bold.textContent = `${name}. `;
        mark.append(bold, text);
        return mark;
      }));
    },
    hundred: (el, band, at) => {
      const kinds = ["found", "vain", "missed", "rest"]
        .flatMap((kind, place) => Array(data.trees[at]?.[place] ?? 0).fill(kind));
      const cells = kinds.map((kind, place) => el.children[place] ?? document.createElementNS(SVG, "use"));
      cells.forEach((cell, place) => {
        cell.setAttribute("href", `#kind-${kinds[place]}`);
        if (cell.parentNode) return;
        const spot = { x: 20 * (place % 10), y: 20 * Math.floor(place / 10), width: 20, height: 20 };
        for (const [name, value] of Object.entries(spot)) cell.setAttribute(name, value);
      });
      el.replaceChildren(...cells);
    },
    bar: (el, band, at) => {
      const [value, low, high] = data.groups[el.dataset.row].figures.recall[at];
      const place = tenths => 4 + data.bar * (tenths ?? 0) / 1000;
      const [line, dot] = [el.querySelector("line"), el.querySelector("circle")];
      const ranged = low !== null && high !== null;
      line.setAttribute("x1", ranged ? place(low) : 0);
      line.setAttribute("x2", ranged ? place(high) : 0);
      dot.setAttribute("cx", place(value));
      dot.setAttribute("r", value === null ? 0 : 4);
    },
  };

  const put = (el, band, at) => {
    const { show: kind, figure, count, kind: place, gap, row } = el.dataset;
    const from = row === undefined ? data : data.groups[row];
    if (kind) show[kind](el, band, at);
    else if (figure) el.textContent = told(from.figures[figure][at]);
    else if (count) el.textContent = from.counts[count][at].toLocaleString("en-GB");
    else if (place) el.textContent = data.trees[at]?.[place] ?? "?";
    else el.textContent = data.gaps[gap][at];
  };

  // ----------------------------------------------------------------------------------------------- the controls

  const clone = id => document.getElementById(id).content.cloneNode(true);
  moved.prepend(clone("bar-template"));
  const bar = document.getElementById("sliders");
  const field = (name, band) => document.getElementById(`${name}-${band}`);

  moved.querySelector(".cards").before(clone("weekly-template"));
  const clients = document.getElementById("weekly");
  const rows = [...moved.querySelectorAll("[data-weekly]")].map(body => {
    const row = body.insertRow(0);
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = "Clients offered it in a week";
    row.append(head, document.createElement("td"), document.createElement("td"));
    return row;
  });
  // The workload in clients, where somebody has said how many there are.
  const weekly = band => {
    const number = clients.valueAsNumber;
    const row = rows[band];
    row.hidden = !(clients.checkValidity() && number > 0);
    if (row.hidden) return;
    const people = tenths => Math.round(tenths * number / 1000).toLocaleString("en-GB");
    row.cells[1].textContent = told(data.figures.flagged[cuts[band] - 1], people);
    row.cells[2].textContent = told(data.force[band], people);
  };
  for (const template of document.querySelectorAll(".policy template")) template.replaceWith(template.content);

  const places = data.bands.map((_, band) => [...document.querySelectorAll(`[data-band="${band}"]`)]);

  // ------------------------------------------------------------------------------------------ what a move brings

  const said = document.getElementById("said");
  let pause;
  const speak = text => {
    clearTimeout(pause);
    pause = setTimeout(() => { said.textContent = text; }, 600);
  };

  const draw = band => {
    const at = cuts[band] - 1;
    for (const el of places[band]) put(el, band, at);
    weekly(band);
    const slider = field("slider", band);
    slider.value = cuts[band];
    slider.setAttribute("aria-valuetext", `${cuts[band]}%`);
    // Somebody who types is not interrupted.
    const number = field("number", band);
    if (number.valueAsNumber !== cuts[band]) number.value = cuts[band];
  };

  const note = (band, text, invalid = false) => {
    field("note", band).textContent = text;
    field("number", band).setAttribute("aria-invalid", invalid);
  };

  // A cut-off stays between those of the bands below and above.
  const ends = band => [(cuts[band - 1] ?? 0) + 1, (cuts[band + 1] ?? data.last + 1) - 1];
  const why = (band, low, high) => {
    const [below, above] = [data.bands[band - 1], data.bands[band + 1]];
    const parts = [below && `above “${below.name}”`, above && `below “${above.name}”`].filter(Boolean);
    const stays = parts.length ? `, so that it stays ${parts.join(" and ")}` : "";
    return `Give a whole number from ${low} to ${high}${stays}.`;
  };

  const move = (band, percent) => {
    const [low, high] = ends(band);
    cuts[band] = Math.min(Math.max(percent, low), high);
    const held = cuts[band] !== percent ? ` ${why(band, low, high)}` : "";
    note(band, held.trim());
    draw(band);
    speak(`${data.bands[band].name}: ${cuts[band]}%. ${data.bands[band].told[cuts[band] - 1]}${held}`);
  };

  const typed = band => {
    const number = field("number", band).valueAsNumber;
    const [low, high] = ends(band);
    if (Number.isInteger(number) && number >= low && number <= high) move(band, number);
    else note(band, why(band, low, high), true);
  };

  const putAll = percents => {
    percents.forEach((percent, band) => { cuts[band] = percent; });
    percents.forEach((_, band) => { note(band, ""); draw(band); });
    speak(percents.map((percent, band) => `${data.bands[band].name}: ${percent}%, ${data.short[percent - 1]}.`).join(" "));
  };

  data.bands.forEach((_, band) => {
    field("slider", band).addEventListener("input", event => move(band, event.target.valueAsNumber));
    field("number", band).addEventListener("input", () => typed(band));
    draw(band);
  });
  clients.addEventListener("input", () => data.bands.forEach((_, band) => weekly(band)));
  document.getElementById("back").addEventListener("click", () => putAll(data.starts));
  for (const button of document.querySelectorAll("[data-cuts]")) {
    button.addEventListener("click", () => {
      putAll(button.dataset.cuts.split(",").map(Number));
      bar.scrollIntoView();
      field("slider", 0).focus({ preventScroll: true });
    });
  }

  // Whatever the keyboard goes to is not hidden behind the sliders where they stay in sight.
  const height = () => getComputedStyle(bar).position === "sticky" ? bar.offsetHeight + 8 : 0;
  const clear = () => { document.documentElement.style.scrollPaddingTop = `${height()}px`; };
  new ResizeObserver(clear).observe(bar);
  addEventListener("resize", clear);
  addEventListener("focusin", ({ target }) => {
    if (bar.contains(target) || !target.matches(":focus-visible")) return;
    const hidden = bar.getBoundingClientRect().top + height() - target.getBoundingClientRect().top;
    if (hidden > 0 && hidden <= height()) scrollBy(0, -hidden);
  });
})();
