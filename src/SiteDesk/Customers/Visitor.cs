namespace SiteDesk.Customers;

/// <summary>A browser that talks to a site through the widget, proven by a secret only it has.</summary>
public sealed class Visitor
{
    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required long CustomerId { get; set; }

    /// <summary>SHA-256 of the secret in the visitor's browser.</summary>
    public required string TokenHash { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime LastSeenAt { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>Network address of the last request; removed with the page visits.</summary>
    public string? Address { get; set; }

    /// <summary>Version of the consent text agreed to; null while not agreed or withdrawn.</summary>
    public int? ConsentNumber { get; set; }

    /// <summary>Version of the consent text under which pages may be recorded; null while not agreed or withdrawn.</summary>
    public int? PagesConsentNumber { get; set; }
}

/// <summary>That a visitor agreed or withdrew, and to which wording: kept as evidence.</summary>
public sealed class ConsentRecord
{
    public long Id { get; init; }

    public required long SiteId { get; init; }

    /// <summary>Whose decision it was; leads nowhere once the person was erased.</summary>
    public required long VisitorId { get; init; }

    /// <summary>
    /// What remains of who it was once the person was erased: the hash of the secret in their browser. Only who still has that
    /// browser can show that the line is theirs; null while the visitor is known.
    /// </summary>
    public string? VisitorHash { get; set; }

    public required ConsentPurpose Purpose { get; init; }

    public required int Number { get; init; }

    public required string Language { get; init; }

    public required bool Granted { get; init; }

    public required DateTime At { get; init; }
}

/// <summary>What a visitor agrees to; each by itself.</summary>
public enum ConsentPurpose
{
    /// <summary>That messages and what they carry are kept to be answered.</summary>
    Messages,

    /// <summary>That the pages visited are recorded.</summary>
    Pages,
}

/// <summary>A page a visitor opened after agreeing.</summary>
public sealed class PageVisit
{
    public long Id { get; init; }

    public required long VisitorId { get; init; }

    public required long CustomerId { get; set; }

    public required string Address { get; init; }

    public string Title { get; init; } = "";

    public required DateTime At { get; init; }
}
