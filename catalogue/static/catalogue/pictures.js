// Pictures in forms: a chosen or dropped file is shown, and a click on it sets the focus.
"use strict";
addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("#content-main form input[type=file]")) {
    const area = input.closest(".form-row");
    const held = area.querySelector(".edit-held");
    const image = held ?? document.createElement("img");
    const focus = document.getElementById(input.id.replace("_file", "_focus"));
    image.alt = "The new picture; a click sets its focus";
    image.hidden = !held;
    area.classList.add("edit-drop");
    area.append(image);
    const show = () => {
      const reader = new FileReader();
      if (!input.files.length) return;
      image.hidden = false;
      reader.addEventListener("load", () => { image.src = reader.result; });
      reader.readAsDataURL(input.files[0]);
    };
    input.addEventListener("change", show);
    for (const shown of [image, area.querySelector(".edit-whole")]) {
      shown?.addEventListener("click", ({ offsetX, offsetY }) => {
        focus.value = `${Math.round((100 * offsetX) / shown.width)} ${Math.round((100 * offsetY) / shown.height)}`;
      });
    }
    area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("is-over"); });
    area.addEventListener("dragleave", () => area.classList.remove("is-over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("is-over");
      input.files = event.dataTransfer.files;
      show();
    });
  }
});
