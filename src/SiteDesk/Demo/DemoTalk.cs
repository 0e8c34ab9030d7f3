using SiteDesk.Assistant.Talk;

namespace SiteDesk.Demo;

/// <summary>What a conversation of the script says about the assistant's part in it.</summary>
/// <param name="Ends"><c>confirmed</c>, <c>assumed</c>, <c>active</c>, <c>taken</c> by a colleague, or the cause for which a person has it, as <see cref="HandOverCause"/> names it.</param>
/// <param name="Facts">What the customer gave, by slot.</param>
/// <param name="Wrong">What would have been right where a colleague called the first answer wrong: an intent, or <c>article:</c> with the article's key.</param>
internal sealed record DemoTalk(string Ends, Dictionary<string, string> Facts, string? Wrong)
{
    public bool IsConfirmed => Ends == "confirmed";

    public bool IsAssumed => Ends == "assumed";

    public bool IsTaken => Ends == "taken";

    public bool IsSolved => IsConfirmed || IsAssumed;

    /// <summary>Why a person has it; null while none has.</summary>
    public HandOverCause? Cause => Enum.TryParse<HandOverCause>(Ends, ignoreCase: true, out var cause) ? cause : null;

    /// <summary>Talks of a language, as conversations; the script numbers them behind the others.</summary>
    public static IEnumerable<DemoConversation> Load(string language) =>
        DemoScript.Read<List<Written>>($"talks.{language}.json").Select(talk => new DemoConversation(
            talk.Lines, talk.Tags ?? [], talk.Team ?? "care", talk.Customer, talk.Channel, Status: talk.Status ?? "solved", Priority: talk.Priority ?? "normal", Agent: talk.Agent,
            Site: talk.Site, Language: language, Talk: new DemoTalk(talk.Talk, talk.Facts ?? new(StringComparer.Ordinal), talk.Wrong), Days: talk.Days));

    private sealed record Written(
        string Site, string Customer, string Talk, string Channel, List<string> Lines, string? Agent = null, string? Team = null, List<string>? Tags = null, string? Status = null,
        string? Priority = null, int? Days = null, Dictionary<string, string>? Facts = null, string? Wrong = null);
}
