using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Intents;

/// <summary>A trial of what is in work against past questions. A row, so that any node can show it and stop it. It holds keys and no words of anybody's.</summary>
internal sealed class AssistantTrial : IVersioned
{
    /// <summary>Without a sign of life for so long the node that ran it is gone.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    public long Id { get; init; }

    public required long SiteId { get; init; }

    /// <summary>What was in work: by <see cref="KnowledgeInWork.DraftVersion"/>.</summary>
    public required string DraftVersion { get; init; }

    public required long ById { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTime BeatAt { get; set; }

    public TrialState State { get; set; }

    /// <summary>The turns whose questions are tried, newest first.</summary>
    public required IReadOnlyList<long> TurnIds { get; init; }

    /// <summary>How many of them were tried.</summary>
    public int Done { get; set; }

    /// <summary>Those whose answer changes.</summary>
    public IReadOnlyList<TrialChange> Changes { get; set; } = [];

    public int Version { get; set; }

    public bool IsRunning(DateTime now) => State is TrialState.Waiting or TrialState.Running && now - BeatAt < LongestSilence;
}

internal enum TrialState
{
    Waiting,
    Running,
    Done,
    Cancelled,
    Failed,
}

internal enum TrialJudgement
{
    Better,
    Worse,

    /// <summary>Nobody has said what would be right.</summary>
    Different,
}

/// <summary>What the assistant would do with a question asked for the first time.</summary>
/// <param name="Kind">answer, ask, rephrase, person.</param>
/// <param name="Candidates">What is answered, or what is offered.</param>
/// <param name="ArticleId">The article shown; null for own words or none.</param>
internal sealed record TrialOutcome(string Kind, IReadOnlyList<string> Candidates, long? ArticleId);

internal sealed record TrialChange(long TurnId, TrialJudgement Judgement, TrialOutcome Before, TrialOutcome After);

internal sealed class TrialTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<AssistantTrial>(trial =>
    {
        trial.ToVersionedTable("assistant_trials");
        trial.Property(row => row.DraftVersion).HasMaxLength(40);
        trial.Property(row => row.TurnIds).HasJson();
        trial.Property(row => row.Changes).HasJson();
        trial.HasIndex(row => new { row.SiteId, row.Id });
        trial.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
    });
}
