using SiteDesk.Mail;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>One step of a live test.</summary>
/// <param name="Name">Key of the step: <c>token</c>, <c>fetch-connect</c>, <c>fetch-folder</c>, <c>send-connect</c>.</param>
/// <param name="Error">What went wrong; null when it went well.</param>
/// <param name="Details">The server's own words, or a figure worth knowing.</param>
public sealed record TestStep(string Name, MailTransportError? Error, string Details);

/// <summary>Tries a mailbox's servers and says step by step how it went. Nothing is changed and no mail is sent.</summary>
public sealed class TestMailbox(MailServers servers, AccessTokens tokens)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<TestStep>> RunAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        var steps = new List<TestStep>();
        if (mailbox is { SecretKind: MailSecretKind.AccessToken, Renewal: not null })
        {
            await TryAsync(steps, "token", limit => RenewAsync(mailbox, steps, limit), cancellation);
            if (steps[^1].Error is not null)
                return steps;
        }

        if (mailbox.Incoming is not null)
            await TryAsync(steps, "fetch-connect", limit => FetchAsync(mailbox, steps, limit), cancellation);
        if (mailbox.Outgoing is not null)
            await TryAsync(steps, "send-connect", limit => SendAsync(mailbox, steps, limit), cancellation);
        return steps;
    }

    private async Task RenewAsync(Mailbox mailbox, List<TestStep> steps, CancellationToken cancellation)
    {
        await tokens.CurrentAsync(mailbox, cancellation);
        steps.Add(new TestStep("token", null, new Uri(mailbox.Renewal!.Endpoint).Host));
    }

    private async Task FetchAsync(Mailbox mailbox, List<TestStep> steps, CancellationToken cancellation)
    {
        var server = (await servers.IncomingAsync(mailbox, cancellation)) with { Timeout = Longest };
        await using var connection = await ImapConnection.ConnectAsync(server, cancellation);
        steps.Add(new TestStep("fetch-connect", null, $"{server.Host}:{server.Port}{(connection.Capabilities.Contains("IDLE") ? " · IDLE" : "")}"));
        var folder = await connection.SelectAsync(mailbox.Folder, cancellation);
        steps.Add(folder is null
            ? new TestStep("fetch-folder", MailTransportError.Refused, mailbox.Folder)
            : new TestStep("fetch-folder", null, $"{folder.Name} · {folder.Count}"));
        await connection.LogoutAsync(cancellation);
    }

    private async Task SendAsync(Mailbox mailbox, List<TestStep> steps, CancellationToken cancellation)
    {
        var server = (await servers.OutgoingAsync(mailbox, cancellation)) with { Timeout = Longest };
        await using var connection = await SmtpConnection.ConnectAsync(server, cancellation);
        steps.Add(new TestStep("send-connect", null, $"{server.Host}:{server.Port}{(connection.MaximumSize is { } size ? $" · SIZE {size}" : "")}"));
        await connection.QuitAsync(cancellation);
    }

    private static async Task TryAsync(List<TestStep> steps, string name, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            await work(limit.Token);
        }
        catch (MailTransportException problem)
        {
            steps.Add(new TestStep(name, problem.Error, problem.Message));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            steps.Add(new TestStep(name, MailTransportError.TimedOut, ""));
        }
    }
}
