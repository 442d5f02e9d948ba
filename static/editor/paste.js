// What is pasted comes clean: Word's paragraphs with bullets become lists, headings get the levels that fit the page,
// and what only dressed the text is gone. What may be missed is named beside the editor. Plain text stays plain.
// The editor drops every tag and style that it does not know by itself.

import { crel, Extension, Plugin } from "django-prose-editor/editor"

import { read, rename, styleOf, undressed, unwrap } from "./dressed.js"
import { HOW_TO_ADD, leaveOut, noteLooks, told } from "./lost.js"
import { fromWord, numbering } from "./word.js"

function clean(html, lost) {
  if (html.includes("data-pm-slice")) return undressed(html) // copied inside the editor
  const body = read(html)
  leaveOut(body, lost)
  if (/class="?Mso|mso-|urn:schemas-microsoft-com/.test(html)) fromWord(body, numbering(html))
  noteLooks(body, lost)
  undress(body)
  body.querySelectorAll(":scope > br").forEach((br) => br.remove()) // Google Docs puts them between blocks
  level(body)
  body.querySelectorAll("ol").forEach(letter)
  direct(body)
  body.querySelectorAll("table").forEach(tidy)
  return body.innerHTML
}

const LOOKS = {
  strong: /(^|[;\s])font-weight:\s*(bold|[6-9]00)/,
  em: /font-style:\s*italic/,
  sup: /vertical-align:\s*super/,
  sub: /vertical-align:\s*sub(?!er)/,
}

function undress(body) {
  // Google Docs wraps everything in a <b> that is not bold, and says what is bold in styles.
  body.querySelectorAll("b, strong").forEach((b) => /(^|[;\s])font-weight:\s*(normal|400)/.test(styleOf(b)) && unwrap(b))
  body.querySelectorAll("span").forEach((span) => {
    for (const mark of Object.keys(LOOKS).filter((mark) => LOOKS[mark].test(styleOf(span)))) {
      const marked = document.createElement(mark)
      marked.append(...span.childNodes)
      span.append(marked)
    }
    unwrap(span)
  })
}

// The highest heading of what is pasted becomes the first that fits, all below it the second.
function level(body) {
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  const highest = headings.map((heading) => heading.tagName).sort()[0]
  headings.forEach((heading) => rename(heading, heading.tagName === highest ? "h3" : "h4"))
}

const LETTERS = {
  ...{ "lower-alpha": "a", "lower-latin": "a", "lower-roman": "i" },
  ...{ "upper-alpha": "A", "upper-latin": "A", "upper-roman": "I" },
}

// Google Docs writes the letters of a list as a style of its items.
function letter(list) {
  const styles = [list, ...list.children].map(styleOf).join(";")
  const type = LETTERS[/list-style-type:\s*([a-z-]+)/.exec(styles)?.[1]]
  if (type && !list.type) list.type = type
}

// The direction of a whole document or list is that of its paragraphs.
function direct(body) {
  const styled = (element) => /(?:^|[;\s])direction:\s*(rtl|ltr)/.exec(styleOf(element))?.[1]
  const towards = (element) => (element.getAttribute("dir") || styled(element) || "").toLowerCase()
  const blocks = [...body.querySelectorAll("p, h3, h4, ul, ol, table")]
  const directions = blocks.map((block) => {
    let around = block
    while (around && !towards(around)) around = around.parentElement
    return around && towards(around)
  })
  blocks.forEach((block, i) => (directions[i] === "rtl" ? (block.dir = "rtl") : block.removeAttribute("dir")))
}

function tidy(table) {
  if (!table.querySelector("td, th")) return unwrap(table) // the editor stumbles over it
  table.querySelectorAll("thead td").forEach((cell) => (rename(cell, "th").scope = "col"))
  table.querySelectorAll("colgroup, col").forEach((column) => column.remove())
  for (const name of ["align", "width"]) table.querySelectorAll(`[${name}]`).forEach((cell) => cell.removeAttribute(name))
}

export const CleanPaste = Extension.create({
  name: "cleanPaste",

  onCreate({ editor }) {
    this.storage.note = crel("p", { className: "paste-note", role: "status" })
    editor.view.dom.closest(".prose-editor").after(this.storage.note)
  },

  addProseMirrorPlugins() {
    const tell = (words) => (this.storage.note.textContent = words)
    const forget = () => void tell("")
    // A file alone: the browser would open it in place of the form, and the editor would say nothing.
    const refuse = (event, data) => {
      if (!data?.files.length || data.types.some((type) => /^text\/(html|plain)$/.test(type))) return false
      event.preventDefault()
      tell(`You can’t paste a file into a text. ${HOW_TO_ADD}`)
      return true
    }
    return [
      new Plugin({
        props: {
          handleDOMEvents: { paste: forget, drop: forget },
          handlePaste: (view, event) => refuse(event, event.clipboardData),
          handleDrop: (view, event) => refuse(event, event.dataTransfer),
          // At its ends, what is pasted takes on the paragraph around it, but for one that runs the other way.
          transformPasted({ constructor: Slice, content, openStart, openEnd }) {
            const turns = (paragraph) => paragraph?.attrs.dir === "rtl"
            return new Slice(content, turns(content.firstChild) ? 0 : openStart, turns(content.lastChild) ? 0 : openEnd)
          },
          transformPastedHTML(html) {
            const lost = new Map()
            const cleaned = clean(html, lost)
            tell(told(lost))
            return cleaned
          },
        },
      }),
    ]
  },
})
