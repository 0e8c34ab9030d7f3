using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>A state of what was taught: the one in work, the live one, or one of before.</summary>
internal sealed class KnowledgeVersion : IVersioned
{
    public long Id { get; init; }

    /// <summary>1, 2, 3 …; 0 for the one in work, of which there is one at most.</summary>
    public required int Number { get; init; }

    public required KnowledgeDocument Document { get; set; }

    /// <summary>Whether it answers; of the published ones exactly one does.</summary>
    public bool IsLive { get; set; }

    public required DateTime CreatedAt { get; init; }

    public long? ById { get; set; }

    /// <summary>Who published it, or last changed the one in work.</summary>
    public required string ByName { get; set; }

    /// <summary>What changed, in the words of who published it.</summary>
    public string Note { get; set; } = "";

    public int Version { get; set; }
}
