// htmx comes when somebody first turns to the filters: until then a phone has other work. Without it the form is sent
// like any other. What is changed meanwhile is told to it when it is there.
const { htmx: address } = document.currentScript.dataset
const form = document.querySelector("[data-hx-get]")
let coming
let changed // field that htmx is still to be told of

const fetched = async () => {
  if (document.readyState !== "complete") await new Promise((loaded) => addEventListener("load", loaded)) // it starts then
  const script = Object.assign(document.createElement("script"), { src: address })
  await new Promise((loaded) => {
    script.onload = loaded
    document.head.append(script)
  })
}

const turned = async ({ type, target }) => {
  if (window.htmx) return
  if (type === "input" || type === "change") changed = target
  await (coming ??= fetched())
  changed?.dispatchEvent(new Event("change", { bubbles: true }))
  changed = null
}

for (const type of ["pointerover", "focusin", "input", "change"]) form.addEventListener(type, turned)
if (history.state?.htmx) turned({}) // it also answers Back and Forward between lists that it has shown

// Arrow keys move through a filter choice by choice, and each choice shows its list. All that somebody does in one
// field before going to the next is one step back, so only the first list of such a visit makes an entry of the history.
let visits = 0
let last = "" // field that had the focus
let kept = "" // visit that has its entry
let asked = "" // field that was changed last

document.addEventListener("focusin", ({ target }) => {
  if (target.id !== last) visits += 1 // htmx puts a field anew and focuses it again, which is no other visit
  last = target.id
})

document.addEventListener("htmx:configRequest", ({ detail }) => {
  // Told now: when the answer comes, somebody may be in another field.
  asked = detail.triggeringEvent?.target.id
  detail.visit = `${visits} ${asked}`
})

document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (detail.requestConfig.visit === kept) detail.history.type = "replace"
  kept = detail.requestConfig.visit
})

// A field that is put anew under the focus is spoken once more, over what the list says. The choices of a field do not
// depend on what is chosen in it, so the one that somebody has just changed may stay.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  detail.shouldSwap = detail.target !== document.activeElement || detail.target.id !== asked
})

document.addEventListener("htmx:afterSettle", () => {
  // Only the list is put anew, not the head. Sharing takes its address from there, so it is told the one of this list.
  const { query } = document.getElementById("results").dataset
  document.querySelector("link[rel=canonical]").href = location.pathname + query
  // A screen reader speaks words that change, but not those that come with a part of the page that is put anew.
  const [told, said] = ["told", "said"].map((id) => document.getElementById(id))
  if (told.textContent !== said.textContent) told.textContent = said.textContent
})
