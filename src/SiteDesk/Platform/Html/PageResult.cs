using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;

namespace SiteDesk.Platform.Html;

/// <summary>
/// A Razor component as an answer, rendered once and sent whole. The framework's own result keeps every piece of markup in a
/// list before it is encoded, which is a third of what a page of the workspace allocates; this one encodes while it renders.
/// </summary>
/// <param name="parameters">An object with the component's parameter names.</param>
public sealed class PageResult(Type component, object? parameters, int status, string contentType) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public int? StatusCode => status;

    public string? ContentType => contentType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var page = await RenderAsync(httpContext);
        var content = page.Content;
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await httpContext.Response.Body.WriteAsync(content, httpContext.RequestAborted);
    }

    /// <summary>The page as bytes of UTF-8, for those who keep it and send it many times.</summary>
    public async Task<byte[]> ToBytesAsync(HttpContext httpContext)
    {
        using var page = await RenderAsync(httpContext);
        return page.Content.ToArray();
    }

    private async Task<Utf8Page> RenderAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var page = new Utf8Page();
        try
        {
            await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
            await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(new RouteValueDictionary(parameters)));
                root.WriteHtmlTo(page);
            });
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>The page in UTF-8, in a borrowed array that grows.</summary>
    private sealed class Utf8Page : TextWriter
    {
        private const int FirstLength = 64 * 1024;

        // With state: a pair of surrogates may come in two pieces.
        private readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstLength);
        private int _length;

        public override Encoding Encoding => Encoding.UTF8;

        public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            const int mostOfOneChar = 3;
            const int pending = 4;
            var most = buffer.Length * mostOfOneChar + pending;
            if (_bytes.Length - _length < most)
                Grow(most);
            _length += _encoder.GetBytes(buffer, _bytes.AsSpan(_length), flush: false);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _bytes, []));
            base.Dispose(disposing);
        }

        private void Grow(int most)
        {
            var longer = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + most));
            _bytes.AsSpan(0, _length).CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = longer;
        }
    }
}
