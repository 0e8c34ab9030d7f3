// The closed set an article may be made of, as ProseMirror sees it. The server's ArticleBody has the last word.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

/** Kinds of call-outs, in the order of the menu. */
export const calloutKinds = ["note", "tip", "warning"];

const cells = tableNodes({ tableGroup: "block inner", cellContent: "inline*", cellAttributes: {} });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block inner", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      attrs: { level: { default: 2 } },
      content: "text*",
      marks: "em code link",
      group: "block",
      defining: true,
      parseDOM: [
        { tag: "h1", attrs: { level: 2 } },
        { tag: "h2", attrs: { level: 2 } },
        { tag: "h3", attrs: { level: 3 } },
        { tag: "h4", attrs: { level: 3 } },
      ],
      toDOM: (node) => [`h${node.attrs.level}`, 0],
    },
    bullet_list: { content: "list_item+", group: "block inner", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      attrs: { order: { default: 1 } },
      content: "list_item+",
      group: "block inner",
      parseDOM: [{ tag: "ol", getAttrs: (element) => ({ order: Number(element.getAttribute("start")) || 1 }) }],
      toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
    },
    list_item: { content: "paragraph inner*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    blockquote: { content: "inner+", group: "block inner", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    callout: {
      attrs: { kind: { default: "note" } },
      content: "inner+",
      group: "block inner",
      defining: true,
      parseDOM: [{ tag: "aside.callout", getAttrs: (element) => ({ kind: element.getAttribute("data-kind") ?? "note" }) }],
      toDOM: (node) => ["aside", { class: "callout", "data-kind": node.attrs.kind }, 0],
    },
    code_block: {
      attrs: { language: { default: "" } },
      content: "text*",
      marks: "",
      group: "block inner",
      code: true,
      defining: true,
      parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: (element) => ({ language: element.getAttribute("data-language") ?? "" }) }],
      toDOM: (node) => ["pre", node.attrs.language ? { "data-language": node.attrs.language } : {}, 0],
    },
    video: {
      attrs: { video: {} },
      group: "block inner",
      atom: true,
      draggable: true,
      parseDOM: [{ tag: "figure[data-video]", getAttrs: (element) => ({ video: element.getAttribute("data-video") }) }],
      toDOM: (node) => ["figure", { "data-video": node.attrs.video }],
    },
    rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    ...cells,
    text: { group: "inline" },
    image: {
      attrs: { src: {}, alt: { default: "" }, width: { default: null }, height: { default: null } },
      inline: true,
      group: "inline",
      draggable: true,
      parseDOM: [
        {
          tag: 'img[src^="/help-files/"]',
          getAttrs: (element) => ({
            src: element.getAttribute("src"),
            alt: element.getAttribute("alt") ?? "",
            width: element.getAttribute("width"),
            height: element.getAttribute("height"),
          }),
        },
      ],
      toDOM: (node) => ["img", { ...node.attrs }],
    },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (element) => ({ href: element.getAttribute("href") }) }],
      toDOM: (mark) => ["a", { href: mark.attrs.href }, 0],
    },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

const { nodes, marks } = schema;

/** The parts by name; all of them exist. */
export const part = {
  paragraph: nodes.paragraph,
  heading: nodes.heading,
  bullets: nodes.bullet_list,
  numbers: nodes.ordered_list,
  item: nodes.list_item,
  quote: nodes.blockquote,
  callout: nodes.callout,
  code: nodes.code_block,
  video: nodes.video,
  rule: nodes.rule,
  table: nodes.table,
  row: nodes.table_row,
  cell: nodes.table_cell,
  head: nodes.table_header,
  image: nodes.image,
  lineBreak: nodes.hard_break,
  link: marks.link,
  strong: marks.strong,
  em: marks.em,
  inlineCode: marks.code,
};
