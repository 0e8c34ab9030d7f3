using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Following;

/// <summary>
/// Follows one mailbox under a lease: told of news where the server can (IDLE), else looking again and again. A few mails are in
/// memory at a time, however many there are. A mail is stored, then marked as seen, then passed over: a crash anywhere in between only means that it is met again.
/// </summary>
public sealed class MailboxFollower(IServiceScopeFactory scopes, Leases leases, MailServers servers, AccessTokens tokens, MailIntakeLimits limits, Random random, TimeProvider time, ILogger<MailboxFollower> log)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OtherNodeHolds = TimeSpan.FromSeconds(10);

    // Servers hang up after half an hour (RFC 2177), and gateways forget quiet connections much earlier.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private const int Batch = 200;
    private const int MostTogether = 25;
    private const long MostBytesTogether = 4 * 1024 * 1024;

    /// <summary>Follows until cancelled; never throws.</summary>
    public async Task FollowAsync(Mailbox mailbox, CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await leases.TryTakeAsync(LeaseOf(mailbox), LeaseTime, stop) is not { } fence)
                {
                    await Task.Delay(OtherNodeHolds, time, stop);
                    continue;
                }

                await UnderLeaseAsync(mailbox, fence, () => failures = 0, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                failures++;
                log.LogWarning("Mailbox {Mailbox} cannot be followed, try {Attempt}: {Problem}", mailbox.Address, failures, problem.Message);
                await PauseAsync(mailbox, problem, failures, stop);
            }
        }
    }

    private static string LeaseOf(Mailbox mailbox) => $"email.follow.{mailbox.Id}";

    /// <summary>Works as long as the lease is renewed: a node that was cut off from the database stops by itself.</summary>
    private async Task UnderLeaseAsync(Mailbox mailbox, long fence, Action onSuccess, CancellationToken stop)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = RenewAsync(mailbox, session);
        try
        {
            await FollowAsync(mailbox, onSuccess, session.Token);
        }
        catch (OperationCanceledException problem) when (!stop.IsCancellationRequested)
        {
            throw new InvalidOperationException("The lease was lost; another node follows this mailbox now.", problem);
        }
        finally
        {
            await session.CancelAsync();
            var newest = await renewing ?? fence;
            if (stop.IsCancellationRequested)
                await leases.HoldAsync(LeaseOf(mailbox), newest, TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <returns>The newest fence; null when it was never renewed.</returns>
    private async Task<long?> RenewAsync(Mailbox mailbox, CancellationTokenSource session)
    {
        long? newest = null;
        try
        {
            while (true)
            {
                await Task.Delay(LeaseTime / 3, time, session.Token);
                newest = await leases.TryTakeAsync(LeaseOf(mailbox), LeaseTime, session.Token) ?? throw new InvalidOperationException("The lease is held by another node.");
            }
        }
        catch (OperationCanceledException) when (session.IsCancellationRequested)
        {
            return newest;
        }
        catch (Exception problem)
        {
            log.LogWarning("The lease of mailbox {Mailbox} is not renewed: {Problem}", mailbox.Address, problem.Message);
            await session.CancelAsync();
            return newest;
        }
    }

    private async Task FollowAsync(Mailbox mailbox, Action onSuccess, CancellationToken cancellation)
    {
        await using var connection = await ImapConnection.ConnectAsync(await servers.IncomingAsync(mailbox, cancellation), cancellation);
        var folder = await connection.SelectAsync(mailbox.Folder, cancellation)
            ?? throw new MailTransportException(MailTransportError.Refused, $"There is no folder {mailbox.Folder}.");
        var position = await PositionAsync(mailbox, folder, cancellation);
        var tellsNews = connection.Capabilities.Contains("IDLE") || connection.Capabilities.Contains("IMAP4rev2");
        while (true)
        {
            position = await FetchNewAsync(connection, mailbox, position, cancellation);
            await NoteFetchedAsync(mailbox, cancellation);
            onSuccess();
            await connection.WaitForChangeAsync(tellsNews ? LongestIdle : limits.PollInterval, cancellation);
        }
    }

    /// <summary>
    /// Where to go on. A folder seen for the first time, or whose UIDs mean something else now (RFC 9051 section 2.3.1.1), is gone
    /// through from its beginning, for what nobody has read; later everything new counts, also what a person opened elsewhere first.
    /// </summary>
    private async Task<Position> PositionAsync(Mailbox mailbox, ImapFolder folder, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var state = await database.Set<MailboxState>().FirstOrDefaultAsync(row => row.MailboxId == mailbox.Id, cancellation);
        if (state is null)
            database.Add(state = new MailboxState { MailboxId = mailbox.Id });
        if (state.UidValidity != folder.UidValidity)
        {
            state.UidValidity = folder.UidValidity;
            state.LastUid = 0;

            // A server that does not say where new mail begins: then only what is unseen is ever taken.
            state.FirstNewUid = folder is { NextUid: <= 1, Count: > 0 } ? uint.MaxValue : folder.NextUid;
        }

        await database.SaveChangesAsync(cancellation);
        return new Position(folder.UidValidity, (uint)state.LastUid, (uint)state.FirstNewUid);
    }

    private async Task<Position> FetchNewAsync(ImapConnection connection, Mailbox mailbox, Position position, CancellationToken cancellation)
    {
        while (true)
        {
            // The server may tell of a new mail in its answer to any command. It tells once: waiting for it to tell again would be long.
            var heard = connection.Announcements;
            var summaries = await connection.SummariesAsync(position.LastUid + 1, Batch, cancellation);
            var wanted = summaries.Where(summary => summary.Uid >= position.FirstNewUid || !summary.Flags.Contains("\\Seen", StringComparer.OrdinalIgnoreCase)).ToList();
            foreach (var together in InPortions(wanted))
                await FetchAsync(connection, mailbox, position, together, cancellation);

            if (summaries.Count > 0)
            {
                position = position with { LastUid = summaries[^1].Uid };
                await KeepPositionAsync(mailbox, position, cancellation);
            }

            if (summaries.Count < Batch && connection.Announcements == heard)
                return position;
        }
    }

    /// <summary>What is fetched and stored together: few enough to be in memory at once.</summary>
    private static IEnumerable<List<ImapSummary>> InPortions(List<ImapSummary> summaries)
    {
        var (portion, size) = (new List<ImapSummary>(), 0L);
        foreach (var summary in summaries)
        {
            if (portion.Count > 0 && (portion.Count == MostTogether || size + summary.Size > MostBytesTogether))
            {
                yield return portion;
                (portion, size) = ([], 0);
            }

            portion.Add(summary);
            size += summary.Size;
        }

        if (portion.Count > 0)
            yield return portion;
    }

    private async Task FetchAsync(ImapConnection connection, Mailbox mailbox, Position position, List<ImapSummary> summaries, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<StoreMail>();
        var (raws, uids) = (new List<byte[]>(), new List<uint>());
        foreach (var summary in summaries)
        {
            if (summary.Size > limits.MostBytes)
            {
                await store.NoteOversizeAsync(mailbox, position.UidValidity, summary.Uid, summary.Size, cancellation);
                continue;
            }

            // Servers round sizes: what is a little larger than they said is taken all the same.
            if (await connection.FetchAsync(summary.Uid, limits.MostBytes * 2L, cancellation) is not { } raw)
                continue;
            raws.Add(raw);
            uids.Add(summary.Uid);
        }

        if (raws.Count == 0)
            return;
        await store.RunAsync(mailbox, raws, cancellation);
        await connection.SetFlagAsync(uids, "\\Seen", true, cancellation);
    }

    private async Task KeepPositionAsync(Mailbox mailbox, Position position, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUid, (long)position.LastUid), cancellation);
    }

    private async Task NoteFetchedAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        var now = time.Now();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FetchedAt, now).SetProperty(row => row.FetchError, (string?)null), cancellation);
    }

    private async Task PauseAsync(Mailbox mailbox, Exception problem, int failures, CancellationToken stop)
    {
        try
        {
            var now = time.Now();
            var text = problem.Message.UpTo(500);
            await using (var scope = scopes.CreateAsyncScope())
            {
                var database = scope.ServiceProvider.GetRequiredService<Database>();
                await database.Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.FetchError, text).SetProperty(row => row.FetchErrorAt, now), stop);
            }

            if (problem is MailTransportException { Error: MailTransportError.LoginRefused })
                await tokens.ForgetAsync(mailbox, stop);

            // Jitter: mailboxes of one server that was down do not come back all at once.
            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 12) - 1)));
            await Task.Delay(pause * (0.5 + random.NextDouble() / 2), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogDebug("Following {Mailbox} stops.", mailbox.Address);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "The state of mailbox {Mailbox} cannot be stored.", mailbox.Address);
            await Task.Delay(FirstPause, time, CancellationToken.None);
        }
    }

    private sealed record Position(uint UidValidity, uint LastUid, uint FirstNewUid);
}
