/* Extras: nothing depends on them, and nothing waits for them. */
"use strict";
(() => {
  const root = document.documentElement;
  /* Storage may be forbidden; then a choice lasts as long as the page. */
  const store = (area) => ({
    get(key) {
      try {
        return window[area].getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) window[area].removeItem(key);
        else window[area].setItem(key, value);
      } catch {
        /* As above. */
      }
    },
  });
  const always = store("localStorage");
  const visit = store("sessionStorage");

  /* The site prints the theme into its pages; one that was made before the choice is put right here. */
  const themeChosen = () => document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/)?.[1] ?? "auto";
  const showTheme = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.getElementById(`theme-${theme}`).checked = true;
  };
  showTheme(themeChosen());
  addEventListener("pageshow", (event) => event.persisted && showTheme(themeChosen()));
  addEventListener("change", ({ target }) => {
    if (target.name !== "theme") return;
    const seconds = target.value === "auto" ? 0 : 31536000;
    document.cookie = `theme=${target.value};path=/;max-age=${seconds};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
    showTheme(target.value);
  });

  for (const menu of document.querySelectorAll(".menu")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  const spoilers = document.querySelectorAll("[data-spoilers]");
  for (const button of spoilers) {
    button.addEventListener("click", () => showSpoilers(button.getAttribute("aria-pressed") !== "true"));
  }
  if (spoilers.length && visit.get("spoilers")) showSpoilers(true);
  const kept = document.querySelectorAll("form[data-keep]");
  kept.forEach(keep);
  /* Another page came after the form was sent, or it came back with a message: it has arrived. In a task of its own,
     since a browser reads what it stores from a disk. */
  setTimeout(() => {
    const sent = visit.get("sent");
    if (!sent || (kept.length && !document.querySelector(".notice"))) return;
    always.set(sent, null);
    visit.set("sent", null);
  });
  for (const part of document.querySelectorAll("[data-forget]")) {
    const forget = () => always.set(`typed-${part.dataset.forget}`, null);
    part.addEventListener(part.tagName === "FORM" ? "submit" : "click", forget);
  }
  if (document.querySelector("form[data-forget-all]")) {
    document.querySelector("form[data-forget-all]").addEventListener("submit", () => {
      try {
        for (const key of Object.keys(localStorage)) if (key.startsWith("typed-")) localStorage.removeItem(key);
      } catch {
        /* As above. */
      }
    });
  }
  /* Empty fields stay out of the address. */
  for (const form of document.querySelectorAll("form:not([method=post])")) {
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }

  /* Opens or closes all spoilers, for the visit. */
  function showSpoilers(open) {
    for (const fold of document.querySelectorAll(".spoiler,.covered")) fold.open = open;
    for (const button of spoilers) button.setAttribute("aria-pressed", open);
    visit.set("spoilers", open ? "1" : null);
  }

  /* What is typed into a form survives a lost connection: it stays in the browser until the form has arrived. */
  function keep(form) {
    const key = `typed-${form.dataset.keep}`;
    const fields = ["headline", "text"].map((name) => form.elements[name]);
    const before = JSON.parse(always.get(key) || "{}");
    for (const field of fields) if (!field.value && before[field.name]) field.value = before[field.name];
    form.addEventListener("input", () => {
      always.set(key, JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))));
    });
    form.addEventListener("submit", () => visit.set("sent", key));
    /* Enter in the guest's fields sends the guest's form. */
    for (const part of form.querySelectorAll("[data-enter]")) {
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
        event.preventDefault();
        form.requestSubmit(part.querySelector("button"));
      });
    }
  }
})();

/* The combobox of the search fields: suggestions while typing. Without it the form works as ever. */
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
  const show = (html, asking = false) => {
    list.innerHTML = html;
    const number = options().length;
    list.hidden = !number;
    input.setAttribute("aria-expanded", String(number > 0));
    choose(null);
    status.textContent = number ? `${number} suggestion${number > 1 ? "s" : ""}` : asking ? "No suggestions" : "";
  };
  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (!text) return show("");
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.text()).trim(), true);
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
