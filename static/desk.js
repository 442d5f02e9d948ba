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

// The coach: looks at the words in the form without saving them, and leads to the field that an idea is about.
document.querySelectorAll(".coach").forEach((coach) => {
  const button = coach.querySelector("button");
  const says = coach.querySelector(".coach-says");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-disabled", "true");
    try {
      const answer = await fetch(coach.dataset.coach, { method: "POST", body: new FormData(button.form) });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      says.innerHTML = await answer.text();
    } catch {
      says.innerHTML = "<p>The coach could not look just now. Your words are untouched. Are you still signed in?</p>";
    }
    button.removeAttribute("aria-disabled");
  });
  says.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const label = link && document.querySelector(`label[for="${link.hash.slice(1)}"]`);
    if (!label) return;
    event.preventDefault();
    label.scrollIntoView({ block: "center" });
    label.click();
  });
});

// Recording: what is recorded is looked up while one types. A choice made meanwhile stays, and a failure is told.
document.addEventListener("change", ({ target }) => target.closest("[data-hx-post]")?.setAttribute("data-chosen", ""));
document.addEventListener("htmx:beforeRequest", ({ target }) => target.removeAttribute("data-chosen"));
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  if (target.hasAttribute("data-chosen")) detail.shouldSwap = false;
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ target }) => {
    target.querySelector("[role=status]").textContent = "This could not be looked up just now. What you typed stays. Are you still signed in?";
  });
}
