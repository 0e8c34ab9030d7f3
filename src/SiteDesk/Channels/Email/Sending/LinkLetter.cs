using System.Net;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>The form of a short letter that is about a link: a few paragraphs, one of which is the link.</summary>
internal static class LinkLetter
{
    public static string Html(string language, IEnumerable<string> paragraphs, string link) =>
        $"<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>"
        + "<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">"
        + string.Concat(paragraphs.Select(part => $"<p style=\"margin:0 0 1em;overflow-wrap:anywhere\">{(part == link ? $"<a href=\"{WebUtility.HtmlEncode(link)}\">{MessageBody.Encode(link)}</a>" : MessageBody.Encode(part))}</p>"))
        + "</div></body></html>";
}
