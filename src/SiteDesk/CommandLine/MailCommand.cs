using SiteDesk.Mail;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk mail inspect FILE…</c>: how a stored message would be understood, one JSON object a file. Needs no installation.</summary>
internal static class MailCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        if (invocation.Words is not ["inspect", _, ..])
            throw new UsageException("Say which messages: sitedesk mail inspect [--json] FILE…");
        var code = ExitCode.Done;
        foreach (var file in invocation.Words.Skip(1))
        {
            try
            {
                terminal.Say(MailInspection.ToJson(await File.ReadAllBytesAsync(file, cancellation), file));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                terminal.Complain($"{file} cannot be read: {problem.Message}");
                code = ExitCode.Failed;
            }
        }

        return code;
    }
}
