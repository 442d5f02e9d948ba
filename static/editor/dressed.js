// Pasted HTML as elements. Their styles are read, but never applied: the page's policy would refuse each of them, and
// say so.

export const styleOf = (element) => element.dataset.dressed || ""

export const unwrap = (element) => element.replaceWith(...element.childNodes)

export function rename(element, tag) {
  const renamed = document.createElement(tag)
  renamed.append(...element.childNodes)
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value)
  element.replaceWith(renamed)
  return renamed
}

// Without style sheets, and with the style of each element kept aside.
export const undressed = (html) =>
  html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s|["'])style\s*=/gi, "$1 data-dressed="))

export function read(html) {
  const { body } = new DOMParser().parseFromString(undressed(html), "text/html")
  body.querySelectorAll("script, meta, link, title, xml").forEach((e) => e.remove())
  const remarks = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const found = []
  while (remarks.nextNode()) found.push(remarks.currentNode)
  found.forEach((remark) => remark.remove())
  return body
}
