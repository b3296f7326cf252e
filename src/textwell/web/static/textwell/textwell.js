// The few things that HTML and htmx do not do alone. No inline script, no eval: see the CSP.
"use strict";

(() => {
  // Buttons that open, and buttons that close, a <dialog>.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      document.getElementById(opener.dataset.opens)?.showModal();
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      closer.closest("dialog, .toast")?.[closer.dataset.closes === "toast" ? "remove" : "close"]();
      return;
    }
    const inserter = event.target.closest("[data-insert]");
    const ticker = event.target.closest("[data-ticks]");
    if (ticker) {
      const box = document.getElementById(ticker.dataset.ticks);
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (inserter) insertText(inserter.dataset.into, inserter.dataset.insert);
    if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
  });

  function insertText(id, text) {
    const area = document.getElementById(id);
    if (!area) return;
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Forms that a choice alone sends (file, filter): progressive, the button stays for keyboards.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-sends-on-change]");
    if (form) form.requestSubmit();
  });

  // A time zone that nobody has chosen yet is the browser's own.
  document.querySelectorAll("select[data-own-zone]").forEach((select) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const isKnown = [...select.options].some((option) => option.value === zone);
    if (select.value === "UTC" && isKnown) select.value = zone;
  });

  // g then a letter goes to a page, / goes to the search, ? shows the keys.
  const pages = {};
  document.querySelectorAll("[data-key]").forEach((link) => {
    pages[link.dataset.key] = link.href;
  });
  let isGoing = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (isGoing && pages[event.key]) {
      window.location.href = pages[event.key];
      return;
    }
    isGoing = event.key === "g";
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
    if (event.key === "?") document.getElementById("keys")?.showModal();
  });

  // What a live part says goes to the one polite region, only when it changed.
  const region = document.getElementById("announcer");
  document.addEventListener("htmx:afterSettle", () => {
    const said = document.querySelector("[data-announce]")?.dataset.announce;
    if (region && said && region.textContent !== said) region.textContent = said;
  });

  // A part that could not be refreshed is shown as old, not as true.
  document.addEventListener("htmx:sendError", (event) => event.target.classList.add("is-late"));
  document.addEventListener("htmx:responseError", (event) => event.target.classList.add("is-late"));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) event.target.classList?.remove("is-late");
  });

  document.querySelectorAll(".toast:not(.error)").forEach((toast) => {
    window.setTimeout(() => toast.remove(), 6000);
  });
})();
