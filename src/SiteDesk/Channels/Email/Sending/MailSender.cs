using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Sends what is due: one connection a mailbox, mailboxes beside each other, so that a server that stalls holds up its own mail
/// only. Several nodes may send; a mail is claimed by one.
/// </summary>
public sealed class MailSender(IServiceScopeFactory scopes, MailServers servers, ServerPace pace, ServerWords words, WakeSignal<MailSender> signal, MailIntakeLimits limits, TimeProvider time, ILogger<MailSender> log) : BackgroundService
{
    private const int MostOnOneConnection = 100;
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Task> _running = new();
    private readonly ConcurrentDictionary<long, DateTime> _pausedUntil = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isTidy = false;
        await Rounds.RepeatAsync(
            async stopping =>
            {
                // Once, and what cannot be tidied holds up no mail.
                if (!isTidy)
                {
                    isTidy = true;
                    await TidyAsync(stopping);
                }

                await LookAsync(stopping);
                await signal.WaitAsync(IdleLook, stopping);
            },
            PauseAfterFailure, "The queue of outgoing mail could not be read; trying again.", time, log, stoppingToken);
        await Task.WhenAll(_running.Values);
    }

    /// <summary>A program that was killed leaves notes of mails whose end is stored by now.</summary>
    private async Task TidyAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var removed = await words.TidyAsync(async ids =>
            (await database.Set<OutgoingMail>().Where(mail => ids.Contains(mail.Id) && mail.State == OutgoingState.Sending).Select(mail => mail.Id).ToListAsync(cancellation)).ToHashSet());
        if (removed > 0)
            log.LogDebug("{Count} notes of mails that are not in doubt are removed.", removed);
    }

    /// <summary>Administrators who mend a mailbox do not wait for its next try.</summary>
    public void Resume(long mailboxId)
    {
        _pausedUntil.TryRemove(mailboxId, out _);
        signal.Wake();
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SendMail>().RecoverAsync(cancellation);
        var due = await scope.ServiceProvider.GetRequiredService<Database>().Set<OutgoingMail>()
            .Where(mail => mail.State == OutgoingState.Queued && mail.NotBefore <= now && mail.MailboxId != null).Select(mail => mail.MailboxId!.Value).Distinct().ToListAsync(cancellation);
        foreach (var mailboxId in due)
        {
            if (_running.ContainsKey(mailboxId) || _pausedUntil.TryGetValue(mailboxId, out var until) && until > now)
                continue;
            _running[mailboxId] = Task.Run(() => SendAllAsync(mailboxId, cancellation), CancellationToken.None);
        }
    }

    private async Task SendAllAsync(long mailboxId, CancellationToken cancellation)
    {
        SmtpConnection? connection = null;
        try
        {
            for (var sent = 0; sent < MostOnOneConnection; sent++)
            {
                await using var scope = scopes.CreateAsyncScope();
                var database = scope.ServiceProvider.GetRequiredService<Database>();
                var send = scope.ServiceProvider.GetRequiredService<SendMail>();
                var mailbox = await database.Set<Mailbox>().AsNoTracking().FirstAsync(row => row.Id == mailboxId, cancellation);
                if (mailbox.Outgoing is null || !mailbox.IsEnabled || mailbox.RemovedAt is not null)
                {
                    Pause(mailboxId);
                    return;
                }

                if (pace.Take(mailbox.Outgoing.Host) is { } until)
                {
                    _pausedUntil[mailboxId] = until;
                    break;
                }

                if (await scope.ServiceProvider.GetRequiredService<HourlyLimit>().FreeAtAsync(mailbox, cancellation) is { } free)
                {
                    pace.GiveBack(mailbox.Outgoing.Host);
                    _pausedUntil[mailboxId] = free;
                    break;
                }

                if (await send.ClaimAsync(mailboxId, cancellation) is not { } mail)
                {
                    pace.GiveBack(mailbox.Outgoing.Host);
                    break;
                }

                await using (new ClaimHolder(scopes, mail, limits.ClaimRenewal, time, log))
                    await send.RunAsync(mail, mailbox, ConnectAsync, cancellation);
                await NoteAsync(database, mailboxId, null, cancellation);

                async Task<SmtpConnection> ConnectAsync()
                {
                    if (connection is { IsUsable: true })
                        return connection;
                    if (connection is not null)
                        await connection.DisposeAsync();
                    connection = null;
                    return connection = await SmtpConnection.ConnectAsync(await servers.OutgoingAsync(mailbox, cancellation), cancellation);
                }
            }

            if (connection is not null)
                await connection.QuitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log.LogDebug("Sending stops with the program.");
        }
        catch (Exception problem)
        {
            Pause(mailboxId);
            log.LogWarning("Mail of mailbox {Mailbox} is not sent: {Problem}", mailboxId, problem.Message);
            await using var scope = scopes.CreateAsyncScope();
            await NoteAsync(scope.ServiceProvider.GetRequiredService<Database>(), mailboxId, problem.Message, CancellationToken.None);
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
            _running.TryRemove(mailboxId, out _);
        }
    }

    private void Pause(long mailboxId) => _pausedUntil[mailboxId] = time.Now() + PauseAfterFailure;

    private async Task NoteAsync(Database database, long mailboxId, string? error, CancellationToken cancellation)
    {
        var now = time.Now();
        var text = error?.UpTo(500);
        await database.Set<MailboxState>().Where(row => row.MailboxId == mailboxId).ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(row => row.SendError, text);
                if (text is null)
                    set.SetProperty(row => row.SentAt, now);
                else
                    set.SetProperty(row => row.SendErrorAt, now);
            },
            cancellation);
    }
}
