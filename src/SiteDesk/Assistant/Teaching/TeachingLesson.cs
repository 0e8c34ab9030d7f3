using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Teaching;

/// <summary>One thing done at the teaching desk with a group of questions, so that it can be taken back. Its phrases are masked; questions stay where they are.</summary>
internal sealed class TeachingLesson : IVersioned
{
    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required DateTime At { get; init; }

    public required long ById { get; init; }

    public required string ByName { get; init; }

    public required LessonKind Kind { get; init; }

    /// <summary>The intent that was taught; empty for none.</summary>
    public required string Intent { get; init; }

    /// <summary>Whether the intent was made by this.</summary>
    public bool IsNewIntent { get; init; }

    /// <summary>Phrases that were not there before, by language.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Phrases { get; init; }

    /// <summary>Turns that stood at the desk until then.</summary>
    public required IReadOnlyList<long> TurnIds { get; init; }

    /// <summary>Those of them on which nobody had said before what is right.</summary>
    public required IReadOnlyList<long> JudgedIds { get; init; }

    public DateTime? UndoneAt { get; set; }

    public int Version { get; set; }
}

internal enum LessonKind
{
    /// <summary>Phrases of an intent.</summary>
    Tied,

    /// <summary>Phrases about nothing that is answered here.</summary>
    NotForUs,

    /// <summary>Nothing to learn.</summary>
    Dismissed,
}

internal sealed class LessonTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<TeachingLesson>(lesson =>
    {
        lesson.ToVersionedTable("assistant_lessons");
        lesson.Property(row => row.ByName).HasMaxLength(200);
        lesson.Property(row => row.Intent).HasMaxLength(80);
        lesson.Property(row => row.Phrases).HasJson();
        lesson.Property(row => row.TurnIds).HasJson();
        lesson.Property(row => row.JudgedIds).HasJson();
        lesson.HasIndex(row => new { row.SiteId, row.Id });
        lesson.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
    });
}
