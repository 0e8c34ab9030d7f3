using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace SiteDesk.Platform.Web;

/// <summary>
/// Reads the JSON of a request (RFC 8259: UTF-8). Beyond what a parser asks, its texts have to be whole: an escaped NUL or half of a
/// surrogate pair is valid JSON, but no text that a database can keep.
/// </summary>
internal static class RequestJson
{
    /// <returns>Null for the JSON value null.</returns>
    /// <exception cref="JsonException">It is not JSON, not of this shape, or has a text that is none.</exception>
    /// <exception cref="BadHttpRequestException">The body is larger than the route takes.</exception>
    public static async Task<TBody?> ReadAsync<TBody>(HttpContext http) where TBody : class
    {
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.Charset is { HasValue: true } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new JsonException("JSON is sent as UTF-8.");
        using var body = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 1024, 0, Listening.OrdinaryBody));
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return Read<TBody>(body.GetBuffer().AsSpan(0, (int)body.Length), http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
    }

    private static TBody? Read<TBody>(ReadOnlySpan<byte> json, JsonSerializerOptions options) where TBody : class
    {
        var byteOrderMark = "\uFEFF"u8;
        if (json.StartsWith(byteOrderMark))
            json = json[byteOrderMark.Length..];
        CheckTexts(json, options);
        return JsonSerializer.Deserialize(json, (JsonTypeInfo<TBody>)options.GetTypeInfo(typeof(TBody)));
    }

    private static void CheckTexts(ReadOnlySpan<byte> json, JsonSerializerOptions options)
    {
        if (!json.Contains((byte)'\\'))
            return; // what is not escaped is checked by the parser
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = options.AllowTrailingCommas, CommentHandling = options.ReadCommentHandling, MaxDepth = options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                continue;
            var text = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
            try
            {
                if (text.AsSpan(0, reader.CopyString(text)).Contains('\0'))
                    throw new JsonException("A text holds a NUL.");
            }
            catch (InvalidOperationException half)
            {
                throw new JsonException("A text holds half of a character.", half);
            }
            finally
            {
                ArrayPool<char>.Shared.Return(text);
            }
        }
    }
}
