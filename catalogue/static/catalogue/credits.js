// The credits of a movie's form: suggestions of people, rows by Enter, places by Alt with an arrow.
"use strict";
document.documentElement.classList.add("has-script");
addEventListener("DOMContentLoaded", () => {
  const group = document.querySelector(".edit-credits");
  if (!group) return;
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const rows = () => [...document.querySelectorAll(".edit-rows > .edit-row")];
  const list = document.createElement("div");
  const status = document.createElement("p");
  let timer = 0;
  let asked = null;
  list.className = "edit-suggest";
  list.id = "edit-suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  status.className = "visually-hidden";
  status.setAttribute("aria-live", "polite");
  group.append(status);

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const inputOf = () => list.parentElement?.querySelector("[name$=-person_name]");
  const mark = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) inputOf()?.setAttribute("aria-activedescendant", option.id);
    else inputOf()?.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    inputOf()?.setAttribute("aria-expanded", "false");
    list.hidden = true;
  };
  const option = (place, name, hint, key) => {
    const one = document.createElement("div");
    const note = document.createElement("span");
    one.id = `edit-person-${place}`;
    one.setAttribute("role", "option");
    one.setAttribute("aria-selected", "false");
    one.dataset.key = key;
    one.dataset.name = name;
    one.textContent = key ? name : `Create new person “${name}”`;
    note.textContent = hint ? ` ${hint}` : "";
    one.append(note);
    return one;
  };
  const show = (input, people) => {
    const text = input.value.trim();
    list.replaceChildren(...people.map((one, place) => option(place, one.name, one.hint, one.key)));
    if (text) list.append(option(people.length, text, "", ""));
    input.parentElement.append(list);
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "true");
    list.hidden = !text;
    mark(null);
    status.textContent = `${people.length} suggestion${people.length === 1 ? "" : "s"}`;
  };
  const ask = async (input) => {
    asked?.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(`${group.dataset.people}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show(input, (await answer.json()).people);
    } catch {
      // Another letter came, or the connection went: the name is looked up when the form is saved.
    }
  };
  const take = (one) => {
    const row = inputOf().closest(".edit-row");
    inputOf().value = one.dataset.name;
    field(row, "person").value = one.dataset.key;
    const fresh = field(row, "is_new");
    if (fresh) fresh.checked = !one.dataset.key;
    row.querySelector(".c-hint").textContent = one.dataset.key ? one.querySelector("span").textContent : "";
    settle(row);
    close();
    const others = options().some((other) => other.dataset.key && other.dataset.name === one.dataset.name);
    (!one.dataset.key && others ? field(row, "note") : field(row, "character"))?.focus();
  };

  const settle = (row) => {
    const fresh = row.querySelector(".c-new");
    if (fresh) fresh.hidden = Boolean(field(row, "person").value) && !field(row, "is_new").checked;
  };
  const total = () => document.querySelector("[name=credits-TOTAL_FORMS]");
  const renumber = (fresh) => {
    const isCast = (row) => field(row, "department").value === "acting";
    const cast = rows().filter((row) => isCast(row) && (row === fresh || field(row, "billing_order").value));
    cast.forEach((row, place) => { field(row, "billing_order").value = place; });
  };
  const add = (after) => {
    const number = total().value;
    const holder = document.createElement("div");
    holder.innerHTML = document.getElementById("credit-row").innerHTML.replaceAll("__prefix__", number);
    const row = holder.firstElementChild;
    total().value = Number(number) + 1;
    if (after) after.after(row);
    else document.querySelector(".edit-rows").append(row);
    prepare(row);
    if (after && row !== rows().at(-1)) renumber(row);
    field(row, "person_name").focus();
  };
  const move = (row, step) => {
    const all = rows().filter((one) => field(one, "department").value === "acting");
    const other = all[all.indexOf(row) + step];
    if (!other || !all.includes(row)) return;
    const [mine, theirs] = [field(row, "billing_order"), field(other, "billing_order")];
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    if (mine.value === "" || mine.value === theirs.value) renumber();
    else [mine.value, theirs.value] = [theirs.value, mine.value];
    focused?.focus();
    status.textContent = `Place ${mine.value}`;
  };
  const prepare = (row) => {
    const input = field(row, "person_name");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" })) input.setAttribute(name, value);
    for (const [name, step] of [["up", -1], ["down", 1]]) {
      const button = row.querySelector(`.c-${name}`);
      button.hidden = false;
      button.addEventListener("click", () => move(row, step));
    }
    row.querySelector(".c-choice")?.addEventListener("change", (event) => {
      field(row, "person").value = event.target.value;
      settle(row);
    });
    settle(row);
  };

  group.addEventListener("input", (event) => {
    if (!event.target.name?.endsWith("-person_name")) return;
    const row = event.target.closest(".edit-row");
    field(row, "person").value = "";
    settle(row);
    clearTimeout(timer);
    timer = setTimeout(ask, 120, event.target);
  });
  group.addEventListener("keydown", (event) => {
    const row = event.target.closest(".edit-row");
    if (!row) return;
    const open = !list.hidden && event.target === inputOf();
    const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (arrow && event.altKey) {
      event.preventDefault();
      move(row, arrow);
    } else if (arrow && open) {
      event.preventDefault();
      const all = options();
      const place = all.indexOf(chosen());
      mark(all[place < 0 && arrow < 0 ? all.length - 1 : place + arrow]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && open && chosen()) {
      event.preventDefault();
      take(chosen());
    } else if (event.key === "Enter" && !event.ctrlKey && event.target.matches("input")) {
      event.preventDefault();
      add(row);
    } else if (event.key === "Tab" && !event.shiftKey && event.target.name?.endsWith("-character")) {
      const next = row.nextElementSibling;
      if (!next) return;
      event.preventDefault();
      field(next, "person_name").focus();
    }
  });
  group.addEventListener("mousedown", (event) => {
    const one = event.target.closest(".edit-suggest [role=option]");
    if (!one) return;
    event.preventDefault();
    take(one);
  });
  group.addEventListener("focusout", () => setTimeout(() => document.activeElement !== inputOf() && close(), 150));
  group.addEventListener("click", (event) => {
    if (!event.target.closest("[data-add]")) return;
    event.preventDefault();
    add(null);
  });
  rows().forEach(prepare);
});
