// A small form over the page, for what is put into a text.

import { crel } from "django-prose-editor/editor"

let count = 0

export function field(words, control) {
  control.id = `ask-${++count}`
  return crel("p", { className: "insert-field" }, [crel("label", { htmlFor: control.id, textContent: words }), control])
}

// Shows `parts` under a title. `done` is called once it is closed, by either button.
export function ask(title, parts, { submit: words, done }) {
  const heading = crel("h2", { id: `ask-${++count}`, textContent: title })
  const submit = crel("button", { type: "submit", className: "button default", textContent: words })
  const cancel = crel("button", { type: "button", className: "button", textContent: "Cancel" })
  const buttons = crel("p", { className: "insert-buttons" }, [submit, cancel])
  const form = crel("form", { method: "dialog" }, [heading, ...parts, buttons])
  const dialog = crel("dialog", { className: "insert-dialog", "aria-labelledby": heading.id }, [form])
  document.body.append(dialog)
  cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => {
    dialog.remove()
    done() // now that the focus is back where it came from
  })
  dialog.showModal()
  return { form, submit }
}
