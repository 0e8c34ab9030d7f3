using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>The one language model of an installation: where it stands, and what it may be asked for.</summary>
public sealed class ModelConnection : IVersioned
{
    /// <summary>There is one row, or none.</summary>
    public const long OnlyId = 1;

    public const int LongestAddress = 500;
    public const int LongestModel = 200;

    /// <summary>How long a visitor waits for better words at most, and how short that may be set.</summary>
    public static readonly TimeSpan UsualTimeLimit = TimeSpan.FromSeconds(2.5);
    public static readonly TimeSpan ShortestTimeLimit = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan LongestTimeLimit = TimeSpan.FromSeconds(10);

    public long Id { get; init; } = OnlyId;

    /// <summary>Without a slash at the end: <c>https://api.example.com/v1</c>; <c>/chat/completions</c> follows it.</summary>
    public required string Address { get; set; }

    /// <summary>The model's name as its server knows it.</summary>
    public required string Model { get; set; }

    /// <summary>The key, encrypted; null where the server asks for none.</summary>
    public string? SealedKey { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Whether answers of the assistant are worded by it.</summary>
    public bool WordsAnswers { get; set; } = true;

    /// <summary>Whether agents may have conversations and replies translated.</summary>
    public bool TranslatesForStaff { get; set; }

    /// <summary>How long a visitor's answer may wait for it, in milliseconds.</summary>
    public int TimeLimitMilliseconds { get; set; } = (int)UsualTimeLimit.TotalMilliseconds;

    /// <summary>Most requests in a calendar month (UTC); null for no bound.</summary>
    public long? MostRequests { get; set; }

    /// <summary>Most tokens in a calendar month (UTC), those of questions and of answers together; null for no bound.</summary>
    public long? MostTokens { get; set; }

    public int Version { get; set; }

    public TimeSpan TimeLimit => TimeSpan.FromMilliseconds(TimeLimitMilliseconds);
}

/// <summary>What was asked of the model in a calendar month.</summary>
internal sealed class ModelUse
{
    /// <summary>Year and month in UTC: <c>2031-05</c>.</summary>
    public required string Month { get; init; }

    public long Requests { get; set; }

    /// <summary>As the model's server counted them; estimated from the text where it does not count.</summary>
    public long Tokens { get; set; }
}
