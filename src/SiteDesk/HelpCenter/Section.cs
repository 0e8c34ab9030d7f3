using SiteDesk.Platform.Data;

namespace SiteDesk.HelpCenter;

/// <summary>A section of a site's help centre. Sections may lie in one another, to <see cref="Deepest"/> levels.</summary>
public sealed class Section : IVersioned
{
    /// <summary>Levels of sections in sections.</summary>
    public const int Deepest = 3;

    /// <summary>Sections a site may have.</summary>
    public const int MostPerSite = 500;

    public long Id { get; init; }

    public required long SiteId { get; init; }

    public long? ParentId { get; private set; }

    /// <summary>Order among the sections of the same parent, from 0; equal ones by key.</summary>
    public int Position { get; private set; }

    public List<SectionName> Names { get; init; } = [];

    public int Version { get; set; }

    /// <summary>Puts it elsewhere.</summary>
    /// <param name="parentId">Null for the top. That this makes no circle is the caller's to know: a section does not see the others.</param>
    public void Move(long? parentId, int position)
    {
        if (parentId is not null && parentId == Id)
            throw new ArgumentException("A section cannot lie in itself.", nameof(parentId));
        (ParentId, Position) = (parentId, position);
    }

    /// <summary>Names it in a language, or renames it.</summary>
    public SectionName Call(string language, string name, string slug, string description)
    {
        var words = Names.Find(words => words.Language == language);
        if (words is null)
        {
            words = new SectionName { SiteId = SiteId, Language = language, Name = name, Slug = slug, Description = description };
            Names.Add(words);
        }

        (words.Name, words.Slug, words.Description) = (name, slug, description);
        return words;
    }
}

/// <summary>What a section is called in one language.</summary>
public sealed class SectionName
{
    /// <summary>Characters of a name.</summary>
    public const int LongestName = 120;

    /// <summary>Characters of a description.</summary>
    public const int LongestDescription = 500;

    public long Id { get; init; }

    public long SectionId { get; init; }

    /// <summary>The section's site: addresses are unique within it.</summary>
    public required long SiteId { get; init; }

    public required string Language { get; init; }

    public required string Name { get; set; }

    /// <summary>Last part of its address; unique in a site and language.</summary>
    public required string Slug { get; set; }

    public string Description { get; set; } = "";
}
