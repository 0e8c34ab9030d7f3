namespace SiteDesk.Customers.SignIn;

/// <summary>A link that signs the holder of an address in: good once, and for a short time.</summary>
public sealed class SignInLink
{
    /// <summary>How long it can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Characters of <see cref="Path"/>.</summary>
    public const int LongestPath = 400;

    public long Id { get; init; }

    /// <summary>The address it was sent to, on the record that has it. With the contact the link goes.</summary>
    public required long ContactId { get; init; }

    /// <summary>What its reader wanted to see, as it was asked for; empty for nothing in particular.</summary>
    public required string Path { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? UsedAt { get; set; }
}
