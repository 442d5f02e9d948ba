// What is pasted comes clean: Word's paragraphs with bullets become lists, headings get the levels that fit the page,
// and what only dressed the text is gone. The editor drops every tag and style that it does not know by itself.

import { Extension, Plugin } from "django-prose-editor/editor"

const BULLET = /^[·•◦▪■§o–*-]$/

function unwrap(element) {
  element.replaceWith(...element.childNodes)
}

// Styles are read, but never applied: the page's policy would refuse each of them, and say so.
const styleOf = (element) => element.dataset.dressed || ""

function clean(html) {
  const plain = html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s|["'])style\s*=/gi, "$1 data-dressed="))
  if (html.includes("data-pm-slice")) return plain // copied inside the editor
  const { body } = new DOMParser().parseFromString(plain, "text/html")
  body.querySelectorAll("script, meta, link, title, xml, [data-dressed*='mso-element:comment']").forEach((e) => e.remove())
  const remarks = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const found = []
  while (remarks.nextNode()) found.push(remarks.currentNode)
  found.forEach((remark) => remark.remove())

  if (/class="?Mso|mso-|urn:schemas-microsoft-com/.test(html)) fromWord(body)
  // Google Docs wraps everything in a <b> that is not bold, says what is bold in styles, and puts line ends between blocks.
  body.querySelectorAll("b, strong").forEach((b) => /(^|[;\s])font-weight:\s*(normal|400)/.test(styleOf(b)) && unwrap(b))
  body.querySelectorAll("span").forEach((span) => {
    const marks = [/(^|[;\s])font-weight:\s*(bold|[6-9]00)/.test(styleOf(span)) && "strong", /font-style:\s*italic/.test(styleOf(span)) && "em"]
    for (const mark of marks.filter(Boolean)) {
      const marked = document.createElement(mark)
      marked.append(...span.childNodes)
      span.append(marked)
    }
    unwrap(span)
  })
  body.querySelectorAll(":scope > br").forEach((br) => br.remove())
  body.querySelectorAll("table").forEach((table) => table.querySelector("td, th") || unwrap(table)) // the editor stumbles over it
  level(body)
  body.querySelectorAll("thead td").forEach((cell) => {
    const head = document.createElement("th")
    head.append(...cell.childNodes)
    for (const name of ["colspan", "rowspan"]) if (cell.hasAttribute(name)) head.setAttribute(name, cell.getAttribute(name))
    cell.replaceWith(head)
  })
  return body.innerHTML
}

// The highest heading of what is pasted becomes the first that fits, all below it the second.
function level(body) {
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  const highest = headings.map((heading) => heading.tagName).sort()[0]
  for (const heading of headings) {
    const fitting = document.createElement(heading.tagName === highest ? "h3" : "h4")
    fitting.append(...heading.childNodes)
    heading.replaceWith(fitting)
  }
}

function fromWord(body) {
  body.querySelectorAll("*").forEach((e) => e.tagName.includes(":") && unwrap(e)) // <o:p> and its like
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[\u00a0\s]+/g, " ")

  let lists = [] // open lists, the outermost first
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, table, ul, ol")]) {
    const item = listed(paragraph)
    if (!item) {
      if (!paragraph.closest("li")) lists = []
      if (paragraph.tagName === "P" && !paragraph.textContent.trim() && !paragraph.closest("td, th")) paragraph.remove()
      continue
    }
    lists.length = Math.min(lists.length, item.level)
    if (lists.length === item.level && lists.at(-1).tagName !== item.tag && item.level === 1) lists.length = 0
    while (lists.length < item.level) {
      const list = document.createElement(item.tag)
      const outer = lists.at(-1)
      if (outer) (outer.lastElementChild || outer.appendChild(document.createElement("li"))).append(list)
      else paragraph.before(list)
      lists.push(list)
    }
    const entry = document.createElement("li")
    lists.at(-1).append(entry)
    entry.append(paragraph) // leaves its place among the paragraphs
  }
}

// How deep a paragraph stands in a list of Word, and in which kind, after taking off the mark that Word typed for it.
function listed(paragraph) {
  const found = /mso-list:\s*l\d+\s+level(\d+)/.exec(styleOf(paragraph))
  if (paragraph.tagName !== "P" || !(found || /^MsoListParagraph/.test(paragraph.className))) return null
  const typed = paragraph.querySelector("[data-dressed*='mso-list:Ignore'], [data-dressed*='mso-list: Ignore']")
  const mark = typed ? typed.textContent.trim() : (/^\s*(\S{1,5})\s/.exec(paragraph.textContent) || ["", ""])[1]
  const numbered = /^\(?(\d+|[a-z]|[ivx]+)[.)]$/i.test(mark)
  if (!BULLET.test(mark) && !numbered) return null
  if (typed) typed.remove()
  else {
    const first = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    while (first.nextNode()) {
      const text = first.currentNode
      if (!text.data.trim()) continue
      text.data = text.data.replace(/^\s*\S{1,5}\s*/, "")
      break
    }
  }
  return { level: Number(found?.[1] || 1), tag: numbered ? "OL" : "UL" }
}

export const CleanPaste = Extension.create({
  name: "cleanPaste",

  addProseMirrorPlugins() {
    return [new Plugin({ props: { transformPastedHTML: clean } })]
  },
})
