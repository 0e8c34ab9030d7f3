using System.Collections.Frozen;
using SiteDesk.Customers;
using SiteDesk.Language;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Who reads, as far as articles care.</summary>
public enum ReaderLevel
{
    Everybody,
    SignedIn,
    Staff,
}

/// <summary>Somebody who reads.</summary>
/// <param name="Segments">For each of the snapshot's segments whether they belong to it, as <c>1</c> or <c>0</c>; two readers with equal ones see the same.</param>
public sealed record HelpReader(ReaderLevel Level, string Segments = "")
{
    public bool IsIn(int segment) => segment < Segments.Length && Segments[segment] == '1';

    public static implicit operator HelpReader(ReaderLevel level) => level switch
    {
        ReaderLevel.Staff => Staff,
        ReaderLevel.SignedIn => SignedIn,
        _ => Everybody,
    };

    private static readonly HelpReader Everybody = new(ReaderLevel.Everybody);
    private static readonly HelpReader SignedIn = new(ReaderLevel.SignedIn);
    private static readonly HelpReader Staff = new(ReaderLevel.Staff);
}

/// <summary>An article as lists, search and addresses need it; its body is read when somebody opens it.</summary>
/// <param name="Segment">The number of the segment it is for among the snapshot's; null when it is for the whole audience.</param>
public sealed record ArticleHead(
    long Id, long VersionId, long SectionId, int Position, Audience Audience, int? Segment, string Slug, string Title, string Summary,
    DateTime PublishedAt, DateTime FirstPublishedAt)
{
    /// <summary>Articles its authors named as related, in their order.</summary>
    public IReadOnlyList<long> RelatedIds { get; init; } = [];

    /// <summary>A segment's articles are for the signed-in customers who belong to it, and for the staff.</summary>
    public bool IsFor(HelpReader reader) => reader.Level == ReaderLevel.Staff
        || (int)Audience <= (int)reader.Level && (Segment is not { } segment || reader.Level == ReaderLevel.SignedIn && reader.IsIn(segment));
}

/// <summary>A section with what lies in it, in order.</summary>
public sealed record SectionHead(long Id, long? ParentId, string Slug, string Name, string Description)
{
    public IReadOnlyList<SectionHead> Children { get; init; } = [];

    public IReadOnlyList<ArticleHead> Articles { get; init; } = [];

    public IEnumerable<ArticleHead> ArticlesFor(HelpReader reader) => Articles.Where(article => article.IsFor(reader));

    /// <summary>Its sections that hold something for the reader.</summary>
    public IEnumerable<SectionHead> ChildrenFor(HelpReader reader) => Children.Where(child => child.CountFor(reader) > 0);

    /// <summary>Articles in it and below it.</summary>
    public int CountFor(HelpReader reader) => ArticlesFor(reader).Count() + Children.Sum(child => child.CountFor(reader));
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

    /// <summary>Whether there are articles that only signed-in customers read.</summary>
    public required bool HasForCustomers { get; init; }

    /// <summary>
    /// What is less like the query has nothing to do with it. Of 450 questions that people would ask over the demonstration's articles,
    /// the right article stays below this for two; of thirty words that no article speaks of, most stay below it.
    /// </summary>
    private const double LeastLikeness = 0.08;

    /// <summary>Searches what the reader may read.</summary>
    /// <param name="isTyping">Whether the last word may be unfinished.</param>
    public SearchResults Search(string query, HelpReader reader, int count, bool isTyping = true)
    {
        var found = Index.Search(query, new SearchOptions { Count = count, IsTyping = isTyping, Accept = IsOpen || reader.Level == ReaderLevel.Staff ? null : id => ArticlesById[id].IsFor(reader) });
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

    /// <summary>The segments its articles are for, as tests of a customer with contacts.</summary>
    public IReadOnlyList<Func<Customer, bool>> Segments { get; init; } = [];

    /// <summary>A customer who is signed in, as a reader of this snapshot.</summary>
    public HelpReader ReaderOf(Customer customer) => new(ReaderLevel.SignedIn, string.Concat(Segments.Select(segment => segment(customer) ? '1' : '0')));

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
