using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// The widget's scripts as other sites load them: readable by every origin, without comments and indentation, compressed
/// once. Modules lie in a folder named after their content, so that browsers keep them for ever and never mix versions.
/// </summary>
public sealed partial class WidgetAssets
{
    private const string Loader = "widget.js";
    private readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal);

    public WidgetAssets(IWebHostEnvironment environment)
    {
        foreach (var (path, file) in Read(environment.WebRootFileProvider, "widget"))
        {
            using var reader = new StreamReader(file.CreateReadStream());
            var text = reader.ReadToEnd();
            _assets[path] = new Asset(path.EndsWith(".json", StringComparison.Ordinal) ? text : Strip(text), TypeOf(path));
        }

        if (!_assets.ContainsKey(Loader))
            throw new InvalidOperationException("The widget's scripts are missing from wwwroot/widget.");
        var all = string.Concat(_assets.OrderBy(asset => asset.Key, StringComparer.Ordinal).Select(asset => asset.Key + asset.Value.Tag));
        Stamp = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 9));
    }

    /// <summary>Changes with any file.</summary>
    public string Stamp { get; }

    /// <summary>Where the modules are, relative to the loader.</summary>
    public string Folder => $"widget/m/{Stamp}/";

    /// <summary>Bytes of a file over the wire, compressed with gzip.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public int CompressedLength(string path) => _assets[path].Gzip.Length;

    /// <summary>The one script a site includes: looked for anew every few minutes.</summary>
    public IResult ServeLoader(HttpContext http) => Serve(http, _assets[Loader], "public, max-age=300, stale-while-revalidate=86400");

    /// <param name="stamp">An older one is served what there is now: a page that was open during an update goes on.</param>
    public IResult ServeModule(HttpContext http, string stamp, string path) =>
        _assets.TryGetValue(path, out var asset)
            ? Serve(http, asset, stamp == Stamp ? "public, max-age=31536000, immutable" : "no-cache")
            : TypedResults.NotFound();

    /// <summary>
    /// Takes out comments that fill their lines, indentation, and the types that stand beside code for the type checker. The
    /// sources keep to it: another comment beside code, or a line inside a template that begins like a comment, stays.
    /// </summary>
    internal static string Strip(string text) => TypesBesideCode().Replace(Indentation().Replace(LineComments().Replace(BlockComments().Replace(text, ""), ""), ""), "");

    private static IResult Serve(HttpContext http, Asset asset, string caching)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.CacheControl = caching;
        headers.Vary = "Accept-Encoding";
        headers.ETag = asset.Tag;
        if (http.Request.Headers.IfNoneMatch == asset.Tag)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        if (accepted.Contains("br", StringComparison.Ordinal))
            return Encoded(headers, "br", asset.Brotli, asset.ContentType);
        return accepted.Contains("gzip", StringComparison.Ordinal)
            ? Encoded(headers, "gzip", asset.Gzip, asset.ContentType)
            : TypedResults.Bytes(asset.Plain, asset.ContentType);
    }

    private static IResult Encoded(IHeaderDictionary headers, string encoding, byte[] content, string contentType)
    {
        headers.ContentEncoding = encoding;
        return TypedResults.Bytes(content, contentType);
    }

    private static IEnumerable<(string Path, IFileInfo File)> Read(IFileProvider files, string folder)
    {
        foreach (var entry in files.GetDirectoryContents(folder))
        {
            if (entry.IsDirectory)
            {
                foreach (var (path, file) in Read(files, $"{folder}/{entry.Name}"))
                    yield return ($"{entry.Name}/{path}", file);
            }
            else if (Path.GetExtension(entry.Name) is ".js" or ".css" or ".json")
            {
                yield return (entry.Name, entry);
            }
        }
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };

    [GeneratedRegex("""/\*\* @(?:type|param)[^*\n]*\*/ ?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypesBesideCode();

    [GeneratedRegex(@"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", RegexOptions.Multiline, 2000)]
    private static partial Regex BlockComments();

    [GeneratedRegex(@"^[ \t]*//.*\n", RegexOptions.Multiline, 2000)]
    private static partial Regex LineComments();

    [GeneratedRegex(@"^[ \t]+|\n(?=\n)", RegexOptions.Multiline, 2000)]
    private static partial Regex Indentation();

    private sealed class Asset
    {
        public Asset(string text, string contentType)
        {
            ContentType = contentType;
            Plain = Encoding.UTF8.GetBytes(text);
            Gzip = Compress(stream => new GZipStream(stream, CompressionLevel.SmallestSize));
            Brotli = Compress(stream => new BrotliStream(stream, CompressionLevel.SmallestSize));
            Tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(Plain).AsSpan(0, 12))}\"";
        }

        public string ContentType { get; }

        public byte[] Plain { get; }

        public byte[] Gzip { get; }

        public byte[] Brotli { get; }

        public string Tag { get; }

        private byte[] Compress(Func<Stream, Stream> into)
        {
            using var target = new MemoryStream();
            using (var stream = into(target))
                stream.Write(Plain);
            return target.ToArray();
        }
    }
}
