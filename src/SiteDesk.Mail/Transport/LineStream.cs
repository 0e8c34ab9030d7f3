using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Lines and blocks over TCP and TLS, every step with a time limit and every line with a length limit.</summary>
internal sealed class LineStream : IAsyncDisposable
{
    private readonly MailServer _server;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream;
    private int _start;
    private int _end;

    private LineStream(MailServer server, Stream stream)
    {
        _server = server;
        _stream = stream;
    }

    public bool IsSecure => _stream is SslStream;

    /// <summary>Connects and lets the protocol say its opening words; a connection that does not get that far is closed.</summary>
    public static async Task<TConnection> OpenAsync<TConnection>(
        MailServer server, Func<LineStream, TConnection> connection, Func<TConnection, Task> opening, CancellationToken cancellation)
    {
        var lines = await ConnectAsync(server, cancellation);
        try
        {
            var opened = connection(lines);
            await opening(opened);
            return opened;
        }
        catch
        {
            await lines.DisposeAsync();
            throw;
        }
    }

    private static async Task<LineStream> ConnectAsync(MailServer server, CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            using var limit = Limit(server, server.Timeout, cancellation);
            await client.ConnectAsync(server.Host, server.Port, limit.Token);
        }
        catch (SocketException fault)
        {
            client.Dispose();
            throw new MailTransportException(MailTransportError.CannotConnect, $"{server.Host}:{server.Port}: {fault.Message}", fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            client.Dispose();
            throw new MailTransportException(MailTransportError.CannotConnect, $"{server.Host}:{server.Port} does not answer", fault);
        }
        var lines = new LineStream(server, client.GetStream());
        if (server.Security == ConnectionSecurity.ImplicitTls) await lines.SecureAsync(cancellation);
        return lines;
    }

    /// <summary>Begins TLS. What a stranger slipped in before it must not be read after it (RFC 3207 section 5).</summary>
    public async Task SecureAsync(CancellationToken cancellation)
    {
        if (_start != _end) throw new MailTransportException(MailTransportError.ProtocolViolated, "data before TLS");
        var secure = new SslStream(_stream, leaveInnerStreamOpen: false);
        try
        {
            using var limit = Limit(_server, _server.Timeout, cancellation);
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = _server.Host, RemoteCertificateValidationCallback = _server.ValidateCertificate }, limit.Token);
        }
        catch (AuthenticationException fault)
        {
            await secure.DisposeAsync();
            var isCertificate = fault.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);
            throw new MailTransportException(isCertificate ? MailTransportError.CertificateRejected : MailTransportError.TlsFailed, fault.Message, fault);
        }
        catch (IOException fault)
        {
            await secure.DisposeAsync();
            throw new MailTransportException(MailTransportError.TlsFailed, fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            await secure.DisposeAsync();
            throw new MailTransportException(MailTransportError.TimedOut, "TLS did not come about in time", fault);
        }
        _stream = secure;
    }

    /// <summary>One line without its end, each byte a character of the same number.</summary>
    public async ValueTask<string> ReadLineAsync(int maximum, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        StringBuilder? longer = null;
        while (true)
        {
            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var text = Encoding.Latin1.GetString(_buffer, _start, feed);
                _start += feed + 1;
                if (longer is not null) text = longer.Append(text).ToString();
                return text.EndsWith('\r') ? text[..^1] : text;
            }
            if (_end > _start) (longer ??= new StringBuilder()).Append(Encoding.Latin1.GetString(_buffer, _start, _end - _start));
            _start = _end = 0;
            if (longer?.Length > maximum) throw new MailTransportException(MailTransportError.ProtocolViolated, $"a line of more than {maximum} bytes");
            await FillAsync(timeout ?? _server.Timeout, cancellation);
        }
    }

    public async ValueTask ReadExactlyAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (!target.IsEmpty)
        {
            if (_start == _end) await FillAsync(_server.Timeout, cancellation);
            var count = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, count).CopyTo(target);
            _start += count;
            target = target[count..];
        }
    }

    public async ValueTask SkipAsync(long count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_start == _end) await FillAsync(_server.Timeout, cancellation);
            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            count -= step;
        }
    }

    public ValueTask WriteLineAsync(string line, CancellationToken cancellation) => WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            // In steps, so that the time limit is one of progress and not of size.
            for (var at = 0; at < bytes.Length; at += 64 * 1024)
            {
                using var limit = Limit(_server, _server.Timeout, cancellation);
                await _stream.WriteAsync(bytes.Slice(at, Math.Min(64 * 1024, bytes.Length - at)), limit.Token);
            }
            await _stream.FlushAsync(cancellation);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw new MailTransportException(MailTransportError.ConnectionLost, fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new MailTransportException(MailTransportError.TimedOut, "the server does not take data", fault);
        }
    }

    private async ValueTask FillAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            using var limit = Limit(_server, timeout, cancellation);
            _start = 0;
            _end = 0;
            _end = await _stream.ReadAsync(_buffer, limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw new MailTransportException(MailTransportError.ConnectionLost, fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new MailTransportException(MailTransportError.TimedOut, $"no answer within {timeout.TotalSeconds:0} s", fault);
        }
        if (_end == 0) throw new MailTransportException(MailTransportError.ConnectionLost, "the server closed the connection");
    }

    /// <summary>True when bytes wait that were read already.</summary>
    public bool HasBuffered => _start < _end;

    private static LimitedToken Limit(MailServer server, TimeSpan timeout, CancellationToken cancellation) => new(server.Clock, timeout, cancellation);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>The caller's token and a time limit in one.</summary>
    private sealed class LimitedToken : IDisposable
    {
        private readonly CancellationTokenSource _time;
        private readonly CancellationTokenSource _both;

        public LimitedToken(TimeProvider clock, TimeSpan timeout, CancellationToken cancellation)
        {
            _time = new CancellationTokenSource(timeout, clock);
            _both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _time.Token);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _time.Dispose();
        }
    }
}

/// <summary>The initial responses of the SASL mechanisms spoken here.</summary>
internal static class SaslResponses
{
    /// <summary>PLAIN (RFC 4616).</summary>
    public static string Plain(MailServer server) => Base64($"\0{server.UserName}\0{server.Password}");

    /// <summary>XOAUTH2 (the bearer form of Google and Microsoft).</summary>
    public static string XOAuth2(MailServer server) => Base64($"user={server.UserName}\u0001auth=Bearer {server.AccessToken}\u0001\u0001");

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
