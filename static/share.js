// Sharing: the device's own sharing or the address copied; and print. Without script, sharing is an e-mail.
for (const link of document.querySelectorAll("[data-share]")) {
  const said = link.parentElement.querySelector("[data-share-said]");
  link.addEventListener("click", async (event) => {
    if (!navigator.share && !navigator.clipboard) return;
    event.preventDefault();
    const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: address });
      else {
        await navigator.clipboard.writeText(address);
        said.textContent = "Link copied.";
      }
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = address;
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// An address opens the folds around what it leads to; some browsers do so by themselves.
function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  let closed = false;
  for (let fold = target; (fold = fold?.parentElement?.closest("details:not([open])")); closed = true) fold.open = true;
  if (closed) target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

// What is open above the page closes when the keyboard leaves it, so that it does not cover where the focus is.
document.addEventListener("focusin", ({ target }) => {
  const open = document.querySelector(":popover-open");
  if (open && !open.contains(target) && target.getAttribute("popovertarget") !== open.id) open.hidePopover();
});
