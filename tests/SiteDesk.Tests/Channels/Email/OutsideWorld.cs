using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>A web server of somebody else's, on a free loopback port: a token endpoint, an autoconfig document, pictures.</summary>
internal sealed class ForeignWebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ForeignWebServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>What it was asked: host and path.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <param name="isSecure">Speaks TLS with a certificate of its own making.</param>
    public static async Task<ForeignWebServer> StartAsync(Func<HttpContext, Task> answer, bool isSecure = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (isSecure)
                listen.UseHttps(NewCertificate());
        }));
        var app = builder.Build();
        var server = new ForeignWebServer(app);
        app.Run(http =>
        {
            server.Asked.Enqueue($"{http.Request.Host.Host}{http.Request.Path}");
            return answer(http);
        });
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>A name server that knows what a test tells it.</summary>
internal sealed class ForeignNameServer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public ForeignNameServer() => _run = RunAsync();

    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public ConcurrentDictionary<string, string> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, string> Exchangers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var asked = await _socket.ReceiveAsync(_end.Token);
            await _socket.SendAsync(Answer(asked.Buffer), asked.RemoteEndPoint, _end.Token);
        }
    }

    private byte[] Answer(byte[] question)
    {
        var (labels, at) = (new List<string>(), 12);
        for (; question[at] != 0; at += 1 + question[at])
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        var (name, type) = (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1)));
        var data = type switch
        {
            16 when Texts.TryGetValue(name, out var text) => TextData(text),
            15 when Exchangers.TryGetValue(name, out var host) => [0, 10, .. NameData(host)],
            _ => null,
        };
        var answer = new List<byte>(question[..(at + 5)]) { [2] = 0x81, [3] = 0x80, [7] = (byte)(data is null ? 0 : 1), [11] = 0 };
        if (data is not null)
            answer.AddRange([0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        return [.. answer];
    }

    /// <summary>In parts of 255 bytes, as every long record is.</summary>
    private static byte[] TextData(string text) => [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(part => part.Prepend((byte)part.Length))];

    private static byte[] NameData(string host) => [.. host.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
