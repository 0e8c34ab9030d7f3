using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SiteDesk.Mail;

/// <summary>Everything the library reads out of one message, as JSON: for looking at mail that surprises, and for measuring.</summary>
public static class MailInspection
{
    // Written for people and pipes, never into a page: letters of all languages stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    private static readonly HtmlSanitizer Sanitizer = new(HtmlPolicy.Mail with { ResolveContentId = id => "cid:" + id });

    /// <summary>Reads the stream to its end and gives one JSON object on one line. Content never makes it fail: what is broken is listed under
    /// "problems".</summary>
    /// <param name="stream">A message as bytes.</param>
    /// <param name="fileName">What to call it.</param>
    /// <param name="trustedHosts">Servers whose Authentication-Results count; null takes the topmost field.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static string ToJson(Stream stream, string fileName, IReadOnlyCollection<string>? trustedHosts = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return ToJson(copy.GetBuffer().AsMemory(0, (int)copy.Length), fileName, trustedHosts);
    }

    /// <summary>Gives one JSON object on one line for the message in the bytes.</summary>
    public static string ToJson(ReadOnlyMemory<byte> raw, string fileName, IReadOnlyCollection<string>? trustedHosts = null)
    {
        using var buffer = new MemoryStream();
        WriteJson(raw, fileName, buffer, trustedHosts);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes the object to a stream as UTF-8: the way for large messages, which then are held in memory only once.</summary>
    public static void WriteJson(ReadOnlyMemory<byte> raw, string fileName, Stream target, IReadOnlyCollection<string>? trustedHosts = null)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(target);
        var message = MimeMessage.Read(raw);
        using var json = new Utf8JsonWriter(target, Options);
        json.WriteStartObject();
        Text(json, "file", fileName);
        WriteHeader(json, message);
        WriteBody(json, message.Body);
        WriteVerdicts(json, message, trustedHosts);
        json.WriteStartArray("problems");
        foreach (var problem in message.Problems) json.WriteStringValue(Clean(problem.ToString()));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHeader(Utf8JsonWriter json, MimeMessage message)
    {
        Text(json, "messageId", message.MessageId);
        Text(json, "inReplyTo", message.InReplyTo is [var first, ..] ? first : null);
        json.WriteStartArray("references");
        foreach (var id in message.References) json.WriteStringValue(Clean(id));
        json.WriteEndArray();
        Text(json, "date", message.Date?.ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        json.WritePropertyName("from");
        if (message.From is { } from) Address(json, from);
        else json.WriteNullValue();
        Addresses(json, "replyTo", message.ReplyTo);
        Addresses(json, "to", message.To);
        Addresses(json, "cc", message.Cc);
        Text(json, "subject", message.Subject);
    }

    private static void WriteBody(Utf8JsonWriter json, MessageBody body)
    {
        var trimmed = ReplyTrimmer.Trim(body.Text);
        Text(json, "text", body.Text);
        Text(json, "html", body.Html is null ? null : Sanitizer.Sanitize(body.Html).Html);
        Text(json, "reply", trimmed.Reply);
        Text(json, "quoted", trimmed.Quoted);
        Text(json, "signature", trimmed.Signature);
        json.WriteStartArray("attachments");
        foreach (var file in body.Attachments)
        {
            json.WriteStartObject();
            Text(json, "name", file.Name);
            Text(json, "contentType", file.ContentType);
            json.WriteNumber("size", file.Content.Length);
            Text(json, "contentId", file.ContentId);
            Text(json, "sha256", Convert.ToHexStringLower(SHA256.HashData(file.Content.Span)));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteVerdicts(Utf8JsonWriter json, MimeMessage message, IReadOnlyCollection<string>? trustedHosts)
    {
        var report = DeliveryReport.Find(message);
        var automatic = AutomaticMail.Judge(message);
        json.WriteStartObject("autoReply");
        json.WriteBoolean("is", automatic.IsAutomatic);
        Text(json, "reason", automatic.IsAutomatic ? automatic.Reason : null);
        json.WriteEndObject();
        json.WriteStartObject("bounce");
        json.WriteBoolean("is", report is not null);
        Text(json, "action", report?.First.Action.ToString().ToLowerInvariant());
        Text(json, "status", report?.First.Status);
        Text(json, "recipient", report?.First.Recipient);
        Text(json, "diagnostic", report?.First.Diagnostic);
        Text(json, "originalMessageId", report?.OriginalMessageId);
        json.WriteEndObject();
        var authentication = AuthenticationResults.Read(message, trustedHosts);
        json.WriteStartObject("authentication");
        Text(json, "spf", authentication.Spf);
        Text(json, "dkim", authentication.Dkim);
        Text(json, "dmarc", authentication.Dmarc);
        json.WriteEndObject();
    }

    private static void Addresses(Utf8JsonWriter json, string name, IReadOnlyList<MailAddress> addresses)
    {
        json.WriteStartArray(name);
        foreach (var address in addresses) Address(json, address);
        json.WriteEndArray();
    }

    private static void Address(Utf8JsonWriter json, MailAddress address)
    {
        json.WriteStartObject();
        Text(json, "name", address.Name);
        Text(json, "address", address.Address);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null) json.WriteNull(name);
        else json.WriteString(name, Clean(value));
        if (json.BytesPending > 256 * 1024) json.Flush();
    }

    /// <summary>Half a surrogate pair, as a cut or hostile text may hold, has no form in UTF-8.</summary>
    private static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }
}
