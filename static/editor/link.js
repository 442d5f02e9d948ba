// Links: to a page of this site, chosen by its name, or to any address that one types.

import { crel, Link as BaseLink } from "django-prose-editor/editor"

import { ask, field } from "./dialog.js"

const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

// Ask where to. `take` is called with an address, and with the name of the page if one was chosen.
function choose(pages, address, take) {
  const search = crel("input", { type: "search", autocomplete: "off" })
  const list = crel("select", { size: 6 })
  const found = crel("p", { className: "insert-now", role: "status", textContent: "One moment …" })
  const typed = crel("input", { inputMode: "url", autocomplete: "off", required: true, value: address || "" })
  const fields = [field("Find a page on this site", search), field("Pages", list), found, field("Address", typed)]
  let places = [] // on this site
  let shown = []
  let chosen
  const done = () => chosen && take(chosen, places.find((place) => place.address === chosen)?.name)
  const { form } = ask("Link", fields, { submit: "Set link", done })
  form.addEventListener("submit", () => (chosen = typed.value.trim()))

  function show() {
    const asked = folded(search.value.trim())
    const fits = ({ name, kind }) => asked.split(/\s+/).every((word) => folded(`${name} ${kind}`).includes(word))
    const later = ({ name }) => !folded(name).startsWith(asked)
    shown = places.filter(fits).sort((one, other) => later(one) - later(other)) // each half stays in order
    const label = ({ name, kind }) => (kind ? `${name} (${kind})` : name)
    list.replaceChildren(...shown.map((place) => crel("option", { textContent: label(place) })))
    list.selectedIndex = shown.findIndex((place) => place.address === typed.value)
    found.textContent = shown.length === 1 ? "1 page" : `${shown.length} pages`
  }
  const pick = (index) => {
    list.selectedIndex = index
    if (shown[index]) typed.value = shown[index].address
  }
  search.addEventListener("input", () => {
    show()
    if (search.value.trim()) pick(0)
  })
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !shown.length) return
    event.preventDefault()
    list.focus()
    pick(Math.max(list.selectedIndex, 0))
  })
  list.addEventListener("change", () => pick(list.selectedIndex))
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    event.preventDefault() // or it would press the button that gets the focus back
    form.requestSubmit()
  })
  list.addEventListener("dblclick", () => form.requestSubmit())

  fetch(pages, { credentials: "same-origin", redirect: "error" })
    .then((answer) => answer.json())
    .then((answer) => {
      places = answer.pages
      show()
    })
    .catch(() => (found.textContent = "The list of pages couldn’t load. Type the address, or try again later."))
}

// In rich text -----------------------------------------------------------------------------

export const Link = BaseLink.extend({
  addOptions() {
    return { ...this.parent?.(), pages: "" }
  },

  addMenuItems({ menu, buttons }) {
    this.parent({ menu, buttons })
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", "insert link"),
      active: (editor) => editor.isActive("link"),
      command: (editor) => editor.commands.addLink(),
    })
  },

  addCommands() {
    // Where no words are chosen, the page's own name becomes the link.
    const set = (editor) => (href, name) => {
      const chain = editor.chain().focus()
      if (editor.isActive("link")) chain.extendMarkRange("link").updateAttributes("link", { href }).run()
      else if (!editor.state.selection.empty) chain.setMark("link", { href }).run()
      else chain.insertContent({ type: "text", text: name || href, marks: [{ type: "link", attrs: { href } }] }).run()
    }
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        choose(this.options.pages, editor.getAttributes("link").href, set(editor))
        return true
      },
    }
  },
})

// In a line of its own -----------------------------------------------------------------------

for (const input of document.querySelectorAll("input[data-pages]")) {
  const button = crel("button", { type: "button", className: "button insert-button", textContent: "Choose a page …" })
  const put = (address) => {
    input.value = address
    input.dispatchEvent(new Event("input", { bubbles: true }))
    input.focus()
  }
  button.addEventListener("click", () => choose(input.dataset.pages, input.value, put))
  input.after(button)
}
