// Before the page is drawn: light, dark, or as the system says.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // A browser that keeps nothing follows the system.
  }
  document.body.dataset.theme = chosen || "auto";
})();
