// What a text may hold, where the editor's own idea of it differs from ours. portal/publishing/markup.py is the other
// side: it writes a text exactly as this does, so that a text that nobody touched comes back unchanged.

import {
  Bold as BaseBold,
  Extension,
  Italic as BaseItalic,
  mergeAttributes,
  OrderedList as BaseOrderedList,
  Table as BaseTable,
  TableHeader as BaseTableHeader,
  updateAttrsDialog,
} from "django-prose-editor/editor"

// Stars and underscores in what is pasted are part of it: “CYP2C19 *2/*3”.
export const Bold = BaseBold.extend({ addPasteRules: () => [] })
export const Italic = BaseItalic.extend({ addPasteRules: () => [] })

const TYPES = { a: "lower-alpha", A: "upper-alpha", i: "lower-roman", I: "upper-roman" } // in HTML and as a style

export const OrderedList = BaseOrderedList.extend({
  // Without this, plain text that is pasted turns “E. coli” into the fifth item of a list.
  addProseMirrorPlugins: () => [],

  addAttributes() {
    const parseHTML = (list) => TYPES[list.getAttribute("type")] || "decimal"
    const written = (style) => Object.keys(TYPES).find((type) => TYPES[type] === style)
    const renderHTML = ({ type }) => (written(type) ? { type: written(type) } : {})
    return { ...this.parent(), type: { default: "decimal", parseHTML, renderHTML } }
  },
})

export const TableHeader = BaseTableHeader.extend({
  addAttributes() {
    return { ...this.parent(), scope: { default: null } }
  },
})

// A caption is an attribute of its table: the engine of tables knows nothing in them but rows.
const askForCaption = updateAttrsDialog(
  { caption: { title: "Caption" } },
  { title: "Caption of the table", submitText: "Set caption" },
)

export const Table = BaseTable.extend({
  addAttributes() {
    const words = (caption) => caption?.textContent.trim().replace(/\s+/g, " ") || null
    const parseHTML = (table) => words(table.querySelector(":scope > caption"))
    return { ...this.parent?.(), caption: { default: null, parseHTML, rendered: false } }
  },

  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],

  renderHTML({ node, HTMLAttributes }) {
    const caption = node.attrs.caption ? [["caption", node.attrs.caption]] : []
    return ["table", mergeAttributes(this.options.HTMLAttributes, HTMLAttributes), ...caption, ["tbody", 0]]
  },

  addNodeView() {
    const base = this.parent()
    return (props) => {
      const view = base(props)
      const caption = document.createElement("caption")
      caption.contentEditable = "false"
      view.table.prepend(caption)
      const show = ({ attrs }) => {
        caption.textContent = attrs.caption || ""
        caption.hidden = !attrs.caption
      }
      const update = view.update
      view.update = (node) => update(node) && (show(node), true)
      show(props.node)
      return view
    }
  },

  addMenuItems({ editor, menu, buttons }) {
    this.parent({ editor, menu, buttons })
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      hidden: (editor) => !editor.isActive("table"),
      button: buttons.text("Caption …", "Caption of the table"),
      async command(editor) {
        const chosen = await askForCaption(editor, editor.getAttributes("table"))
        const caption = chosen?.caption.trim() || null
        if (chosen) editor.chain().focus().updateAttributes("table", { caption }).run()
      },
    })
  },
})

// Text that runs from right to left, such as a few lines in Arabic or Hebrew.
export const Direction = Extension.create({
  name: "direction",

  addGlobalAttributes() {
    const parseHTML = (element) => (element.getAttribute("dir") === "rtl" ? "rtl" : null)
    return [
      {
        types: ["paragraph", "heading", "bulletList", "orderedList", "table"],
        attributes: { dir: { default: null, parseHTML, renderHTML: ({ dir }) => (dir ? { dir } : {}) } },
      },
    ]
  },
})
