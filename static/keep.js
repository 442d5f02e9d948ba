// Nothing typed at the desk is lost: this browser keeps a copy of a form's words until the server has confirmed them.
// A copy belongs to one person, one page and one opening of it. It holds what the form showed, too (the field "seen"),
// so that words that come back late still meet a newer version. docs/editing.md says what is kept, and for how long.

const { person } = document.currentScript.dataset;
const MINE = `kept:${person}:`;
const HERE = `${MINE}${location.pathname}:`;
const NEWEST = 20;
const DAYS = 30;
const editors = new WeakMap();
let storeNow = () => {}; // keeps what this page's form holds at this moment
let leaves = false; // the person logs out, knowing that the copies go

// Storage ------------------------------------------------------------------------------------------

// A browser may refuse any of it, or be full: then the form is still there, and that must do.
function attempt(what, otherwise) {
  try { return what(); } catch { return otherwise; }
}

function copies(prefix) {
  const keys = attempt(() => Object.keys(localStorage), []).filter((key) => key.startsWith(prefix));
  const read = (key) => attempt(() => ({ key, ...JSON.parse(localStorage.getItem(key)) }), { key, at: 0, fields: {} });
  return keys.map(read).sort((one, other) => other.at - one.at);
}

function remove(key) {
  attempt(() => localStorage.removeItem(key));
}

function keepCopy(key, fields) {
  copies(MINE).slice(NEWEST).forEach((old) => remove(old.key));
  attempt(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields })));
}

function tidy() {
  const oldest = Date.now() - DAYS * 86400000;
  copies("kept:").filter((copy) => !(copy.at > oldest)).forEach((copy) => remove(copy.key));
  copies(MINE).slice(NEWEST).forEach((copy) => remove(copy.key));
  const saved = document.cookie.match(/(?:^|; )kept=([\w-]+)/);
  if (!saved) return;
  copies(MINE).filter((copy) => copy.key.endsWith(`:${saved[1]}`)).forEach((copy) => remove(copy.key));
  const [, part] = location.pathname.split("/"); // "admin" or "desk": each part of the desk sets a cookie of its own
  document.cookie = `kept=; path=/${part}/; max-age=0; samesite=lax`;
}

// Fields -------------------------------------------------------------------------------------------

const NOT_KEPT = /^(csrfmiddlewaretoken|kept)$|_FORMS$|__prefix__|-keep$|-asked$|^asked$|-\d+-id$/;

// Every field by its name, with its values as they are now, or as the server sent them.
function valuesOf(form, { sent = false } = {}) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || NOT_KEPT.test(field.name) || /submit|button|file|password|fieldset/.test(field.type)) continue;
    const into = (values[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (sent ? field.defaultChecked : field.checked) into.push(field.value);
    } else if (field.options) {
      const chosen = [...field.options].filter((option) => (sent ? option.defaultSelected : option.selected));
      if (sent && !chosen.length && !field.multiple && field.options.length) chosen.push(field.options[0]);
      into.push(...chosen.map((option) => option.value));
    } else into.push(sent ? field.defaultValue : field.value);
  }
  return values;
}

// Their labels, and the words of what is chosen: whoever reads them later may have another page before them.
function labels(form) {
  const words = {};
  for (const field of form.elements) {
    if (!field.name || !field.labels?.[0]) continue;
    words[field.name] ??= labelOf(field);
    if (field.type === "radio" && field.checked) words[`${field.name}=${field.value}`] = field.labels[0].textContent.trim();
  }
  for (const select of form.querySelectorAll("select")) {
    for (const { value, text } of select.selectedOptions) words[`${select.name}=${value}`] = text;
  }
  return words;
}

function labelOf(field) {
  const choices = field.type === "radio" && field.closest("fieldset")?.querySelector("legend");
  return (choices || field.labels?.[0])?.textContent.replace(/:$/, "");
}

function put(form, name, values, words = {}) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.options) {
      for (const value of values) {
        if (![...field.options].some((option) => option.value === value)) field.add(new Option(words[`${name}=${value}`] ?? value, value));
      }
      for (const option of field.options) option.selected = values.includes(option.value);
      window.django?.jQuery(field).trigger("change");
    } else if (editors.has(field)) editors.get(field).commands.setContent(values[0] ?? "", { emitUpdate: true });
    else field.value = values[0] ?? "";
    if (!editors.has(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The rich text editor spells the same words in its own way.
function spelled(values) {
  return [...values].sort().join("\n").replace(/\s+/g, " ")
    .replace(/<\/?(?:thead|tbody)>| (?:scope|data-type)="\w+"| (?:col|row)span="1"/g, "")
    .replace(/ ?(<\/?(?:p|ul|ol|li|h3|h4|table|tr|th|td)\b[^>]*>) ?/g, "$1")
    .replace(/(<(?:li|th|td)\b[^>]*>)<p>(.*?)<\/p>/g, "$1$2").trim();
}

function differing(now, then) {
  return Object.keys(then).filter((name) => name && !/(^|-)seen$/.test(name) && spelled(then[name]) !== spelled(now[name] ?? []));
}

// One form -------------------------------------------------------------------------------------------

function keep(form) {
  const sent = valuesOf(form, { sent: true });
  const refused = Boolean(document.querySelector(".errornote, .meetings, [data-unsaved]")); // what the server did not take is not saved
  const lastSent = `sent:${location.pathname}`;
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "kept" });
  form.append(mark);
  let key;
  let touched = refused;
  let sending = false;
  let timer;

  function goOnWith(copy) {
    key = copy;
    mark.value = key.split(":").pop();
  }
  goOnWith((refused && attempt(() => sessionStorage.getItem(lastSent))) || `${HERE}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`);
  const isDirty = () => touched && (refused || differing(sent, valuesOf(form)).length > 0);

  function store() {
    clearTimeout(timer);
    if (leaves) return;
    if (isDirty()) keepCopy(key, { ...valuesOf(form), "": [JSON.stringify(labels(form))] });
    else if (touched && !refused) remove(key);
  }
  function changed() {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(store, 1000);
  }
  storeNow = store;
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.django?.jQuery(form).on("change", changed);
  addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", store);
  if (refused) store();

  addEventListener("beforeunload", (event) => {
    store();
    if (!sending && !leaves && isDirty()) event.preventDefault();
  });

  form.addEventListener("submit", ({ submitter }) => {
    store();
    if (submitter?.formTarget) return; // a preview: this page stays
    sending = true;
    attempt(() => sessionStorage.setItem(lastSent, key));
  });
  addEventListener("pageshow", () => { sending = leaves = false; });

  for (const copy of copies(HERE).filter((other) => other.key !== key)) {
    const names = differing(valuesOf(form), copy.fields);
    if (names.length) {
      offer(form, copy, names, (words) => {
        if (form.dataset.redraw !== undefined) {
          goOnWith(copy.key);
          touched = false;
          attempt(() => sessionStorage.setItem(lastSent, key));
          return redraw(form, copy.fields);
        }
        for (const [name, values] of Object.entries(copy.fields)) if (name) put(form, name, values, words);
        remove(copy.key);
        touched = true;
        store();
      });
      break;
    }
    if (differing(sent, copy.fields).length) { // the browser itself brought them back
      goOnWith(copy.key);
      touched = true;
    } else remove(copy.key); // the server has these words
  }
}

// Words that were typed here before ----------------------------------------------------------------------

// A form that grows with what is typed: the server draws it with all of these fields.
function redraw(form, fields) {
  form.replaceChildren(...[...form.elements].filter((field) => /^(csrfmiddlewaretoken|kept)$/.test(field.name)));
  for (const [name, values] of Object.entries(fields)) {
    for (const value of name ? values : []) form.append(element("input", { type: "hidden", name, value }));
  }
  form.submit();
}

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function offer(form, copy, names, bringBack) {
  const when = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const words = JSON.parse(copy.fields[""]?.[0] ?? "{}");
  const look = element("dl", {});
  for (const name of names) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const label = words[name] ?? (field && labelOf(field));
    if (!label) continue; // nobody typed it
    const said = copy.fields[name].map((value) => words[`${name}=${value}`] ?? plain(value));
    look.append(element("dt", { textContent: label }), element("dd", { textContent: said.join(", ") || "(empty)" }));
  }
  const back = element("button", { type: "button", className: "button", textContent: "Bring them back" });
  const discard = element("button", { type: "button", className: "button quiet-button", textContent: "Discard them" });
  const box = element("section", { className: "kept" },
    element("h2", { textContent: "You typed words here that were not saved" }),
    element("p", { textContent: `This browser kept them on ${when}.` }),
    element("details", {}, element("summary", { textContent: "See what differs" }), look),
    element("p", { className: "kept-buttons" }, back, discard));
  back.addEventListener("click", () => {
    bringBack(words);
    box.replaceChildren(element("p", { textContent: "Your words are back in the form. They are not saved yet." }));
    box.tabIndex = -1;
    box.focus();
  });
  discard.addEventListener("click", () => {
    remove(copy.key);
    box.remove();
  });
  form.prepend(box);
}

const CHARACTERS = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" };

// A value without its marks, to be read. Nothing parses it: what was typed may be anything.
function plain(value) {
  const words = value.replace(/<\/(p|li|h\d)>/g, "$& ").replace(/<[^>]*>/g, "");
  return words.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name) => CHARACTERS[name]);
}

// Choices between two versions ---------------------------------------------------------------------------

function choose(form) {
  let filling = false;
  form.addEventListener("change", ({ target }) => {
    if (!target.matches(".versions input[type=radio]")) return;
    const { field } = target.closest(".versions").dataset;
    filling = true;
    if (target.dataset.words) put(form, field, JSON.parse(target.dataset.words));
    filling = false;
  });
  form.addEventListener("input", ({ target }) => {
    if (filling || !target.name) return;
    const hand = form.querySelector(`.versions[data-field="${CSS.escape(target.name)}"] input[value=hand]`);
    if (hand) hand.checked = true;
  });
}

// Sending once -----------------------------------------------------------------------------------------

// A sign-in in another tab changes the token of every form; the cookie has the one that counts.
function once(form) {
  const { value: first } = form.querySelector("[name=csrfmiddlewaretoken]") ?? {};
  if (!first) return;
  let button;
  function again() {
    delete form.dataset.sending;
    if (button) [button.value, button.disabled] = [button.dataset.words, false];
    button = undefined;
  }
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) return event.preventDefault();
    const token = document.cookie.match(/(?:^|; )(?:__Secure-)?csrftoken=(\w+)/);
    if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token[1];
    if (event.submitter?.formTarget || form.target === "_blank") return;
    form.dataset.sending = "1";
    const pressed = event.submitter;
    setTimeout(() => { // the name of the button that was pressed is sent, so it is changed afterwards
      if (!pressed || pressed.tagName !== "INPUT") return;
      button = pressed;
      button.dataset.words = button.value;
      [button.value, button.disabled] = [form.elements.kept ? "Saving…" : "One moment…", true];
    });
    setTimeout(again, 15000); // a server that does not answer, or a person who pressed Escape
  });
  addEventListener("pageshow", again);
}

// Who else is here -------------------------------------------------------------------------------------

function present(line) {
  const token = () => document.cookie.match(/(?:^|; )(?:__Secure-)?csrftoken=(\w+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  async function ask() {
    try {
      const answer = await fetch(line.dataset.ask, { method: "POST", headers: { "X-CSRFToken": token() }, redirect: "manual" });
      const said = answer.ok ? await answer.text()
        : answer.type === "opaqueredirect" ? "You are signed out. Sign in again in another tab before you save. Your words stay here." : line.textContent;
      if (said !== line.textContent) line.textContent = said;
    } catch { /* no connection: the next time tells */ }
  }
  ask();
  setInterval(ask, 30000);
}

// All of it ----------------------------------------------------------------------------------------------

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => editors.set(textarea, editor));

function forget(event) {
  storeNow();
  const kept = copies(MINE).length;
  const asks = `Words that you have not saved are kept in this browser (${kept}). If you log out, they are removed. Log out?`;
  if (kept && !confirm(asks)) return event.preventDefault();
  leaves = true;
  copies(MINE).forEach((copy) => remove(copy.key));
}

document.addEventListener("DOMContentLoaded", () => {
  tidy();
  document.querySelectorAll("form[method=post]:not(#logout-form)").forEach(once);
  document.getElementById("logout-form")?.addEventListener("submit", forget);
  document.querySelectorAll(".present[data-ask]").forEach(present);
  const form = document.querySelector("input[name=seen], input[name$='-seen']")?.form;
  if (!form || document.body.classList.contains("popup")) return;
  choose(form);
  keep(form);
});
