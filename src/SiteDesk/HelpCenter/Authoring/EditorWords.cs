namespace SiteDesk.HelpCenter.Authoring;

/// <summary>What the editor's script says; the text of one is <c>editor.bold</c>.</summary>
internal static class EditorWords
{
    public static readonly IReadOnlyList<string> Keys =
    [
        "body", "toolbar", "text", "heading", "subheading", "bold", "italic", "code", "link", "bullets", "numbers", "indent", "outdent", "quote", "note", "tip", "warning", "code-block", "picture", "video", "table", "rule", "undo", "redo",
        "row-above", "row-below", "row-remove", "column-before", "column-after", "column-remove", "head-row", "table-remove", "table-tools", "callout", "callout-kind", "code-language",
        "saving", "unsaved", "offline", "pasting", "paste-failed", "uploading", "upload-failed", "not-a-video", "alt-needed", "restored", "no-articles",
    ];
}
