// The few things that HTML and htmx do not do alone. No inline script, no eval: see the CSP.
"use strict";

(() => {
  // Buttons that open, and buttons that close, a <dialog>.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      open(opener.dataset.opens, opener.dataset.for);
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      closer.closest("dialog, .toast")?.[closer.dataset.closes === "toast" ? "remove" : "close"]();
      return;
    }
    const writer = event.target.closest("[data-puts]");
    const ticker = event.target.closest("[data-ticks]");
    if (ticker) {
      const box = document.getElementById(ticker.dataset.ticks);
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (writer) putText(writer.dataset.into, writer.dataset.puts, true);
    if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
  });

  function open(id, area) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    if (area) prepare(dialog, area);
    dialog.showModal();
    if (id !== "palette") return;
    finder.value = "";
    finder.dispatchEvent(new Event("palette:open"));
  }

  // The palette: Ctrl-K opens it, arrows choose, Enter goes there.
  const finder = document.getElementById("palette-search");
  const rows = () => [...document.querySelectorAll("#palette-rows a")];

  function choose(place) {
    const all = rows();
    const chosen = all[(place + all.length) % all.length];
    all.forEach((row) => row.setAttribute("aria-selected", String(row === chosen)));
    finder.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (finder && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("palette");
    }
  });
  finder?.addEventListener("keydown", (event) => {
    const at = rows().findIndex((row) => row.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (step) choose(at + step);
    else if (event.key === "Escape") finder.closest("dialog").close();
    else rows()[at]?.click();
  });
  document.getElementById("palette-rows")?.addEventListener("htmx:afterSwap", () => choose(0));

  // Dialogs that write into a text at its cursor: a field with its fallback, a link with its address.
  const valueOf = (id) => document.getElementById(id)?.value ?? "";
  const fallbackOf = (area, name) => document.querySelector(`[name="${area.dataset.prefix}${name}"]`);

  function prepare(dialog, area) {
    dialog.dataset.into = area;
    dialog.querySelectorAll("input[data-copies]").forEach((input) => {
      input.value = valueOf(input.dataset.copies);
    });
    dialog.querySelectorAll("select[data-fills]").forEach(fill);
  }

  function fill(select) {
    const source = select.selectedOptions[0]?.dataset.copies;
    const area = document.getElementById(select.closest("dialog").dataset.into);
    const known = source ? valueOf(source) : (fallbackOf(area, select.value)?.value ?? "");
    document.getElementById(select.dataset.fills).value = known;
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-fills]")) fill(event.target);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-writes]");
    if (!form) return;
    const name = form.elements.name.value;
    const area = form.closest("dialog").dataset.into;
    if (form.dataset.writes === "field") keepFallback(area, name, form.elements.fallback.value);
    else {
      const address = form.elements.name.selectedOptions[0].dataset.copies; // a template has none
      if (address) document.getElementById(address).value = form.elements.url.value;
      form.querySelectorAll("input[data-copies]").forEach((input) => {
        document.getElementById(input.dataset.copies).value = input.value;
      });
    }
    window.setTimeout(() => putText(area, `{{ ${name} }}`)); // when the dialog has given the focus back
  });

  // Until the page has the field's own input, a hidden one keeps what was said.
  function keepFallback(id, name, value) {
    const area = document.getElementById(id);
    let input = fallbackOf(area, name);
    if (!input) {
      input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: area.dataset.prefix + name });
      input.setAttribute("form", "compose");
      document.getElementById(area.dataset.holds).append(input);
    }
    input.value = value;
  }

  function putText(id, text, isWhole = false) {
    const area = document.getElementById(id);
    if (!area) return;
    area.focus();
    const [start, end] = isWhole ? [0, area.value.length] : [area.selectionStart, area.selectionEnd];
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Forms that a choice alone sends (file, filter): progressive, the button stays for keyboards.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-sends-on-change]");
    if (form) form.requestSubmit();
  });

  // One box that ticks all of its table; what was ticked one by one shows in it.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const all = form?.querySelector("[data-ticks-all]");
    if (!all) return;
    const boxes = [...form.querySelectorAll(`input[name="${all.dataset.ticksAll}"]`)];
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  });

  // On a phone the present tab may stand beyond the edge.
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    const bar = tab.closest(".tabs");
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - 16;
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
      event.preventDefault();
      const own = document.querySelector("main input[type=search]");
      if (own) own.focus();
      else open("palette");
    }
    if (event.key === "?") open("keys");
  });

  // What a live part says goes to the one polite region, only when it changed.
  const region = document.getElementById("announcer");
  document.addEventListener("htmx:afterSettle", () => {
    const said = document.querySelector("[data-announce]")?.dataset.announce;
    if (region && said && region.textContent !== said) region.textContent = said;
  });

  // What somebody has opened stays open when its part is refreshed.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...document.querySelectorAll("details[open][id]")].map((each) => each.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    opened = [];
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
