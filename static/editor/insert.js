// The Insert menu: figures, pictures and words that rooms offer, put into a text from a list. Without this script
// one types the brackets. What there is to insert comes from the server as lines of label, text, group, now, image.

import { crel, Extension, Plugin, pm } from "django-prose-editor/editor"

import { ask as open, field } from "./dialog.js"

const TOKEN = /\[\[\s*([a-z][a-z0-9-]*)\s*(?::\s*((?:[^[\]<>\s]+(?:\s+[^[\]<>\s]+)*)?)\s*)?\]\]/g
const spelled = (_, name, argument) => (argument ? `[[${name}: ${argument}]]` : `[[${name}]]`)

let lines // what the server offers, asked anew whenever the menu opens

function fetched(address) {
  return fetch(address, { credentials: "same-origin", redirect: "error" })
    .then((answer) => answer.json())
    .then((answer) => (lines = answer.insertions))
}

// The menu ---------------------------------------------------------------------------------

function listed(select, options) {
  select.replaceChildren(...options.map((words, i) => crel("option", { value: i, textContent: words })))
}

// Ask what to insert. `take` is called with the chosen line.
async function ask(address, take, { inline = false } = {}) {
  const what = crel("select")
  const which = crel("select")
  const now = crel("p", { className: "insert-now", role: "status" })
  const second = field("Which one", which)
  let chosen
  const done = () => chosen && take(chosen)
  const { form, submit } = open("Insert", [field("What", what), second, now], { submit: "Insert", done })
  now.textContent = "One moment …"
  submit.disabled = true

  let offered
  try {
    offered = (await fetched(address)).filter((line) => !(inline && line.block))
  } catch {
    now.textContent = "The list couldn’t load. Close this, save your text, and try again, or type the brackets yourself."
    return
  }
  const kinds = new Map(offered.map((line) => [line.group || line.label, []]))
  for (const line of offered) kinds.get(line.group || line.label).push(line)
  const names = [...kinds.keys()]
  let found = []

  function show() {
    const line = found[which.value]
    now.replaceChildren(...(line.image ? [crel("img", { src: line.image, alt: "" })] : []))
    const figure = line.text.startsWith("[[") && !line.image
    if (line.now) now.append(figure ? `Readers see now: ${line.now}` : line.now)
  }

  function choose() {
    found = kinds.get(names[what.value])
    second.hidden = !found[0].group
    listed(which, found.map((line) => line.label))
    show()
  }

  listed(what, names)
  what.addEventListener("change", choose)
  which.addEventListener("change", show)
  form.addEventListener("submit", () => (chosen = found[which.value]))
  submit.disabled = false
  choose()
}

// In rich text -----------------------------------------------------------------------------

function chips(doc) {
  const { Decoration, DecorationSet } = pm.view
  const found = []
  doc.descendants((node, place) => {
    for (const match of node.isText ? node.text.matchAll(TOKEN) : []) {
      const end = place + match.index + match[0].length
      const line = lines?.find((line) => line.text === spelled(...match))
      const shown = line?.image ? ["img", { src: line.image, alt: line.now }] : line?.now && ["span", { textContent: line.now }]
      const draw = () => crel(shown[0], { className: "token-now", ...shown[1] })
      found.push(Decoration.inline(place + match.index, end, { class: "token" }))
      if (shown) found.push(Decoration.widget(end, draw, { key: line.text })) // by its key it stays as it is while one types
    }
  })
  return DecorationSet.create(doc, found)
}

export const Insert = Extension.create({
  name: "insert",
  priority: 50, // after the table, whose dialog it replaces

  addOptions: () => ({ address: "" }),

  addMenuItems({ menu, buttons }) {
    const put = (editor) => (line) => {
      const text = { type: "text", text: line.text }
      editor.chain().focus().insertContent(line.block ? { type: "paragraph", content: [text] } : text).run()
    }
    menu.defineItem({
      name: "insert",
      groups: "insert",
      button: buttons.text("Insert …", "Insert a live number, picture, or word"),
      command: (editor) => ask(this.options.address, put(editor)),
    })
  },

  addCommands: () => ({
    // A table begins with a row of headings, which its readers need; more rows and columns are a button away.
    insertTableWithOptions: () => ({ chain }) => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
  }),

  onCreate() {
    // Where nobody has set the cursor yet, one inserts at the end.
    const { state, view } = this.editor
    view.dispatch(state.tr.setSelection(pm.state.Selection.atEnd(state.doc)))
    if (!this.editor.getText().includes("[[")) return
    const draw = () => this.editor.isDestroyed || this.editor.view.dispatch(this.editor.state.tr.setMeta("fetched", true))
    fetched(this.options.address).then(
      // Drawn under the hands of somebody who moves the cursor, it would put the cursor back.
      () => (this.editor.view.hasFocus() ? this.editor.once("blur", draw) : draw()),
      () => {}, // the brackets then stand alone
    )
  },

  addProseMirrorPlugins() {
    const state = {
      init: (_, { doc }) => chips(doc),
      apply: (tr, drawn) => (tr.docChanged || tr.getMeta("fetched") ? chips(tr.doc) : drawn),
    }
    return [new Plugin({ state, props: { decorations(now) { return this.getState(now) } } })]
  },
})

// In plain text ----------------------------------------------------------------------------

for (const text of document.querySelectorAll("textarea[data-insert]")) {
  const button = crel("button", { type: "button", className: "button insert-button", textContent: "Insert …" })
  const put = (line) => {
    text.setRangeText(line.text, text.selectionStart, text.selectionEnd, "end")
    text.dispatchEvent(new Event("input", { bubbles: true }))
    text.focus()
  }
  // Where nobody has set the cursor yet, one inserts at the end.
  if (text !== document.activeElement) text.setSelectionRange(text.value.length, text.value.length)
  button.addEventListener("click", () => ask(text.dataset.insert, put, { inline: true }))
  text.after(button)
}
