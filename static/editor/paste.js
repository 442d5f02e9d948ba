// What is pasted comes clean: Word's paragraphs with bullets become lists, headings get the levels that fit the page,
// and what only dressed the text is gone. What may be missed is named beside the editor. Plain text stays plain.
// The editor drops every tag and style that it does not know by itself.

import { crel, Extension, Plugin } from "django-prose-editor/editor"

// Styles are read, but never applied: the page's policy would refuse each of them, and say so.
const styleOf = (element) => element.dataset.dressed || ""

const unwrap = (element) => element.replaceWith(...element.childNodes)

function rename(element, tag) {
  const renamed = document.createElement(tag)
  renamed.append(...element.childNodes)
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value)
  element.replaceWith(renamed)
  return renamed
}

// `lost` counts what the text loses, by what it is.
function clean(html, lost) {
  const plain = html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s|["'])style\s*=/gi, "$1 data-dressed="))
  if (html.includes("data-pm-slice")) return plain // copied inside the editor
  const { body } = new DOMParser().parseFromString(plain, "text/html")
  body.querySelectorAll("script, meta, link, title, xml").forEach((e) => e.remove())
  const remarks = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const found = []
  while (remarks.nextNode()) found.push(remarks.currentNode)
  found.forEach((remark) => remark.remove())

  leaveOut(body, lost)
  if (/class="?Mso|mso-|urn:schemas-microsoft-com/.test(html)) fromWord(body, numbering(html))
  undress(body, lost)
  body.querySelectorAll(":scope > br").forEach((br) => br.remove())
  level(body)
  body.querySelectorAll("ol").forEach(letter)
  direct(body)
  body.querySelectorAll("table").forEach(tidy)
  return body.innerHTML
}

// What has no place in a text -----------------------------------------------------------------------

const NOTES = "a[href*='#_ftn'], a[href*='#_edn'], a[href*='#sdfootnote'], a[href*='#sdendnote'], a[href*='#ftnt']"
const NOTE_LISTS = "[data-dressed*='mso-element:footnote'], [data-dressed*='mso-element:endnote'], div[id^='sdfootnote'], div[id^='sdendnote']"
const COMMENTS = "[data-dressed*='mso-element:comment'], .MsoCommentReference, .msocomanchor, a[href*='#cmnt']"
const CROSSED_OUT = /text-decoration[^;]*line-through/
const HIDDEN = /display:\s*none|mso-hide:\s*all/
const FOLLOWED = /^\s*(https?:|mailto:|tel:|ftp:|\/)/i

function leaveOut(body, lost) {
  const take = (what, elements) => {
    for (const element of [...elements]) {
      if (!element.isConnected) continue // it went with one around it
      element.remove()
      lost.set(what, (lost.get(what) || 0) + 1)
    }
  }
  // A note at the foot of a document begins with a link back to its mark.
  const noteOf = (a) => (/ref|anc$/.test(a.hash) ? a.closest("div, li, p") : a.closest("sup")) || a
  body.querySelectorAll(NOTE_LISTS).forEach((list) => list.remove())
  for (const [what, marks] of [["comment", COMMENTS], ["footnote", NOTES]]) {
    const all = [...body.querySelectorAll(marks)]
    const notes = all.filter((mark) => mark.hash && /ref|anc$/.test(mark.hash))
    notes.forEach((back) => noteOf(back).remove())
    take(what, new Set(all.filter((mark) => !notes.includes(mark)).map((mark) => (mark.hash ? noteOf(mark) : mark))))
  }
  take("crossed-out", body.querySelectorAll("del, s, strike, .msoDel"))
  const dressed = [...body.querySelectorAll("[data-dressed]")]
  take("crossed-out", dressed.filter((e) => CROSSED_OUT.test(styleOf(e))))
  take("hidden", dressed.filter((e) => HIDDEN.test(styleOf(e)) && e.textContent.trim()))
  take("picture", body.querySelectorAll("img:not([width='1']), svg, canvas"))
  take("formula", [...body.querySelectorAll("*")].filter((e) => /^(math|m:omath)$/i.test(e.tagName)))
  take("media", body.querySelectorAll("video, audio, iframe, embed, object"))
  take("control", body.querySelectorAll("button, input, select, textarea"))
  const links = [...body.querySelectorAll("a[href]")].filter((a) => !FOLLOWED.test(a.getAttribute("href")))
  links.forEach(unwrap)
  if (links.length) lost.set("link", links.length)
}

// What the words look like --------------------------------------------------------------------------

const LOOKS = {
  strong: /(^|[;\s])font-weight:\s*(bold|[6-9]00)/,
  em: /font-style:\s*italic/,
  sup: /vertical-align:\s*super/,
  sub: /vertical-align:\s*sub(?!er)/,
}
const COLORLESS = /^(black|white|windowtext|auto|none|transparent|inherit|initial|currentcolor|gr[ae]y|var\(.*)$/i

// Whether a color says more than light or dark, as in a warning in red.
function isColored(color) {
  const hex = /^#(..?)(..?)(..?)$/.exec(color)?.slice(1).map((part) => parseInt(part.padEnd(2, part), 16))
  const parts = hex || /^rgba?\(([\d.,\s]+)/.exec(color)?.[1].split(",").slice(0, 3).map(Number)
  return parts ? Math.max(...parts) - Math.min(...parts) > 60 : !COLORLESS.test(color)
}

function undress(body, lost) {
  const inLink = (element) => element.closest("a") || element.querySelector("a")
  const colors = (style) => [...style.matchAll(/(?:^|[;\s])(?:color|background|background-color|mso-highlight):\s*([^;]+)/g)]
  for (const element of body.querySelectorAll("[data-dressed], [color], mark, u")) {
    const style = styleOf(element)
    const said = colors(style).map((match) => match[1].trim())
    if (element.matches("font[color]")) said.push(element.getAttribute("color"))
    if (!element.textContent.trim() || inLink(element)) continue
    if (element.matches("mark") || said.some(isColored)) lost.set("color", 1)
    if (element.matches("u") || /text-decoration[^;]*underline/.test(style)) lost.set("underline", 1)
  }
  // Google Docs wraps everything in a <b> that is not bold, says what is bold in styles, and puts line ends between blocks.
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

// Headings, lists, direction, tables ------------------------------------------------------------------

// The highest heading of what is pasted becomes the first that fits, all below it the second.
function level(body) {
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  const highest = headings.map((heading) => heading.tagName).sort()[0]
  headings.forEach((heading) => rename(heading, heading.tagName === highest ? "h3" : "h4"))
}

const LETTERS = { "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I" }

// Google Docs writes the letters of a list as a style of its items.
function letter(list) {
  const styles = [list, ...list.children].map(styleOf).join(";")
  const type = LETTERS[/list-style-type:\s*([a-z-]+)/.exec(styles)?.[1]]
  if (type && !list.type) list.type = type
}

// The direction of a whole document or list is that of its paragraphs.
function direct(body) {
  const towards = (e) => (e.getAttribute("dir") || /(?:^|[;\s])direction:\s*(rtl|ltr)/.exec(styleOf(e))?.[1] || "").toLowerCase()
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
  table.querySelectorAll("[align], [width]").forEach((cell) => ["align", "width"].forEach((name) => cell.removeAttribute(name)))
}

// Lists of Word -----------------------------------------------------------------------------------------

const BULLET = /^[·•◦▪■§o–*-]$/
const FORMATS = { "alpha-lower": "a", "alpha-upper": "A", "roman-lower": "i", "roman-upper": "I" }

// How Word numbers its lists, by list and level, as far as its style sheet came along.
function numbering(html) {
  const levels = html.matchAll(/@list\s+(l\d+):level(\d+)[^{]*\{([^}]*)\}/g)
  return new Map([...levels].map(([, list, level, style]) => [`${list} ${level}`, /number-format:\s*([a-z-]+)/.exec(style)?.[1] || "decimal"]))
}

function fromWord(body, formats) {
  body.querySelectorAll("*").forEach((e) => e.tagName.includes(":") && unwrap(e)) // <o:p> and its like
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[\u00a0\s]+/g, " ")

  let lists = [] // open lists, the outermost first
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, table, ul, ol")]) {
    const item = listed(paragraph, formats)
    if (!item) {
      if (!paragraph.closest("li")) lists = []
      if (paragraph.tagName === "P" && !paragraph.textContent.trim() && !paragraph.closest("td, th")) paragraph.remove()
      continue
    }
    lists.length = Math.min(lists.length, item.level)
    if (lists.length === item.level && lists.at(-1).tagName !== item.tag && item.level === 1) lists.length = 0
    while (lists.length < item.level) {
      const list = document.createElement(item.tag)
      if (item.type) list.type = item.type
      if (item.start > 1) list.start = item.start
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
function listed(paragraph, formats) {
  const found = /mso-list:\s*(l\d+)\s+level(\d+)/.exec(styleOf(paragraph))
  if (paragraph.tagName !== "P" || !(found || /^MsoListParagraph/.test(paragraph.className))) return null
  const typed = paragraph.querySelector("[data-dressed*='mso-list:Ignore'], [data-dressed*='mso-list: Ignore']")
  const mark = typed ? typed.textContent.trim() : (/^\s*(\S{1,5})\s/.exec(paragraph.textContent) || ["", ""])[1]
  const number = /^\(?(\d+|[a-z]|[ivxlcdm]+)[.)]$/i.exec(mark)?.[1]
  if (!BULLET.test(mark) && !number) return null
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
  const level = Number(found?.[2] || 1)
  return number ? { level, tag: "OL", ...counted(number, formats.get(found && `${found[1]} ${level}`)) } : { level, tag: "UL" }
}

// In what a list counts, and from where. Without a style sheet, a lone “c.” is a letter, but “i.” is a Roman one.
function counted(number, format) {
  if (/\d/.test(number)) return { start: Number(number) }
  const lower = number.toLowerCase()
  const isRoman = format ? format.startsWith("roman") : lower === "i" || lower.length > 1
  const type = FORMATS[format] || (isRoman ? "i" : "a")
  return { type: number === lower ? type : type.toUpperCase(), start: isRoman ? roman(lower) : lower.charCodeAt(0) - 96 }
}

function roman(number) {
  const values = [...number].map((digit) => ({ i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 })[digit])
  return values.reduce((sum, value, i) => sum + (value < values[i + 1] ? -value : value), 0)
}

// What is said of it ------------------------------------------------------------------------------------

const WORDS = {
  picture: ["1 picture", (n) => `${n} pictures`],
  footnote: ["1 footnote", (n) => `${n} footnotes`],
  comment: ["1 comment", (n) => `${n} comments`],
  "crossed-out": ["crossed-out text"],
  hidden: ["hidden text"],
  formula: ["1 formula", (n) => `${n} formulas`],
  media: ["video, sound, or embedded pages"],
  control: ["buttons and form fields"],
  link: ["1 link that works only where it came from", (n) => `${n} links that work only where they came from`],
  color: ["colors or highlighting"],
  underline: ["underlining"],
}
const HOW_TO_ADD = "To add a picture, upload it under Pictures, then choose it with Insert …"

function told(lost) {
  const named = Object.keys(WORDS).filter((what) => lost.has(what))
  if (!named.length) return ""
  const all = named.map((what) => (lost.get(what) > 1 && WORDS[what][1] ? WORDS[what][1](lost.get(what)) : WORDS[what][0]))
  const joined = all.length > 2 ? `${all.slice(0, -1).join(", ")}, and ${all.at(-1)}` : all.join(" and ")
  return `Pasted without ${joined}. Check that the text still says what it should.${lost.has("picture") ? ` ${HOW_TO_ADD}` : ""}`
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
      tell(`A file cannot be put into a text. ${HOW_TO_ADD}`)
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
