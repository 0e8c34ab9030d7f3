using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Tests.Channels.Chat;

/// <summary>A visitor's browser as the server sees it: an origin, a secret, and the widget's requests.</summary>
public sealed class Widget : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="from">The network address it comes from; any of 127.0.0.0/8.</param>
    public Widget(Uri desk, string siteKey, string language = "en", string origin = "https://shop.example.com", string? token = null, string from = "127.0.0.1")
    {
        Token = token ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri(desk, $"widget/v1/{siteKey}/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        if (origin.Length > 0)
            _http.DefaultRequestHeaders.Add("Origin", origin);
    }

    public string Token { get; }

    public HttpClient Http => _http;

    public static string NewId() => Guid.NewGuid().ToString();

    public Task<HttpResponseMessage> PostAsync(string path, object body, string? challenge = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (challenge is not null)
            request.Headers.Add("X-Challenge", challenge);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Sends a message that must be taken.</summary>
    public async Task<JsonElement> SayAsync(string text, string? id = null, object? contact = null, object? consent = null, string[]? files = null, string? honeypot = null,
        string page = "https://shop.example.com/lamps?secret=1")
    {
        var answer = await PostAsync("messages", new { id = id ?? NewId(), text, contact, consent, files, honeypot, timeZone = "Europe/Berlin", page = new { url = page } });
        return await ReadAsync(answer, answer.StatusCode == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Created);
    }

    public async Task<JsonElement> ConversationAsync() => await ReadAsync(await GetAsync("conversation"), HttpStatusCode.OK);

    public async Task<HttpResponseMessage> SendFileAsync(byte[] content, string name, string type = "application/octet-stream")
    {
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        form.Add(part, "file", name);
        return await _http.PostAsync(new Uri("files", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The number of the ticket behind a message's answer.</summary>
    public static long TicketOf(JsonElement answer) => long.Parse(answer.GetProperty("conversation").GetProperty("number").GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Opens the stream and reads its events until the reader stops.</summary>
    public async IAsyncEnumerable<StreamedEvent> ListenAsync(string after = "", TaskCompletionSource? opened = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "stream");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after.Length > 0)
            request.Headers.Add("Last-Event-ID", after);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        var (id, name, data) = ("", "", "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            opened?.TrySetResult();
            if (line.Length == 0 && data.Length > 0)
            {
                yield return new StreamedEvent(id, name, JsonDocument.Parse(data).RootElement);
                (id, name, data) = ("", "", "");
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
        }
    }

    /// <summary>Solves a challenge the way the widget does.</summary>
    public static string Solve(JsonElement problem)
    {
        var nonce = problem.GetProperty("nonce").GetString();
        var difficulty = problem.GetProperty("difficulty").GetInt32();
        for (var candidate = 0; ; candidate++)
        {
            var solution = $"{nonce}:{candidate}";
            if (Challenge.LeadingZeroBits(SHA256.HashData(Encoding.UTF8.GetBytes(solution))) >= difficulty)
                return solution;
        }
    }

    public void Dispose() => _http.Dispose();
}

public sealed record StreamedEvent(string Id, string Name, JsonElement Data);
