using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>What of a help centre belongs to no article, as a file beside the articles: sections in their order, and synonyms.</summary>
internal sealed class HelpShelves
{
    public const string FileName = "help-centre.json";

    /// <summary>In the order in which they are shown.</summary>
    public List<Shelf> Sections { get; init; } = [];

    /// <summary>Groups of words by language.</summary>
    public Dictionary<string, List<List<string>>> Synonyms { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Read and edited by people; nothing of it is put into a page.
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true, MaxDepth = 32,
    };

    /// <returns>Null when it cannot be read.</returns>
    public static HelpShelves? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HelpShelves>(text, Json) is { } read && read.Sections.TrueForAll(IsWhole) && read.Synonyms.Values.All(groups => groups?.TrueForAll(words => words?.TrueForAll(word => word is not null) == true) == true) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Null as an element is refused nowhere else.
    private static bool IsWhole(Shelf? shelf) => shelf is not null && shelf.Names.Values.All(name => name is not null) && shelf.Sections.TrueForAll(IsWhole);

    public string Write() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Those of a site.</summary>
    public static async Task<HelpShelves> OfAsync(Database database, Site site, IEnumerable<Section> sections, CancellationToken cancellation)
    {
        var all = sections.OrderBy(section => section.Position).ThenBy(section => section.Id).ToList();
        var groups = await database.Set<Synonyms>().AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync(cancellation);
        return new HelpShelves
        {
            Sections = Below(null),
            Synonyms = groups.GroupBy(group => group.Language, StringComparer.Ordinal).OrderBy(language => language.Key, StringComparer.Ordinal)
                .ToDictionary(language => language.Key, language => language.Select(group => group.Words).ToList(), StringComparer.Ordinal),
        };

        List<Shelf> Below(long? parentId) => [.. all.Where(section => section.ParentId == parentId).Select(section => new Shelf
        {
            Names = section.Names.OrderBy(name => name.Language, StringComparer.Ordinal)
                .ToDictionary(name => name.Language, name => new ShelfName { Name = name.Name, Slug = name.Slug, Description = name.Description }, StringComparer.Ordinal),
            Sections = Below(section.Id),
        })];
    }
}

/// <summary>A section with those in it.</summary>
internal sealed class Shelf
{
    /// <summary>By language.</summary>
    public Dictionary<string, ShelfName> Names { get; init; } = [];

    public List<Shelf> Sections { get; init; } = [];
}

internal sealed class ShelfName
{
    public string Name { get; init; } = "";

    public string Slug { get; init; } = "";

    public string Description { get; init; } = "";
}
