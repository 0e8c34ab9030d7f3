// Brings pictures, links, videos and pasted text into the article.
import { DOMParser } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { askLink, askPicture, askVideo } from "./dialogs.js";
import { part, schema } from "./schema.js";
import { post, problemsOf } from "./server.js";

/** @typedef {import("prosemirror-view").EditorView} EditorView */
/** @typedef {{ paste: string, files: string, suggestions: string, longest: number, tooLong: string, texts: Record<string, string>, say: (text: string) => void, tell: (text: string) => void }} Surroundings */

/** @param {Surroundings} about */
export function inserting(about) {
  const { texts, say, tell } = about;

  /** What went wrong stays until the next thing is brought in: saving says something else a moment later. @param {string} text */
  function fail(text) {
    say("");
    tell(text);
  }

  /** @param {EditorView} view @param {File | null} file */
  async function picture(view, file = null) {
    const chosen = await askPicture(file);
    view.focus();
    if (!chosen) return;
    tell("");
    say(texts.uploading ?? "");
    const fields = new FormData();
    fields.set("file", chosen.file);
    try {
      const { status, answer } = await post(about.files, fields);
      if (status !== 200) return fail(problemsOf(answer, texts["upload-failed"] ?? ""));
      view.dispatch(view.state.tr.replaceSelectionWith(part.image.create({ ...answer, alt: chosen.alt }), false).scrollIntoView());
      say("");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      fail(texts["upload-failed"] ?? "");
    }
  }

  /** @param {EditorView} view */
  async function link(view) {
    const { state } = view;
    const { from, to, empty, $from } = state.selection;
    const current = part.link.isInSet(empty ? $from.marks() : (state.doc.nodeAt(from)?.marks ?? []));
    const answer = await askLink(current?.attrs.href ?? "", about.suggestions, texts);
    view.focus();
    if (!answer) return;
    const tr = view.state.tr;
    const [start, end] = empty && current ? linkRange(view.state, from) : [from, to];
    if (answer === "remove") tr.removeMark(start, end, part.link);
    else if (start === end) tr.insert(start, schema.text(answer.title || answer.href, [part.link.create({ href: answer.href })]));
    else tr.addMark(start, end, part.link.create({ href: answer.href }));
    view.dispatch(tr);
  }

  /** @param {EditorView} view */
  async function video(view) {
    tell("");
    const html = await askVideo(async (address) => {
      // The server knows which addresses are videos: the same cleaner as for everything pasted.
      const frame = document.createElement("iframe");
      frame.setAttribute("src", address);
      const cleaned = (await clean(frame.outerHTML))?.html ?? "";
      return cleaned.includes("data-video") ? cleaned : "";
    }, texts);
    view.focus();
    if (html) insertHtml(view, html);
  }

  /** @param {string} html @returns {Promise<{ html: string, remark: string } | null>} */
  async function clean(html) {
    const fields = new FormData();
    // Pictures that are written out in the text are left out anyway, and one alone may be longer than an article.
    html = html.replace(/(["'])data:image\/[^"']{200,}\1/gi, "$1data:,$1");
    fields.set("html", new Blob([html], { type: "text/html" }), "paste.html");
    const { status, answer } = await post(about.paste, fields);
    if (status === 200) return answer;
    fail(problemsOf(answer, texts["paste-failed"] ?? ""));
    return null;
  }

  /** @param {EditorView} view @param {string} html @param {string} plain */
  async function pasted(view, html, plain) {
    tell("");
    say(texts.pasting ?? "");
    try {
      const cleaned = await clean(html);
      if (cleaned === null) return;
      insertHtml(view, cleaned.html);
      tell(cleaned.remark);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      view.pasteText(plain);
      fail(texts["paste-failed"] ?? "");
    }
  }

  /**
   * Text without markup is put in here, not by the server: more than an article holds would stop the browser and could not be stored.
   * @param {DataTransfer | null} data @param {Event} event
   */
  function refuseLong(data, event) {
    if ((data?.getData("text/plain").length ?? 0) <= about.longest) return false;
    event.preventDefault();
    fail(about.tooLong);
    return true;
  }

  /** @param {EditorView} view @param {ClipboardEvent} event */
  function handlePaste(view, event) {
    const files = picturesIn(event.clipboardData);
    const html = event.clipboardData?.getData("text/html") ?? "";
    if (files.length > 0 && !html) {
      event.preventDefault();
      void all(view, files);
      return true;
    }
    // What was copied here is clean; code takes plain text alone.
    if (!html || html.includes("data-pm-slice") || view.state.selection.$from.parent.type.spec.code) return refuseLong(event.clipboardData, event);
    event.preventDefault();
    void pasted(view, html, event.clipboardData?.getData("text/plain") ?? "");
    return true;
  }

  /** @param {EditorView} view @param {DragEvent} event */
  function handleDrop(view, event) {
    const files = picturesIn(event.dataTransfer);
    const html = event.dataTransfer?.getData("text/html") ?? "";
    // What is moved within the text is clean.
    if (view.dragging) return false;
    if (files.length === 0 && !html) return refuseLong(event.dataTransfer, event);
    event.preventDefault();
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (place) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(place.pos))));
    if (files.length > 0) void all(view, files);
    else void pasted(view, html, event.dataTransfer?.getData("text/plain") ?? "");
    return true;
  }

  /** @param {EditorView} view @param {File[]} files */
  async function all(view, files) {
    for (const file of files) await picture(view, file);
  }

  return { picture, link, video, handlePaste, handleDrop };
}

/** @param {DataTransfer | null} data */
const picturesIn = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** @param {EditorView} view @param {string} html */
function insertHtml(view, html) {
  // A document without scripts: nothing in it is loaded or run.
  const holder = document.implementation.createHTMLDocument("").createElement("div");
  holder.innerHTML = html;
  const slice = DOMParser.fromSchema(schema).parseSlice(holder, { preserveWhitespace: true });
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView());
  view.focus();
}

/** From where to where a link reaches. @param {import("prosemirror-state").EditorState} state @param {number} position @returns {[number, number]} */
function linkRange(state, position) {
  const $position = state.doc.resolve(position);
  const mark = part.link.isInSet($position.marks());
  let [start, end] = [position, position];
  if (mark)
    $position.parent.forEach((child, offset) => {
      const from = $position.start() + offset;
      if (mark.isInSet(child.marks) && from <= end && from + child.nodeSize >= start) [start, end] = [Math.min(start, from), Math.max(end, from + child.nodeSize)];
    });
  return [start, end];
}
