using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Accounts;

/// <summary>Wrong passwords lately: from one network address, or for an e-mail address that nobody here has.</summary>
public sealed class SignInFailures
{
    /// <summary>The address, or its /64 network under IPv6; for a stranger's e-mail address a hash of it.</summary>
    public required string Network { get; init; }

    public required int Count { get; init; }

    /// <summary>The first of them; of a stranger's the last.</summary>
    public required DateTime Since { get; init; }
}

/// <summary>
/// Slows down who tries passwords of many accounts from one address; the lockout of the account itself does not see that.
/// Counts failures only: a whole office behind one address signs in freely. The counts are rows, so that they hold for all nodes
/// together and over a restart; beside the work of a password's hash, reading one row by its key is nothing.
/// </summary>
public sealed class SignInLimit(Database database, TimeProvider time)
{
    /// <summary>Failures of one address within <see cref="Window"/> after which it waits.</summary>
    public const int MostFailures = 30;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <returns>How long the address has to wait; null when it may try.</returns>
    public async Task<TimeSpan?> WaitOfAsync(IPAddress? address, CancellationToken cancellation)
    {
        var network = AddressWatch.Network(address);
        var failures = await database.Set<SignInFailures>().AsNoTracking().FirstOrDefaultAsync(row => row.Network == network, cancellation);
        if (failures is null || failures.Count < MostFailures)
            return null;
        var left = Window - (time.Now() - failures.Since);
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>Whether so many wrong passwords were tried for an address without account that an account would be closed now (<see cref="AccountsModule.MostFailures"/>).</summary>
    public async Task<bool> IsClosedAsync(string email, CancellationToken cancellation)
    {
        var (key, before) = (KeyOf(email), time.Now() - AccountsModule.Lockout);
        return await database.Set<SignInFailures>().AnyAsync(row => row.Network == key && row.Count >= AccountsModule.MostFailures && row.Since > before, cancellation);
    }

    /// <summary>Counts a wrong password for an address without account, as accounts count theirs.</summary>
    public Task StrangerFailedAsync(string email, CancellationToken cancellation)
    {
        var (key, now) = (KeyOf(email), time.Now());
        return database.InTransactionAsync(
            () => database.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO accounts_sign_in_failures ("Network", "Count", "Since") VALUES ({key}, 1, {now})
                ON CONFLICT ("Network") DO UPDATE SET
                  "Count" = CASE WHEN accounts_sign_in_failures."Count" >= {AccountsModule.MostFailures} THEN 1 ELSE accounts_sign_in_failures."Count" + 1 END,
                  "Since" = {now}
                """, cancellation),
            cancellation);
    }

    // What strangers typed is not kept readable. No network address begins so.
    private static string KeyOf(string email) => $"nobody:{Tokens.Hash(email)}".UpTo(64);

    /// <summary>Counts one failure; at the same moment from several nodes each is counted.</summary>
    public Task FailedAsync(IPAddress? address, CancellationToken cancellation)
    {
        var (network, now) = (AddressWatch.Network(address), time.Now());
        var before = now - Window;
        return database.InTransactionAsync(
            () => database.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO accounts_sign_in_failures ("Network", "Count", "Since") VALUES ({network}, 1, {now})
                ON CONFLICT ("Network") DO UPDATE SET
                  "Count" = CASE WHEN accounts_sign_in_failures."Since" <= {before} THEN 1 ELSE accounts_sign_in_failures."Count" + 1 END,
                  "Since" = CASE WHEN accounts_sign_in_failures."Since" <= {before} THEN {now} ELSE accounts_sign_in_failures."Since" END
                """, cancellation),
            cancellation);
    }
}
