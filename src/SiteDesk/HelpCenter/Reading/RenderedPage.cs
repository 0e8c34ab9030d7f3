using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>An answer made once and sent many times: its bytes, packed and plain, and its name (RFC 9110, section 8.8.3).</summary>
internal sealed class RenderedPage
{
    private RenderedPage(byte[] plain, string contentType, string? policy)
    {
        (Plain, ContentType, Policy) = (plain, contentType, policy);
        Brotli = Pack(plain, stream => new BrotliStream(stream, new BrotliCompressionOptions { Quality = 6 }));
        Gzip = Pack(plain, stream => new GZipStream(stream, CompressionLevel.Optimal));
        Tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(plain).AsSpan(0, 12))}\"";
    }

    public byte[] Plain { get; }

    public byte[] Brotli { get; }

    public byte[] Gzip { get; }

    public string ContentType { get; }

    /// <summary>The content policy; null for what is no page.</summary>
    public string? Policy { get; }

    public string Tag { get; }

    /// <summary>Bytes it takes in memory.</summary>
    public long Size => Plain.Length + Brotli.Length + Gzip.Length;

    public static RenderedPage Of(byte[] content, string contentType, string? policy = null) => new(content, contentType, policy);

    private static byte[] Pack(byte[] content, Func<Stream, Stream> packing)
    {
        using var packed = new MemoryStream(content.Length / 3);
        using (var stream = packing(packed))
            stream.Write(content);
        return packed.ToArray();
    }
}

/// <summary>Sends a <see cref="RenderedPage"/> in the packing the reader understands, or says that they have it already.</summary>
/// <param name="isPrivate">Made for somebody who is signed in: no cache on the way may keep it.</param>
internal sealed class RenderedAnswer(RenderedPage page, bool isPrivate) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        // Kept by browsers and asked again each time: a change is seen at once, and an unchanged page costs a line.
        headers.CacheControl = isPrivate ? "private, no-cache" : "public, no-cache";
        headers.ETag = page.Tag;
        headers.Vary = "Accept-Encoding, Cookie";
        if (page.Policy is not null)
            headers.ContentSecurityPolicy = page.Policy;
        // A proxy that packs makes a strong name a weak one; the bytes behind it are still these.
        if (httpContext.Request.Headers.IfNoneMatch.ToString().Contains(page.Tag, StringComparison.Ordinal))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        httpContext.Response.ContentType = page.ContentType;
        var content = Choose(httpContext);
        httpContext.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await httpContext.Response.Body.WriteAsync(content, httpContext.RequestAborted);
    }

    private byte[] Choose(HttpContext http)
    {
        var (brotli, gzip) = (false, false);
        if (StringWithQualityHeaderValue.TryParseList(http.Request.Headers.AcceptEncoding, out var accepted))
        {
            foreach (var encoding in accepted.Where(encoding => encoding.Quality is not 0))
            {
                brotli |= encoding.Value.Equals("br", StringComparison.OrdinalIgnoreCase);
                gzip |= encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase);
            }
        }

        if (!brotli && !gzip)
            return page.Plain;
        http.Response.Headers.ContentEncoding = brotli ? "br" : "gzip";
        return brotli ? page.Brotli : page.Gzip;
    }
}
