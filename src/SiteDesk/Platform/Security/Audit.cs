using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Security;

/// <summary>One line of the audit log: who did what to what. Kept apart from the rows it speaks of, so that it outlives them.</summary>
public sealed class AuditEntry
{
    /// <summary>Characters of a name and of a subject: what people typed into them may be longer.</summary>
    public const int LongestName = 200;

    public long Id { get; init; }

    public required DateTime At { get; init; }

    public required ActorKind ActorKind { get; init; }

    public long? ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>For example <c>staff.invited</c>; its text is <c>audit.staff.invited</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, as kind and key: <c>staff:7</c>, <c>site:1</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Names and values worth knowing; no secrets.</summary>
    public Dictionary<string, string> Details { get; init; } = [];

    /// <summary>The network address the request came from.</summary>
    public string? Address { get; init; }
}

/// <summary>Writes the audit log as part of the caller's unit of work.</summary>
public sealed class AuditLog(Database database, TimeProvider time, IHttpContextAccessor http)
{
    public void Write(Actor actor, string action, string subject, params (string Name, string? Value)[] details) =>
        database.Add(new AuditEntry
        {
            At = time.Now(),
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name.UpTo(AuditEntry.LongestName),
            Action = action,
            Subject = subject.UpTo(AuditEntry.LongestName),
            Details = details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value!, StringComparer.Ordinal),
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
        });
}
