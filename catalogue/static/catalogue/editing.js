// The movie's form: keys, the section in sight, the address of the title, who else is here, the cast list in place.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("movie_form");
  if (!form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const links = [...document.querySelectorAll(".edit-nav a")];
  const place = document.getElementById("edit-presence");
  let isDirty = false;
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });

  const press = (name) => form.querySelector(`[name=${name}]`)?.click();
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (event.ctrlKey && event.key === "s") {
      event.preventDefault();
      press("_continue");
    } else if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      press(form.querySelector("[name=_next]") ? "_next" : "_save");
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code) && links[event.code.at(-1) - 1]) {
      event.preventDefault();
      const section = document.querySelector(links[event.code.at(-1) - 1].hash);
      section.scrollIntoView();
      section.focus();
    } else if (event.key === "?" && !isTyping) document.getElementById("edit-keys").showModal();
  });

  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.find((one) => one.hash === `#${entry.target.id}`);
      if (entry.isIntersecting) {
        links.forEach((one) => one.removeAttribute("aria-current"));
        link?.setAttribute("aria-current", "true");
      }
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll(".edit-section").forEach((section) => sight.observe(section));

  const title = document.getElementById("id_title");
  const slug = document.createElement("p");
  let timer = 0;
  slug.className = "edit-slug";
  slug.setAttribute("aria-live", "polite");
  title?.closest(".flex-container")?.after(slug);
  title?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(`${place.dataset.slug}?title=${encodeURIComponent(title.value)}`).catch(() => null);
      if (answer?.ok) slug.textContent = `Its address will end in /${(await answer.json()).slug}/`;
    }, 250);
  });

  const names = document.createElement("datalist");
  let asking = 0;
  names.id = "edit-names";
  form.append(names);
  form.addEventListener("input", ({ target }) => {
    if (!target.dataset.suggest) return;
    clearTimeout(asking);
    target.setAttribute("list", names.id);
    asking = setTimeout(async () => {
      const answer = await fetch(`${place.dataset.named.replace(/x\/$/, target.dataset.suggest)}/?q=${encodeURIComponent(target.value)}`).catch(() => null);
      if (!answer?.ok) return;
      names.replaceChildren(...(await answer.json()).names.map((name) => new Option("", name)));
    }, 150);
  });

  const here = async () => {
    if (document.hidden) return;
    const answer = await fetch(place.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
    if (!answer?.ok) return;
    const { others } = await answer.json();
    const text = others.length ? `${others.join(", ")} ${others.length > 1 ? "have" : "has"} this movie open, too. Nothing is overwritten: what both change is shown before it is written.` : "";
    if (place.textContent.trim() === text) return;
    const note = document.createElement("p");
    note.className = "errornote edit-warning";
    note.textContent = text;
    place.replaceChildren(...(text ? [note] : []));
  };
  if (place?.dataset.presence) setInterval(here, 20_000);
});
