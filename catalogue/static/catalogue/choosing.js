// What the library shows as chosen is a text box to screen readers, and has a name only while something is chosen.
const nameChosen = () => {
  for (const shown of document.querySelectorAll(".select2-selection__rendered:not([aria-label])")) {
    const field = document.getElementById(shown.id.replace(/^select2-|-container$/g, ""));
    const label = field?.labels?.[0]?.textContent.replace(":", "").trim() || field?.getAttribute("aria-label");
    shown.setAttribute("aria-label", label || field?.dataset.placeholder);
  }
};
// Behind Django's own, which makes them: the load of the page may come before that.
django.jQuery(nameChosen);
document.addEventListener("formset:added", nameChosen);
