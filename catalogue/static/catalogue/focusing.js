// Where the keyboard starts in a form: at what was asked for, at what is wrong, in a new record at its first field.
"use strict";
// Django's own script, which comes at any time before this, takes what stands first: the button on top that saves.
addEventListener("load", () => {
  const form = document.querySelector("#content-main form");
  const isNew = document.getElementById("django-admin-form-add-constants")?.dataset.modelName;
  const first = isNew ? form?.querySelector("fieldset :is(input:not([type=hidden]), select, textarea)") : null;
  (form?.querySelector("[autofocus]") ?? form?.querySelector("[aria-invalid=true]") ?? first)?.focus();
});
