using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Which lines of the audit log are wanted. Null or empty means all.</summary>
/// <param name="Action">An action, or the kind of it with a dot at the end: <c>staff.</c></param>
/// <param name="From">First day, in the reader's zone.</param>
/// <param name="To">Last day, in the reader's zone.</param>
/// <param name="Before">Key of the last line of the page before: only older ones.</param>
public sealed record AuditFilter(long? ActorId, string? Action, DateOnly? From, DateOnly? To, long? Before)
{
    /// <summary>As a query string.</summary>
    public string Query => string.Join('&',
        new[]
        {
            ("person", ActorId?.ToString(CultureInfo.InvariantCulture)), ("action", Action),
            ("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("to", To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("before", Before?.ToString(CultureInfo.InvariantCulture)),
        }.Where(pair => pair.Item2 is { Length: > 0 }).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));
}

/// <param name="HasMore">Whether older lines follow.</param>
public sealed record AuditPageOfLines(IReadOnlyList<AuditEntry> Lines, bool HasMore);

/// <summary>Reads the audit log page by page, newest first; a page costs the same however long the log is.</summary>
public sealed class AuditReader(Database database)
{
    public const int PageSize = 50;

    public async Task<AuditPageOfLines> ReadAsync(Staff reader, AuditFilter filter, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var found = await Query(reader, filter, zone).OrderByDescending(line => line.Id).Take(PageSize + 1).ToListAsync(cancellation);
        return new(found.Take(PageSize).ToList(), found.Count > PageSize);
    }

    /// <summary>The lines this person may see and wants, not ordered.</summary>
    public IQueryable<AuditEntry> Query(Staff reader, AuditFilter filter, TimeZoneInfo zone)
    {
        var lines = VisibleTo(reader);
        if (filter.ActorId is { } actor)
            lines = lines.Where(line => line.ActorId == actor && line.ActorKind == ActorKind.Staff);
        if (filter.Action is [.., '.'] kind)
            lines = lines.Where(line => line.Action.StartsWith(kind));
        else if (filter.Action is { Length: > 0 } action)
            lines = lines.Where(line => line.Action == action);
        if (filter.From is { } from)
        {
            var start = StartOf(from, zone);
            lines = lines.Where(line => line.At >= start);
        }

        if (filter.To is { } to)
        {
            var end = StartOf(to.AddDays(1), zone);
            lines = lines.Where(line => line.At < end);
        }

        return filter.Before is { } before ? lines.Where(line => line.Id < before) : lines;
    }

    /// <summary>Who is confined sees what they did themselves and what was done to their sites.</summary>
    private IQueryable<AuditEntry> VisibleTo(Staff reader)
    {
        var lines = database.Set<AuditEntry>().AsNoTracking();
        if (reader.SiteIds is null && reader.TeamIds is null)
            return lines;
        var subjects = (reader.SiteIds ?? []).Select(id => $"site:{id}").ToList();
        return lines.Where(line => line.ActorKind == ActorKind.Staff && line.ActorId == reader.Id || subjects.Contains(line.Subject));
    }

    /// <summary>Midnight in UTC; where the clock skips midnight, the first moment of the day.</summary>
    private static DateTime StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
