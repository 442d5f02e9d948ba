// Lists as Word writes them: paragraphs with a mark in front, and a style sheet that tells how they are counted.

import { styleOf, unwrap } from "./dressed.js"

const BULLET = /^[·•◦▪■§o–*-]$/
const FORMATS = { "alpha-lower": "a", "alpha-upper": "A", "roman-lower": "i", "roman-upper": "I" }

// How Word numbers its lists, by list and level, as far as its style sheet came along.
export function numbering(html) {
  const levels = html.matchAll(/@list\s+(l\d+):level(\d+)[^{]*\{([^}]*)\}/g)
  const format = (style) => /number-format:\s*([a-z-]+)/.exec(style)?.[1] || "decimal"
  return new Map([...levels].map(([, list, level, style]) => [`${list} ${level}`, format(style)]))
}

export function fromWord(body, formats) {
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
  if (!number) return { level, tag: "UL" }
  return { level, tag: "OL", ...counted(number, formats.get(found && `${found[1]} ${level}`)) }
}

// In what a list counts, and from where. Without a style sheet, a lone “c.” is a letter, but “i.” is a Roman one.
function counted(number, format) {
  if (/\d/.test(number)) return { start: Number(number) }
  const lower = number.toLowerCase()
  const isRoman = format ? format.startsWith("roman") : lower === "i" || lower.length > 1
  const type = FORMATS[format] || (isRoman ? "i" : "a")
  const start = isRoman ? roman(lower) : lower.charCodeAt(0) - 96
  return { type: number === lower ? type : type.toUpperCase(), start }
}

function roman(number) {
  const values = [...number].map((digit) => ({ i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 })[digit])
  return values.reduce((sum, value, i) => sum + (value < values[i + 1] ? -value : value), 0)
}
