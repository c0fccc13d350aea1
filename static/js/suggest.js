/* The combobox of the search fields: suggestions while typing. Without it the form works as ever. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-suggest]")) {
    const input = form.elements.q;
    const list = document.createElement("div");
    const status = document.createElement("p");
    let timer = 0;
    let asked = null;
    list.className = "suggest";
    list.id = `${input.id}-suggest`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    status.className = "vh";
    status.setAttribute("aria-live", "polite");
    form.append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    })) input.setAttribute(name, value);

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      chosen()?.setAttribute("aria-selected", "false");
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      } else input.removeAttribute("aria-activedescendant");
    };
    const show = (html) => {
      list.innerHTML = html;
      const number = options().length;
      list.hidden = !number;
      input.setAttribute("aria-expanded", String(number > 0));
      choose(null);
      status.textContent = number ? `${number} suggestion${number > 1 ? "s" : ""}` : "";
    };
    const ask = async () => {
      const text = input.value.trim();
      asked?.abort();
      if (!text) return show("");
      asked = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
        if (answer.ok && document.activeElement === input) show((await answer.text()).trim());
      } catch {
        /* Another letter came, or the connection went: the form still searches. */
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    input.addEventListener("keydown", (event) => {
      const all = options();
      const place = all.indexOf(chosen());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return void ask();
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(all[place < 0 && step < 0 ? all.length - 1 : place + step]);
      } else if (event.key === "Enter" && chosen()) {
        event.preventDefault();
        location.assign(chosen().href);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show("");
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("blur", () => setTimeout(() => show(""), 150));
  }
});
