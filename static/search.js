// Suggestions under a search field, as the ARIA combobox has them. Without script the form is sent as it is.
let lists = 0;
for (const form of document.querySelectorAll("[data-suggest]")) {
  const input = form.querySelector("input");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let asked, timer, at = -1;
  list.id = `suggested-${++lists}`;
  list.className = "suggested";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.append(list, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const mark = (place) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = place;
    const option = list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    mark(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const show = (found) => {
    list.replaceChildren(...found.map(({ title, address, kind, name }, place) => {
      const option = document.createElement("li");
      const small = document.createElement("small");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.dataset.address = address;
      option.setAttribute("aria-selected", "false");
      small.append(name ? `${name} · ${kind}` : kind);
      option.append(title, " ", small);
      return option;
    }));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}` : "";
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    const typed = input.value.trim();
    if (typed.length < 2) return close();
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (answer.ok) show((await answer.json()).found);
      } catch { /* somebody typed on, or is offline: the form still works */ }
    }, 150);
  });
  input.addEventListener("keydown", (event) => {
    const { key } = event, number = list.children.length;
    if (key === "Escape" && !list.hidden) close();
    else if (list.hidden) return;
    else if (key === "ArrowDown") mark(at + 1 < number ? at + 1 : -1);
    else if (key === "ArrowUp") mark(at < 0 ? number - 1 : at - 1);
    else if (key === "Enter" && at >= 0) location.assign(list.children[at].dataset.address);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-address]");
    if (option) location.assign(option.dataset.address);
  });
  input.addEventListener("blur", close);
}

// “/” goes to the search, wherever nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const input = document.querySelector(".search-form input") ?? document.querySelector(".site-search input");
  if (!input) return;
  event.preventDefault();
  const menu = input.closest("[popover]");
  if (menu && !input.checkVisibility()) menu.showPopover();
  input.focus();
});
