using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>Programs that were connected: the virus scanner, the receiver of metrics.</summary>
internal sealed class OutsideCheck(SiteDeskOptions options) : ICheck
{
    private const string Scanner = "Virus scanner", Telemetry = "Telemetry";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (options.VirusScanner is { Length: > 0 } scanner)
            yield return await ScannerAsync(scanner, cancellation);
        if (options.Otlp is { Length: > 0 } receiver && Uri.TryCreate(receiver, UriKind.Absolute, out var address))
            yield return await ReceiverAsync(address, cancellation);
    }

    private static async Task<Finding> ScannerAsync(string text, CancellationToken cancellation)
    {
        const string remedy = "Start clamd, and set TCPSocket or LocalSocket in clamd.conf as VirusScanner says. Until then every file is refused.";
        if (ClamdAddress.TryParse(text) is not { } address)
            return Finding.Fault(Scanner, $"“{text}” is not an address", "Give host:port or the path of clamd's socket.");
        try
        {
            using var nothing = new MemoryStream();
            await new ClamdVirusScan(address, Patience).FindAsync(nothing, cancellation);
            return Finding.Well(Scanner, $"clamd at {address} answers");
        }
        catch (IOException problem)
        {
            return Finding.Fault(Scanner, problem.Message, remedy);
        }
    }

    private static async Task<Finding> ReceiverAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port, cancellation).AsTask().WaitAsync(Patience, cancellation);
            return Finding.Well(Telemetry, $"{address} takes connections");
        }
        catch (Exception problem) when (problem is SocketException or TimeoutException)
        {
            return Finding.Warning(Telemetry, $"{address} cannot be reached: {problem.Message}", "Start the receiver, or take Otlp out of the settings. SiteDesk works without it.");
        }
    }
}
