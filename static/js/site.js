/* Extras: nothing depends on them. The chosen display is kept in the browser, so that pages stay the same for all. */
"use strict";
(() => {
  const root = document.documentElement;
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    /* Storage may be forbidden; then the choice lasts as long as the page. */
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  addEventListener("DOMContentLoaded", () => {
    const chosen = theme && document.getElementById(`theme-${theme}`);
    if (chosen) chosen.checked = true;
    for (const menu of document.querySelectorAll(".menu")) {
      menu.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && menu.open) {
          menu.open = false;
          menu.querySelector("summary").focus();
        }
      });
    }
    for (const select of document.querySelectorAll("select[data-submit]")) {
      select.addEventListener("change", () => select.form.requestSubmit());
      for (const button of document.querySelectorAll("[data-submit-button]")) button.hidden = true;
    }
    /* Empty fields stay out of the address. */
    for (const form of document.querySelectorAll("form:not([method=post])")) {
      form.addEventListener("formdata", (event) => {
        for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
      });
    }
  });

  addEventListener("change", (event) => {
    if (event.target.name !== "theme") return;
    if (event.target.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = event.target.value;
    try {
      localStorage.setItem("theme", event.target.value);
    } catch {
      /* As above. */
    }
  });
})();
