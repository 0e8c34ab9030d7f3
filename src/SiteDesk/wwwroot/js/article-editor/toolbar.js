// The toolbar: named buttons, one stop of the Tab key, arrows between them.
import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem } from "prosemirror-schema-list";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable, toggleHeaderRow } from "prosemirror-tables";
import { around, insertRule, insertTable, lineKind, setLine, toggleCallout, toggleList, toggleQuote } from "./commands.js";
import { calloutKinds, part } from "./schema.js";

/** @typedef {import("prosemirror-state").Command} Command */
/** @typedef {import("prosemirror-view").EditorView} EditorView */
/** @typedef {{ name: string, sign?: string, icon?: string, keys?: string, command?: Command, open?: (view: EditorView) => unknown, pressed?: (view: EditorView) => boolean }} Tool */

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** @param {string} keys */
const keysForPeople = (keys) => keys.replace("Mod", isMac ? "⌘" : "Ctrl").replaceAll("-", isMac ? "" : "+");

/** @param {import("prosemirror-model").MarkType} mark @returns {(view: EditorView) => boolean} */
const hasMark = (mark) => (view) => {
  const { from, to, empty, $from } = view.state.selection;
  return empty ? Boolean(mark.isInSet(view.state.storedMarks ?? $from.marks())) : view.state.doc.rangeHasMark(from, to, mark);
};

/**
 * @param {Record<string, string>} texts
 * @param {{ picture: (view: EditorView) => unknown, link: (view: EditorView) => unknown, video: (view: EditorView) => unknown }} insert
 */
export function makeToolbar(texts, insert) {
  /** @type {Tool[][]} */
  const groups = [
    [
      { name: "bold", sign: "B", keys: "Mod-B", command: toggleMark(part.strong), pressed: hasMark(part.strong) },
      { name: "italic", sign: "I", keys: "Mod-I", command: toggleMark(part.em), pressed: hasMark(part.em) },
      { name: "code", sign: "<>", keys: "Mod-E", command: toggleMark(part.inlineCode), pressed: hasMark(part.inlineCode) },
      { name: "link", icon: "link", keys: "Mod-K", open: insert.link, pressed: hasMark(part.link) },
    ],
    [
      { name: "bullets", icon: "list", keys: "Mod-Shift-8", command: toggleList(part.bullets), pressed: (view) => around(view.state, part.bullets, part.numbers)?.node.type === part.bullets },
      { name: "numbers", sign: "1.", keys: "Mod-Shift-7", command: toggleList(part.numbers), pressed: (view) => around(view.state, part.bullets, part.numbers)?.node.type === part.numbers },
      { name: "outdent", icon: "arrow-left", keys: "Shift-Tab", command: liftListItem(part.item) },
      { name: "indent", icon: "arrow-right", keys: "Tab", command: sinkListItem(part.item) },
      { name: "quote", sign: "❝", keys: "Mod-Shift-9", command: toggleQuote, pressed: (view) => around(view.state, part.quote) !== null },
    ],
    [
      { name: "note", icon: "info", command: toggleCallout("note"), pressed: (view) => around(view.state, part.callout)?.node.attrs.kind === "note" },
      { name: "tip", icon: "spark", command: toggleCallout("tip"), pressed: (view) => around(view.state, part.callout)?.node.attrs.kind === "tip" },
      { name: "warning", icon: "warning", command: toggleCallout("warning"), pressed: (view) => around(view.state, part.callout)?.node.attrs.kind === "warning" },
    ],
    [
      { name: "picture", icon: "image", open: (view) => insert.picture(view) },
      { name: "video", icon: "display", open: insert.video },
      { name: "table", icon: "layers", command: insertTable },
      { name: "rule", icon: "minus", command: insertRule },
    ],
    [
      { name: "undo", icon: "undo", keys: "Mod-Z", command: undo },
      { name: "redo", icon: "refresh", keys: "Mod-Shift-Z", command: redo },
    ],
  ];
  /** @type {Tool[]} */
  const tableTools = [
    { name: "row-above", command: addRowBefore },
    { name: "row-below", command: addRowAfter },
    { name: "row-remove", command: deleteRow },
    { name: "column-before", command: addColumnBefore },
    { name: "column-after", command: addColumnAfter },
    { name: "column-remove", command: deleteColumn },
    { name: "head-row", command: toggleHeaderRow },
    { name: "table-remove", command: deleteTable },
  ].map((tool) => ({ ...tool, sign: texts[tool.name] }));

  const bar = element("div", { class: "editor-bar" });
  const main = element("div", { class: "editor-tools", role: "toolbar", "aria-label": texts.toolbar ?? "", "aria-controls": "article-body" });
  const forTable = element("div", { class: "editor-tools", role: "toolbar", "aria-label": texts["table-tools"] ?? "", "aria-controls": "article-body", hidden: "" });
  const forCode = element("label", { class: "editor-code", hidden: "" }, texts["code-language"] ?? "");
  const language = /** @type {HTMLInputElement} */ (element("input", { class: "input", type: "text", maxlength: "30", autocapitalize: "off", spellcheck: "false" }));
  forCode.append(language);
  bar.append(main, forTable, forCode);

  /** @type {EditorView} */
  let view;
  /** @type {[HTMLElement, Tool][]} */
  const made = [];

  const lines = /** @type {HTMLSelectElement} */ (element("select", { class: "select", "aria-label": texts.text ?? "" }));
  for (const kind of ["text", "heading", "subheading", "code-block"]) lines.append(element("option", { value: kind }, texts[kind] ?? kind));
  lines.addEventListener("change", () => run(setLine(/** @type {any} */ (lines.value))));
  main.append(lines);
  for (const group of groups) {
    const place = element("span", { class: "editor-group" });
    place.append(...group.map(button));
    main.append(place);
  }
  forTable.append(...tableTools.map(button));
  language.addEventListener("change", () => {
    const code = around(view.state, part.code);
    const name = language.value.trim().toLowerCase();
    if (code && /^[a-z0-9+#.-]*$/.test(name)) view.dispatch(view.state.tr.setNodeMarkup(code.position, null, { language: name }));
    view.focus();
  });
  for (const tools of [main, forTable]) rove(tools);

  /** @param {Command} command */
  function run(command) {
    command(view.state, view.dispatch, view);
    view.focus();
  }

  /** @param {Tool} tool */
  function button(tool) {
    const label = texts[tool.name] ?? tool.name;
    const title = tool.keys ? `${label} (${keysForPeople(tool.keys)})` : label;
    const isWord = tool.sign === label;
    const control = element("button", { class: isWord ? "button button-small" : "icon-button", type: "button", title, ...(isWord ? {} : { "aria-label": label }) });
    if (tool.icon) control.innerHTML = `<svg class="icon icon-small" aria-hidden="true" focusable="false"><use href="${sprite()}#${tool.icon}"></use></svg>`;
    else if (isWord) control.append(label);
    // A sign is drawn by the style sheet: the button's name is its label alone.
    else control.append(element("span", { class: `editor-sign sign-${tool.name}`, "data-sign": tool.sign ?? "" }));
    // The selection in the text stays while a button is pressed.
    control.addEventListener("mousedown", (event) => event.preventDefault());
    control.addEventListener("click", () => {
      if (control.getAttribute("aria-disabled") === "true") return;
      if (tool.open) tool.open(view);
      else if (tool.command) run(tool.command);
    });
    made.push([control, tool]);
    return control;
  }

  return {
    bar,
    focus: () => /** @type {HTMLElement} */ (main.querySelector('[tabindex="0"]') ?? lines).focus(),
    /** @param {EditorView} current */
    update(current) {
      view = current;
      lines.value = lineKind(view.state);
      for (const [control, tool] of made) {
        if (tool.pressed) control.setAttribute("aria-pressed", String(tool.pressed(view)));
        if (tool.command) control.setAttribute("aria-disabled", String(!tool.command(view.state)));
      }
      forTable.hidden = !isInTable(view.state);
      const code = around(view.state, part.code);
      forCode.hidden = !code;
      if (code && document.activeElement !== language) language.value = code.node.attrs.language;
    },
  };
}

/** One stop of the Tab key; the arrows go from tool to tool (ARIA Authoring Practices, toolbar). @param {HTMLElement} tools */
function rove(tools) {
  const stops = () => /** @type {HTMLElement[]} */ ([...tools.querySelectorAll("button, select")]);
  stops().forEach((stop, index) => (stop.tabIndex = index === 0 ? 0 : -1));
  tools.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const target = all[(next + all.length) % all.length];
    all.forEach((stop) => (stop.tabIndex = stop === target ? 0 : -1));
    target?.focus();
  });
}

/** The sprite's address with its fingerprint, as the page around uses it. */
const sprite = () => document.querySelector("svg use")?.getAttribute("href")?.split("#")[0] ?? "/icons.svg";

/** @param {string} name @param {Record<string, string>} attributes @param {string} [text] */
function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
