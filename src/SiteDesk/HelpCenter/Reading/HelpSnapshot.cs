using System.Collections.Frozen;
using SiteDesk.Language;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Who reads, as far as articles care.</summary>
public enum ReaderLevel
{
    Everybody,
    SignedIn,
    Staff,
}

/// <summary>An article as lists, search and addresses need it; its body is read when somebody opens it.</summary>
public sealed record ArticleHead(
    long Id, long VersionId, long SectionId, int Position, Audience Audience, bool IsForSegment, string Slug, string Title, string Summary,
    DateTime PublishedAt, DateTime FirstPublishedAt)
{
    /// <summary>Articles its authors named as related, in their order.</summary>
    public IReadOnlyList<long> RelatedIds { get; init; } = [];

    /// <summary>A segment's articles are for customers whose segment is known; who is merely signed in does not see them.</summary>
    public bool IsFor(ReaderLevel reader) => reader == ReaderLevel.Staff || !IsForSegment && (int)Audience <= (int)reader;
}

/// <summary>A section with what lies in it, in order.</summary>
public sealed record SectionHead(long Id, long? ParentId, string Slug, string Name, string Description)
{
    public IReadOnlyList<SectionHead> Children { get; init; } = [];

    public IReadOnlyList<ArticleHead> Articles { get; init; } = [];

    public IEnumerable<ArticleHead> ArticlesFor(ReaderLevel reader) => Articles.Where(article => article.IsFor(reader));

    /// <summary>Its sections that hold something for the reader.</summary>
    public IEnumerable<SectionHead> ChildrenFor(ReaderLevel reader) => Children.Where(child => child.CountFor(reader) > 0);

    /// <summary>Articles in it and below it.</summary>
    public int CountFor(ReaderLevel reader) => ArticlesFor(reader).Count() + Children.Sum(child => child.CountFor(reader));
}

/// <summary>A site's help centre in one language: never changed, only followed by the next.</summary>
public sealed class HelpShelf
{
    public required string Language { get; init; }

    /// <summary>Those without a parent, in order.</summary>
    public required IReadOnlyList<SectionHead> Sections { get; init; }

    public required FrozenDictionary<long, SectionHead> SectionsById { get; init; }

    public required FrozenDictionary<string, SectionHead> SectionsBySlug { get; init; }

    public required FrozenDictionary<long, ArticleHead> ArticlesById { get; init; }

    public required FrozenDictionary<string, ArticleHead> ArticlesBySlug { get; init; }

    public required SearchIndex Index { get; init; }

    /// <summary>Whether every article is for everybody, so that a search need not ask for each.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>
    /// What is less like the query has nothing to do with it. Of 450 questions that people would ask over the demonstration's articles,
    /// the right article stays below this for two; of thirty words that no article speaks of, most stay below it.
    /// </summary>
    private const double LeastLikeness = 0.08;

    /// <summary>Searches what the reader may read.</summary>
    /// <param name="isTyping">Whether the last word may be unfinished.</param>
    public SearchResults Search(string query, ReaderLevel reader, int count, bool isTyping = true)
    {
        var found = Index.Search(query, new SearchOptions { Count = count, IsTyping = isTyping, Accept = IsOpen || reader == ReaderLevel.Staff ? null : id => ArticlesById[id].IsFor(reader) });
        return found with { Hits = [.. found.Hits.TakeWhile(hit => hit.Score >= LeastLikeness)] };
    }

    /// <summary>From the top down to the section itself.</summary>
    public List<SectionHead> PathTo(long sectionId)
    {
        var path = new List<SectionHead>();
        for (var id = (long?)sectionId; id is { } next && SectionsById.TryGetValue(next, out var section) && path.Count <= HelpCenter.Section.Deepest; id = section.ParentId)
            path.Insert(0, section);
        return path;
    }
}

/// <summary>A site's help centre as readers see it, in all its languages.</summary>
public sealed class HelpSnapshot
{
    private static long _generations;

    public required long SiteId { get; init; }

    /// <summary>The site's stamp when the rows were read; 0 before the first change.</summary>
    public required long Stamp { get; init; }

    /// <summary>Tells this snapshot from every other of this process: what was made from it is kept under this number.</summary>
    public long Generation { get; } = Interlocked.Increment(ref _generations);

    public required FrozenDictionary<string, HelpShelf> Shelves { get; init; }

    /// <summary>Addresses articles had before, by language and slug.</summary>
    public required FrozenDictionary<(string Language, string Slug), long> FormerAddresses { get; init; }

    public bool IsEmpty => Shelves.Values.All(shelf => shelf.ArticlesById.Count == 0);

    /// <summary>The languages in which a reader finds the article, the given ones' order kept.</summary>
    public IEnumerable<(string Language, ArticleHead Article)> LanguagesOf(long articleId, IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            if (Shelves.TryGetValue(language, out var shelf) && shelf.ArticlesById.TryGetValue(articleId, out var article))
                yield return (language, article);
        }
    }
}
