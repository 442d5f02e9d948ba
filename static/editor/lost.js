// What a text loses when it is pasted, and the words in which the person is told.

import { styleOf, unwrap } from "./dressed.js"

// The marks of notes in Word, LibreOffice and Google Docs, and the lists of them at the end of a document.
const MARKS = {
  comment: ".MsoCommentReference, .msocomanchor, a[href*='#cmnt']",
  footnote: "a[href*='#_ftn'], a[href*='#_edn'], a[href*='#sdfootnote'], a[href*='#sdendnote'], a[href*='#ftnt']",
}
const LISTS = ["comment", "footnote", "endnote"].map((kind) => `[data-dressed*='mso-element:${kind}']`)
const NOTES = [...LISTS, "div[id^='sdfootnote']", "div[id^='sdendnote']"].join()
const CROSSED_OUT = /text-decoration[^;]*line-through/
const HIDDEN = /display:\s*none|mso-hide:\s*all/
const FOLLOWED = /^\s*(https?:|mailto:|tel:|ftp:|\/)/i

// Takes out of `body` what no text can hold, and counts it in `lost`, by what it is.
export function leaveOut(body, lost) {
  const take = (what, elements) => {
    for (const element of [...elements]) {
      if (!element.isConnected) continue // it went with one around it
      element.remove()
      lost.set(what, (lost.get(what) || 0) + 1)
    }
  }
  body.querySelectorAll(NOTES).forEach((note) => note.remove())
  for (const [what, marks] of Object.entries(MARKS)) {
    const isBack = (mark) => /ref|anc$/.test(mark.hash || "") // a note begins with a link back to its mark
    body.querySelectorAll(marks).forEach((mark) => isBack(mark) && (mark.closest("div, li, p") || mark).remove())
    take(what, [...body.querySelectorAll(marks)].map((mark) => mark.closest("sup") || mark))
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

const COLOR = /(?:^|[;\s])(?:color|background|background-color|mso-highlight):\s*([^;]+)/g
const COLORLESS = /^(black|white|windowtext|auto|none|transparent|inherit|initial|currentcolor|gr[ae]y|var\(.*)$/i

// Whether a color says more than light or dark, as in a warning in red.
function isColored(color) {
  const hex = /^#(..?)(..?)(..?)$/.exec(color)?.slice(1).map((part) => parseInt(part.padEnd(2, part), 16))
  const parts = hex || /^rgba?\(([\d.,\s]+)/.exec(color)?.[1].split(",").slice(0, 3).map(Number)
  return parts ? Math.max(...parts) - Math.min(...parts) > 60 : !COLORLESS.test(color)
}

// Looks that may have meant something go without a trace, so they are counted, too.
export function noteLooks(body, lost) {
  const inLink = (element) => element.closest("a") || element.querySelector("a")
  for (const element of body.querySelectorAll("[data-dressed], font[color], mark, u")) {
    if (!element.textContent.trim() || inLink(element)) continue
    const style = styleOf(element)
    const colors = [...style.matchAll(COLOR)].map((match) => match[1].trim())
    if (element.matches("font[color]")) colors.push(element.getAttribute("color"))
    if (element.matches("mark") || colors.some(isColored)) lost.set("color", 1)
    if (element.matches("u") || /text-decoration[^;]*underline/.test(style)) lost.set("underline", 1)
  }
}

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
export const HOW_TO_ADD = "To add a picture, upload it under Pictures, then choose it with Insert …"

export function told(lost) {
  const named = Object.keys(WORDS).filter((what) => lost.has(what))
  if (!named.length) return ""
  const all = named.map((what) => {
    const [one, several = () => one] = WORDS[what]
    return lost.get(what) > 1 ? several(lost.get(what)) : one
  })
  const joined = all.length > 2 ? `${all.slice(0, -1).join(", ")}, and ${all.at(-1)}` : all.join(" and ")
  const more = lost.has("picture") ? ` ${HOW_TO_ADD}` : ""
  return `Pasted without ${joined}. Check that the text still says what it should.${more}`
}
