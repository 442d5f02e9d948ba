// Rows that site.css leaves for later are laid out bit by bit, when there is nothing else to do.
const later = [...document.querySelectorAll(".row, .group")];

function layOut() {
  for (let size = 0, one; size < 120 && (one = later.shift()); size += one.getElementsByTagName("*").length) {
    one.style.contentVisibility = "visible";
  }
  if (later.length) requestIdleCallback(layOut);
}

if (window.requestIdleCallback) addEventListener("load", () => requestIdleCallback(layOut));
