using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SiteDesk.Tests.Faults;

/// <summary>A message as the widget's protocol gives it.</summary>
internal sealed record Heard(long Id, string Text);

/// <summary>
/// A visitor who writes one numbered message after the other, each until it is acknowledged and always with the same id, and listens
/// to the stream all the while: the widget's behaviour without the widget (docs/widget-protocol.md).
/// </summary>
internal sealed class WritingVisitor : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http;
    private readonly string _name;
    private readonly List<Heard> _heard = [];
    private readonly Lock _lock = new();

    /// <param name="number">Makes the secret, the network address and the texts this visitor's own.</param>
    public WritingVisitor(Uri desk, string siteKey, int number)
    {
        _name = $"visitor {number}";
        _http = new HttpClient { BaseAddress = new Uri(desk, $"widget/v1/{siteKey}/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretOf(_name));
        _http.DefaultRequestHeaders.Add("Origin", "https://shop.example.com");
        _http.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.1.{number / 250}.{number % 250 + 1}");
    }

    /// <summary>A visitor's secret as browsers make them, 256 bits in base64url, but the same for the same name.</summary>
    public static string SecretOf(string name) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>Messages the server has acknowledged; they are numbered from 1 without a gap.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>What the stream gave, each message once, in the order it was first heard.</summary>
    public IReadOnlyList<Heard> StreamHeard
    {
        get
        {
            lock (_lock)
                return [.. _heard];
        }
    }

    public string TextOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_name} says {number}");

    public async Task WriteAsync(Action acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var id = Guid.NewGuid().ToString();
            var text = TextOf(Acknowledged + 1);
            // Once begun, a message is brought to its end: whether it was stored is known only by its acknowledgement.
            while (!await TrySendAsync(id, text))
                await Task.Delay(Pause, CancellationToken.None);
            Acknowledged++;
            acknowledged();
        }
    }

    public async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(stop);
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
            {
                // The stream was torn, which is what this test does to it: on with the last id.
            }

            if (!stop.IsCancellationRequested)
                await Task.Delay(Pause, CancellationToken.None);
        }
    }

    public async Task<List<Heard>> ConversationAsync()
    {
        using var answer = await _http.GetAsync(new Uri("conversation", UriKind.Relative));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.IsSuccessStatusCode.ShouldBeTrue(json.ToString());
        return [.. json.GetProperty("messages").EnumerateArray().Select(Message)];
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TrySendAsync(string id, string text)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync("messages", new { id, text, timeZone = "Europe/Berlin" });
            if (answer.IsSuccessStatusCode)
                return true;
            // What cannot become right by trying again would make this loop forever.
            var status = (int)answer.StatusCode;
            if (status is >= 400 and < 500 and not 429)
                throw new InvalidOperationException($"The message was refused with {status}: {await answer.Content.ReadAsStringAsync()}");
            return false;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ListenOnceAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "stream");
        lock (_lock)
        {
            if (_heard.Count > 0)
                request.Headers.Add("Last-Event-ID", _heard.Max(message => message.Id).ToString(CultureInfo.InvariantCulture));
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!answer.IsSuccessStatusCode)
            return; // before the first message the secret is not known
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        var name = "";
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && name == "message")
                Hear(line["data: ".Length..]);
        }
    }

    private void Hear(string data)
    {
        using var json = JsonDocument.Parse(data);
        var message = Message(json.RootElement);
        lock (_lock)
        {
            if (_heard.TrueForAll(known => known.Id != message.Id))
                _heard.Add(message);
        }
    }

    private static Heard Message(JsonElement message)
    {
        var id = message.GetProperty("id");
        return new Heard(
            id.ValueKind == JsonValueKind.Number ? id.GetInt64() : long.Parse(id.GetString()!, CultureInfo.InvariantCulture),
            message.GetProperty("text").GetString() ?? "");
    }
}
