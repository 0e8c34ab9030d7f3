// The page on which an article is written. Without this script the plain field in Markdown does the same work.
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { DOMParser, DOMSerializer } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { EditorState } from "prosemirror-state";
import { goToNextCell, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { insertBreak, leaveBelow, setLine, toggleList, toggleQuote } from "./commands.js";
import { keepDraft } from "./draft.js";
import { inserting } from "./insert.js";
import { markdownRules } from "./rules.js";
import { part, schema } from "./schema.js";
import { makeToolbar } from "./toolbar.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-article-editor]"));
if (form) start(form);

/** @param {HTMLFormElement} form */
function start(form) {
  /** @type {Record<string, string>} */
  const texts = JSON.parse(form.dataset.texts ?? "{}");
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-editor-place]"));
  const plain = /** @type {HTMLElement} */ (form.querySelector("[data-plain]"));
  const source = /** @type {HTMLTemplateElement} */ (form.querySelector("[data-body]"));
  const serializer = DOMSerializer.fromSchema(schema);

  const draft = keepDraft(form, () => htmlOf(view.state.doc), texts);
  const remark = /** @type {HTMLElement} */ (form.querySelector("[data-remark]"));
  const insert = inserting({
    paste: form.dataset.paste ?? "",
    longest: Number(form.dataset.longest),
    tooLong: form.dataset.tooLong ?? "",
    files: form.dataset.files ?? "",
    suggestions: form.dataset.suggestions ?? "",
    texts,
    say: (text) => draft.say(text),
    tell: (text) => (remark.textContent = text),
  });
  const toolbar = makeToolbar(texts, insert);

  const view = new EditorView(place, {
    state: EditorState.create({ doc: read(source.content), plugins: plugins() }),
    attributes: {
      id: "article-body",
      class: "article-text",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": texts.body ?? "",
      lang: form.dataset.language ?? "",
      spellcheck: "true",
    },
    // Before the editor's own handlers: those would parse what is pasted with all its styles.
    handleDOMEvents: {
      paste: (current, event) => insert.handlePaste(current, event),
      drop: (current, event) => insert.handleDrop(current, event),
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      toolbar.update(view);
      if (transaction.docChanged) draft.changed();
    },
  });
  place.before(toolbar.bar);
  place.hidden = false;
  plain.hidden = true;
  plain.querySelector("textarea")?.removeAttribute("name");
  toolbar.update(view);
  draft.begin();
  restore();
  document.documentElement.dataset.ready = "true";

  function plugins() {
    return [
      markdownRules(),
      keymap({
        "Mod-z": undo,
        "Mod-y": redo,
        "Shift-Mod-z": redo,
        Backspace: undoInputRule,
        "Mod-b": toggleMark(part.strong),
        "Mod-i": toggleMark(part.em),
        "Mod-e": toggleMark(part.inlineCode),
        "Mod-k": (_state, _dispatch, current) => Boolean(current && (void insert.link(current), true)),
        "Mod-Alt-0": setLine("text"),
        "Mod-Alt-2": setLine("heading"),
        "Mod-Alt-3": setLine("subheading"),
        "Mod-Shift-7": toggleList(part.numbers),
        "Mod-Shift-8": toggleList(part.bullets),
        "Mod-Shift-9": toggleQuote,
        "Mod-s": () => (void draft.save(), true),
        ArrowDown: leaveBelow,
        // Out of the text by keyboard: the Tab key moves in lists and tables.
        "Alt-F10": () => (toolbar.focus(), true),
        Enter: splitListItem(part.item),
        "Shift-Enter": chainCommands(exitCode, insertBreak),
        "Mod-Enter": chainCommands(exitCode, insertBreak),
        Tab: chainCommands(goToNextCell(1), sinkListItem(part.item)),
        "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(part.item)),
      }),
      keymap(baseKeymap),
      dropCursor({ class: "drop-cursor", color: false }),
      gapCursor(),
      tableEditing(),
      history(),
    ];
  }

  function restore() {
    const kept = draft.unsaved();
    if (!kept) return;
    /** @type {HTMLInputElement} */ (form.elements.namedItem("Title")).value = kept.Title;
    /** @type {HTMLInputElement} */ (form.elements.namedItem("Summary")).value = kept.Summary;
    const holder = document.implementation.createHTMLDocument("").createElement("div");
    holder.innerHTML = kept.Body;
    view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, read(holder).content));
    draft.changed();
    draft.say(texts.restored ?? "");
  }

  /** @param {import("prosemirror-model").Node} doc */
  function htmlOf(doc) {
    const holder = document.createElement("div");
    holder.append(serializer.serializeFragment(doc.content));
    return holder.innerHTML;
  }
}

/** @param {Node} dom */
function read(dom) {
  return DOMParser.fromSchema(schema).parse(dom);
}
