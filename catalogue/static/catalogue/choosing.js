// What the library shows as chosen is a text box to screen readers, and has a name only while something is chosen.
window.addEventListener("load", () => {
  for (const shown of document.querySelectorAll(".select2-selection__rendered")) {
    const field = document.getElementById(shown.id.replace(/^select2-|-container$/g, ""));
    shown.setAttribute("aria-label", field?.labels?.[0]?.textContent.replace(":", "").trim() || field?.getAttribute("aria-label") || "Movie");
  }
});
