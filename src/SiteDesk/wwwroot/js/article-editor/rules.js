// Signs of Markdown become what they mean while they are typed.
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { part } from "./schema.js";

/** @param {RegExp} pattern @param {import("prosemirror-model").MarkType} mark */
const marked = (pattern, mark) =>
  new InputRule(pattern, (state, match, start, end) => {
    const [, before = "", text = ""] = match;
    if (!text || state.doc.resolve(start).parent.type.spec.code) return null;
    return state.tr.replaceWith(start + before.length, end, state.schema.text(text, [mark.create()])).removeStoredMark(mark);
  });

export const markdownRules = () =>
  inputRules({
    rules: [
      textblockTypeInputRule(/^#{1,2}\s$/, part.heading, { level: 2 }),
      textblockTypeInputRule(/^#{3,6}\s$/, part.heading, { level: 3 }),
      textblockTypeInputRule(/^```([a-z#+]*)\s$/, part.code, (match) => ({ language: match[1] ?? "" })),
      wrappingInputRule(/^\s*>\s$/, part.quote),
      wrappingInputRule(/^\s*!(note|tip|warning)\s$/i, part.callout, (match) => ({ kind: (match[1] ?? "note").toLowerCase() })),
      wrappingInputRule(/^\s*([-*+])\s$/, part.bullets),
      wrappingInputRule(
        /^(\d{1,4})[.)]\s$/,
        part.numbers,
        (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + node.attrs.order === Number(match[1]),
      ),
      new InputRule(/^(---|\*\*\*)$/, (state, _match, start, end) => {
        const $start = state.doc.resolve(start);
        return $start.parent.type === part.paragraph && $start.depth === 1 ? state.tr.replaceRangeWith(start - 1, end, part.rule.create()) : null;
      }),
      marked(/(^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, part.strong),
      marked(/(^|[^*])\*([^*\s](?:[^*]*[^*\s])?)\*$/, part.em),
      marked(/(^|[^`])`([^`]+)`$/, part.inlineCode),
    ],
  });
