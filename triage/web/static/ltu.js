/* What a browser with scripts adds. Every page works without: nothing here may be needed. */
"use strict";

(() => {
  document.documentElement.classList.add("ltu-script");

  // A second click on a form that must count once is not sent. The server knows the second one all the same.
  const onceForms = () => [...document.forms].filter(form => form.elements.namedItem("submission"));

  const mark = (form, sent) => {
    form.toggleAttribute("data-sent", sent);
    for (const button of form.querySelectorAll("button[type=submit]")) {
      if (sent) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  };

  for (const form of onceForms()) {
    form.addEventListener("submit", event => {
      if (form.hasAttribute("data-sent")) event.preventDefault();
      else mark(form, true);
    });
  }

  // The back button may show the page as it was left: its forms can be sent again.
  addEventListener("pageshow", () => onceForms().forEach(form => mark(form, false)));

  // Whoever listens is taken to what is wrong.
  document.getElementById("error-summary")?.focus();

  // How many characters are left. Said when typing pauses, not at every key.
  for (const area of document.querySelectorAll("textarea[data-limit]")) {
    const limit = Number(area.dataset.limit);
    const shown = document.getElementById(`limit-${area.id}`);
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("aria-live", "polite");
    shown.after(said);
    let pause;
    const count = () => {
      // A line's end is sent as two characters and stored as one.
      const left = limit - area.value.length;
      const many = Math.abs(left) === 1 ? "character" : "characters";
      shown.textContent = left < 0 ? `${-left} ${many} too many` : `${left} ${many} left`;
      shown.classList.toggle("ltu-limit--over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { said.textContent = shown.textContent; }, 1000);
    };
    area.addEventListener("input", count);
    if (area.value) count();
  }

  // Work that goes on: fetch the page again, and put its region in the place of the old one.
  const refresh = region => setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok || answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(region.id);
      if (!fresh?.dataset.refresh) return location.reload();
      // Only what changes is replaced, so that it is said and nothing loses the focus.
      region.querySelector("[role=status]").textContent = fresh.querySelector("[role=status]").textContent;
      region.querySelector("progress").value = fresh.querySelector("progress").value;
    } catch {
      // The network is gone for a moment: try again.
    }
    return refresh(region);
  }, 1000 * Number(region.dataset.refresh));
  document.querySelectorAll("[data-refresh]").forEach(refresh);
})();
