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
      says.innerHTML = "<p>The coach couldn’t check your words just now. Nothing you typed has changed. Are you still signed in?</p>";
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
    target.querySelector("[role=status]").textContent = "We couldn’t look this up just now. What you typed is still here. Are you still signed in?";
  });
}

// Preview: in a new tab, or beside the form where there is room for it. There it follows what one types.
document.querySelectorAll(".preview-button").forEach((button) => {
  const aside = document.getElementById(button.getAttribute("aria-controls"));
  const [frame, says] = [aside.querySelector("iframe"), aside.querySelector("[role=status]")];
  const room = matchMedia("(min-width: 1200px)");
  const remember = (open) => { try { sessionStorage.setItem("beside", open); } catch { /* then it opens closed */ } };
  const remembered = () => { try { return sessionStorage.getItem("beside") === "true"; } catch { return false; } };
  let timer;

  function show(open) {
    aside.hidden = !open;
    button.setAttribute("aria-expanded", open);
    remember(open);
  }

  // The main part alone is exchanged, so that the preview stays where one has scrolled to.
  async function follow() {
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: new FormData(button.form) });
      if ((!answer.ok && answer.status !== 409) || answer.redirected) throw new Error(answer.status);
      const text = await answer.text();
      const main = answer.ok && new DOMParser().parseFromString(text, "text/html").querySelector("main");
      const shown = frame.contentDocument.querySelector("main");
      if (main && !shown) button.click(); // until now it said what the form lacks
      else if (main) shown.replaceWith(main);
      says.textContent = main ? "" : text;
    } catch {
      says.textContent = "The preview couldn’t update just now. Nothing you typed has changed. Are you still signed in?";
    }
  }

  function typed() {
    clearTimeout(timer);
    if (!aside.hidden) timer = setTimeout(follow, 1200);
  }

  button.addEventListener("click", () => {
    button.formTarget = room.matches ? frame.name : "_blank";
    if (room.matches) show(true);
  });
  aside.querySelector("button").addEventListener("click", () => { show(false); button.focus(); });
  room.addEventListener("change", () => { if (!room.matches) show(false); });
  button.form.addEventListener("input", typed);
  button.form.addEventListener("change", typed);
  window.django?.jQuery(button.form).on("change", typed);
  if (room.matches && remembered()) button.click();
});
