// Shows the fields that what is chosen reads, and those with an error; without it all are shown.
const what = document.querySelector(".bulk select[name=what]");

function choose() {
  for (const field of document.querySelectorAll(".bulk-field[data-for]")) {
    field.hidden = !field.dataset.for.split(" ").includes(what.value) && !field.querySelector(".errorlist");
  }
}

what?.addEventListener("change", choose);
if (what) choose();
