// Names for the fields that scripts put in the place of Django's own: a screen reader says the label, a click on it gets there.

function named(label) {
  label.id ||= `${label.htmlFor}_label`;
  return label.id;
}

// Rich text
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const label = textarea.labels[0];
  if (!label) return;
  label.addEventListener("click", () => editor.commands.focus());
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-labelledby": named(label) };
  const hint = textarea.getAttribute("aria-describedby");
  if (hint) attributes["aria-describedby"] = hint;
  editor.setOptions({ editorProps: { attributes } });
  editor.on("create", () => {
    const tools = textarea.parentElement.querySelector(".prose-menubar");
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", `Tools for ${label.textContent.replace(":", "")}`);
    const say = () => tools.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", button.classList.contains("active"));
      button.setAttribute("aria-disabled", button.classList.contains("disabled"));
    });
    editor.on("transaction", say);
    say();
  });
});

// Fields that complete what one types
function nameCompleted(select) {
  const label = select.labels[0];
  const field = select.parentElement.querySelector(".select2-selection");
  if (!label || !field) return;
  const chosen = field.querySelector("span.select2-selection__rendered");
  field.setAttribute("aria-labelledby", chosen ? `${named(label)} ${chosen.id}` : named(label));
  (chosen || field.querySelector(".select2-search__field")).setAttribute("aria-labelledby", label.id);
}

function nameAll(part) {
  part.querySelectorAll("select.admin-autocomplete").forEach(nameCompleted);
}

// Runs after Django's own scripts, which registered before.
window.django?.jQuery(() => nameAll(document));
document.addEventListener("formset:added", (event) => nameAll(event.target));
