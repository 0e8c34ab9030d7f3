// What the toolbar and the keys do.
import { setBlockType, wrapIn, lift } from "prosemirror-commands";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { part } from "./schema.js";

/** @typedef {import("prosemirror-state").Command} Command */
/** @typedef {import("prosemirror-state").EditorState} EditorState */
/** @typedef {import("prosemirror-model").NodeType} NodeType */

/**
 * The innermost node of a kind around the selection.
 * @param {EditorState} state
 * @param {NodeType[]} types
 */
export function around(state, ...types) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (types.includes(node.type)) return { node, position: $from.before(depth) };
  }
  return null;
}

/** A list, another kind of list, or none. @param {NodeType} type @returns {Command} */
export const toggleList = (type) => (state, dispatch, view) => {
  const list = around(state, part.bullets, part.numbers);
  if (!list) return wrapInList(type)(state, dispatch);
  if (list.node.type === type) return liftListItem(part.item)(state, dispatch, view);
  dispatch?.(state.tr.setNodeMarkup(list.position, type));
  return true;
};

/** Wraps in a quote or takes it away. @type {Command} */
export const toggleQuote = (state, dispatch, view) => (around(state, part.quote) ? lift(state, dispatch, view) : wrapIn(part.quote)(state, dispatch, view));

/** A call-out of a kind; the same kind again takes it away. @param {string} kind @returns {Command} */
export const toggleCallout = (kind) => (state, dispatch, view) => {
  const callout = around(state, part.callout);
  if (!callout) return wrapIn(part.callout, { kind })(state, dispatch, view);
  if (callout.node.attrs.kind === kind) return lift(state, dispatch, view);
  dispatch?.(state.tr.setNodeMarkup(callout.position, null, { kind }));
  return true;
};

/** What a line is. @param {"text" | "heading" | "subheading" | "code-block"} kind @returns {Command} */
export const setLine = (kind) => (state, dispatch) => {
  if (kind === "heading") return setBlockType(part.heading, { level: 2 })(state, dispatch);
  if (kind === "subheading") return setBlockType(part.heading, { level: 3 })(state, dispatch);
  return setBlockType(kind === "code-block" ? part.code : part.paragraph)(state, dispatch);
};

/** @param {EditorState} state */
export function lineKind(state) {
  const line = state.selection.$from.parent;
  if (line.type === part.heading) return line.attrs.level === 2 ? "heading" : "subheading";
  return line.type === part.code ? "code-block" : "text";
}

/** Three columns, a heading row and two more. @type {Command} */
export const insertTable = (state, dispatch) => {
  const row = (/** @type {NodeType} */ cell) => part.row.create(null, Array.from({ length: 3 }, () => cell.createAndFill()).filter((made) => made !== null));
  const table = part.table.create(null, [row(part.head), row(part.cell), row(part.cell)]);
  if (dispatch) {
    const start = state.selection.from;
    const tr = state.tr.replaceSelectionWith(table);
    // Into the first cell, wherever the table found its place.
    tr.doc.nodesBetween(Math.max(0, start - 2), tr.doc.content.size, (node, position) => {
      if (node.type !== part.head || tr.selection.$from.parent.type === part.head) return true;
      tr.setSelection(TextSelection.create(tr.doc, position + 1));
      return false;
    });
    dispatch(tr.scrollIntoView());
  }
  return true;
};

/** @type {Command} */
export const insertRule = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(part.rule.create()).scrollIntoView());
  return true;
};

/**
 * Down from a block of code, a table, a quote or a call-out that ends the article: a new line below it. Without it nobody who does not
 * know a key for it gets out again.
 * @type {Command}
 */
export const leaveBelow = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const last = $from.depth > 0 && $from.indexAfter(0) === state.doc.childCount ? $from.node(1) : null;
  if (!empty || !last || ![part.code, part.table, part.quote, part.callout].includes(last.type) || (view && !view.endOfTextblock("down"))) return false;
  // In a table the last row only, in what holds several lines the last line only.
  for (let depth = 1; depth < $from.depth; depth++) if ($from.node(depth).type !== part.row && $from.indexAfter(depth) < $from.node(depth).childCount) return false;
  const end = state.doc.content.size;
  const tr = state.tr.insert(end, part.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};

/** @type {Command} */
export const insertBreak = (state, dispatch) => {
  if (state.selection.$from.parent.type === part.heading || state.selection.$from.parent.type === part.code) return false;
  dispatch?.(state.tr.replaceSelectionWith(part.lineBreak.create()).scrollIntoView());
  return true;
};
