// Arrow keys move through a filter choice by choice, and each choice shows its list. All that somebody does in one
// field before going to the next is one step back, so only the first list of such a visit makes an entry of the history.
let visits = 0
let last = "" // field that had the focus
let kept = "" // visit that has its entry

document.addEventListener("focusin", ({ target }) => {
  if (target.id !== last) visits += 1 // htmx puts a field anew and focuses it again, which is no other visit
  last = target.id
})

document.addEventListener("htmx:configRequest", ({ detail }) => {
  // Told now: when the answer comes, somebody may be in another field.
  detail.visit = `${visits} ${detail.triggeringEvent?.target.id}`
})

document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (detail.requestConfig.visit === kept) detail.history.type = "replace"
  kept = detail.requestConfig.visit
})

// Only the list is put anew, not the head. Sharing takes its address from there, so it is told the one of this list.
document.addEventListener("htmx:afterSettle", () => {
  const { query } = document.getElementById("results").dataset
  document.querySelector("link[rel=canonical]").href = location.pathname + query
})
