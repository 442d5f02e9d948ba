// The guest's page: selected words become the passage of a comment, and the line for readers shows the name as it is typed.
// Without script the passage is copied by hand.
const form = document.querySelector("#comment form");
const button = document.querySelector("[data-quote]");
let chosen = null;

function passage() {
  const selection = getSelection();
  const words = selection.toString().trim();
  if (!words || !selection.rangeCount) return null;
  const node = selection.getRangeAt(0).startContainer;
  const part = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-part]");
  return part && { part: part.dataset.part, words: words.replace(/\s+/g, " ").slice(0, 500) };
}

document.addEventListener("selectionchange", () => {
  const found = passage();
  button.hidden = !found;
  if (found) chosen = found;
});

button.addEventListener("click", () => {
  form.elements.part.value = chosen.part;
  form.elements.quote.value = chosen.words;
  document.querySelector("#comment").open = true;
  getSelection().removeAllRanges();
  form.elements.text.focus();
});
document.querySelector("[data-hint]").hidden = false;

const shown = document.querySelector("[data-shown]");
const { name, role } = document.querySelector("#approve form").elements;
if (shown) {
  const pattern = shown.textContent;
  const show = () => { shown.textContent = [name.value.trim(), role.value.trim()].filter(Boolean).join(", ") || pattern; };
  [name, role].forEach((field) => field.addEventListener("input", show));
  show();
}

// One answer for one press.
document.querySelectorAll(".guest form").forEach((each) => each.addEventListener("submit", () => {
  each.querySelector("[type=submit]").disabled = true;
}));
addEventListener("pageshow", () => document.querySelectorAll(".guest [type=submit]").forEach((each) => { each.disabled = false; }));
