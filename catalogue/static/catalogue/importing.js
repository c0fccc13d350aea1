// Looks again every two seconds while an import is at work; without it the page has a link for that. A meta refresh
// would take the focus away from whoever is about to press Stop.
const place = () => document.getElementById("import-follow");

async function again() {
  if (!place()?.hasAttribute("data-busy")) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("import-follow");
    if (!answer.ok || !fresh) return;
    const chosen = document.activeElement?.closest("#import-follow button")?.value;
    place().replaceWith(fresh);
    if (chosen) place().querySelector(`button[value="${chosen}"]`)?.focus();
  } catch {
    // The connection is gone for a moment: ask again.
  }
  setTimeout(again, 2000);
}

setTimeout(again, 2000);
