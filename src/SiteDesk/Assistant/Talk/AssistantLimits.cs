namespace SiteDesk.Assistant.Talk;

/// <summary>How long a customer waits for the assistant.</summary>
internal sealed record AssistantLimits
{
    /// <summary>An answer takes milliseconds; one that takes longer than this is a person's.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What has waited longer, because nobody was there to answer it, is not answered by a machine any more.</summary>
    public TimeSpan TooLate { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longer than an answer and giving up take together.</summary>
    public TimeSpan Claim => Answer + TimeSpan.FromSeconds(20);
}
