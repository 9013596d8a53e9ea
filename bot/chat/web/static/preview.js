"use strict";
// Refreshes the preview next to a form while a person types. Without script, the form's Preview button does.
const form = document.getElementById("form");
const preview = document.getElementById("preview");
let timer = 0;
let asking = false;
let changed = false;

function refresh() {
  changed = asking;
  if (asking) return;
  asking = true;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("_preview", "yes");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document"; // parsed by the browser without running anything in it
  request.onloadend = () => {
    asking = request.status === 401; // the session has ended: Save leads to the log-in, and back to what was typed
    const fresh = request.response && request.response.getElementById("preview");
    if (fresh) preview.replaceChildren(...document.importNode(fresh, true).childNodes);
    if (changed) refresh();
  };
  request.send(fields);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, 400);
});
