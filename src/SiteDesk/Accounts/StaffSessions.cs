using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>
/// Signed-in browsers. The cookie holds a secret, the row its hash: closing the row signs out at once, on every node
/// (<see cref="SessionMemory"/>).
/// </summary>
public sealed class StaffSessions(Database database, SessionMemory memory, TimeProvider time)
{
    public const string Cookie = "sitedesk.session";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    /// <summary>How exact <see cref="Session.LastSeenAt"/> is: a row is not written with every request.</summary>
    public static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(5);

    /// <summary>Signs a browser in.</summary>
    public async Task StartAsync(StaffMember member, HttpContext http, CancellationToken cancellation)
    {
        var now = time.Now();
        var secret = Tokens.New();
        var agent = http.Request.Headers.UserAgent.ToString();
        database.Add(new Session
        {
            StaffId = member.Id,
            TokenHash = Tokens.Hash(secret),
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + Lifetime,
            UserAgent = agent.UpTo(300),
            Address = http.Connection.RemoteIpAddress?.ToString(),
        });
        await database.SaveChangesAsync(cancellation);
        http.Response.Cookies.Append(Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = Lifetime,
            IsEssential = true,
        });
    }

    /// <returns>The person behind the request's cookie, or null.</returns>
    public async Task<(Staff Staff, long SessionId)?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and <= 64 } secret)
            return null;
        var hash = Tokens.Hash(secret);
        if (memory.Find(hash) is { } known)
            return known;

        var generation = memory.Generation;
        var now = time.Now();
        var session = await database.Set<Session>().AsNoTracking().FirstOrDefaultAsync(session => session.TokenHash == hash && session.ExpiresAt > now, cancellation);
        if (session is null)
            return null;
        var member = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams)
            .FirstOrDefaultAsync(member => member.Id == session.StaffId && member.DeactivatedAt == null, cancellation);
        if (member is null)
            return null;

        if (now - session.LastSeenAt > SeenPrecision)
            await TouchAsync(session.Id, now, http.Connection.RemoteIpAddress?.ToString(), cancellation);
        var staff = member.AsStaff();
        memory.Keep(hash, staff, session.Id, generation);
        return (staff, session.Id);
    }

    /// <summary>Ends one session.</summary>
    public async Task EndAsync(long sessionId, CancellationToken cancellation)
    {
        var session = await database.Set<Session>().FirstOrDefaultAsync(session => session.Id == sessionId, cancellation);
        if (session is null)
            return;
        database.Remove(session);
        SignalEnd(session.StaffId);
        await database.SaveChangesAsync(cancellation);
        memory.Forget(session.StaffId);
    }

    /// <summary>Signs a person out everywhere, except in the given session.</summary>
    public async Task EndAllAsync(long staffId, long? except, CancellationToken cancellation)
    {
        await database.InTransactionAsync(
            () =>
            {
                SignalEnd(staffId);
                return database.Set<Session>().Where(session => session.StaffId == staffId && session.Id != except).ExecuteDeleteAsync(cancellation);
            },
            cancellation);
        memory.Forget(staffId);
    }

    /// <summary>What this node remembers of a person is read anew: after a change of role, limits or profile.</summary>
    public void Forget(long staffId) => memory.Forget(staffId);

    /// <summary>Other nodes forget the person, and open streams come again, if they still may.</summary>
    private void SignalEnd(long staffId)
    {
        database.Signal(() => SessionMemory.ForgetSignal(staffId));
        database.Signal(() => new LiveSignal($"staff:{staffId}", ChangeStaff.RightsChanged, "{}"));
    }

    private async Task TouchAsync(long sessionId, DateTime now, string? address, CancellationToken cancellation) =>
        await database.Set<Session>().Where(session => session.Id == sessionId).ExecuteUpdateAsync(
            set => set.SetProperty(session => session.LastSeenAt, now).SetProperty(session => session.ExpiresAt, now + Lifetime).SetProperty(session => session.Address, address),
            cancellation);
}

/// <summary>Finds out who makes the request, before its route's rule is looked at.</summary>
public sealed class StaffAuthenticationMiddleware(RequestDelegate next)
{
    private static readonly object SessionKey = new();

    public async Task InvokeAsync(HttpContext http, StaffSessions sessions)
    {
        var knowsByCookie = http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<BearerOnly>() is null;
        if (knowsByCookie && await sessions.FindAsync(http, http.RequestAborted) is var (staff, sessionId))
        {
            http.SetStaff(staff);
            http.Items[SessionKey] = sessionId;
            http.SetReader(staff.Language, staff.TimeZone);

            // Antiforgery tokens are bound to the person by their claims.
            http.User = new(new System.Security.Claims.ClaimsIdentity(
                [new(System.Security.Claims.ClaimTypes.NameIdentifier, staff.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)), new(System.Security.Claims.ClaimTypes.Name, staff.Email)],
                "Session"));
        }

        await next(http);
    }

    /// <returns>The key of the session the request came with; null when it came with a bearer token or nothing.</returns>
    public static long? SessionOf(HttpContext http) => http.Items.TryGetValue(SessionKey, out var session) ? (long?)session : null;
}
