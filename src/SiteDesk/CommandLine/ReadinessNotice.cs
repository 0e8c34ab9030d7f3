using System.Net.Sockets;
using System.Text;

namespace SiteDesk.CommandLine;

/// <summary>
/// Tells systemd that the program answers requests, and that it is stopping (sd_notify(3): a datagram to the socket named by
/// NOTIFY_SOCKET). Does nothing when not started by systemd.
/// </summary>
internal sealed class ReadinessNotice(IHostApplicationLifetime lifetime, ILogger<ReadinessNotice> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } socket)
        {
            lifetime.ApplicationStarted.Register(() => Send(socket, "READY=1"));
            lifetime.ApplicationStopping.Register(() => Send(socket, "STOPPING=1"));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Send(string path, string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

            // A leading @ stands for Linux's abstract namespace, whose names begin with a zero byte.
            var address = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
            socket.SendTo(Encoding.ASCII.GetBytes(state), address);
        }
        catch (SocketException problem)
        {
            log.LogWarning(problem, "systemd could not be told {State}.", state);
        }
    }
}
