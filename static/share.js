// The share button: the device's own sharing, or the address copied. Without script the e-mail link remains.
const button = document.querySelector("[data-share]");
const said = document.querySelector("[data-share-said]");
if (button && (navigator.share || navigator.clipboard)) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = document.querySelector("link[rel=canonical]").href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: address });
      else {
        await navigator.clipboard.writeText(address);
        said.textContent = "Address copied.";
      }
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = address;
    }
  });
}
