using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter;

/// <summary>Adds a section, or names and places one anew.</summary>
public sealed class KeepSection(Database database, HelpStamp stamp)
{
    /// <param name="Names">What it is called, by language; at least in one. An empty name takes the language away.</param>
    /// <param name="Position">Null puts a new one last and leaves an old one where it is.</param>
    public sealed record Request(long? ParentId, IReadOnlyDictionary<string, Words> Names, int? Position = null);

    /// <param name="Slug">Null makes one from the name.</param>
    public sealed record Words(string Name, string Description = "", string? Slug = null);

    /// <param name="section">Null for a new one; else with its names. The change is saved.</param>
    public async Task<Outcome<Section>> RunAsync(Site site, Section? section, Request request, CancellationToken cancellation)
    {
        var all = await database.Set<Section>().Include(other => other.Names).Where(other => other.SiteId == site.Id).OrderBy(other => other.Id).Take(Section.MostPerSite + 1).ToListAsync(cancellation);
        var problems = Check(site, section, request, all);
        if (problems.Count > 0)
            return problems;
        if (section is null)
        {
            section = new Section { SiteId = site.Id };
            database.Add(section);
        }

        section.Move(request.ParentId, request.Position ?? (section.Id != 0 && section.ParentId == request.ParentId ? section.Position : NextPosition(all, request.ParentId)));
        foreach (var (language, words) in request.Names)
            Name(section, language, words, all);
        await stamp.MoveAsync(site.Id, cancellation);
        await database.SaveChangesAsync(cancellation);
        return section;
    }

    private void Name(Section section, string language, Words words, List<Section> all)
    {
        var name = words.Name.Trim();
        if (name.Length == 0)
        {
            if (section.Names.Find(known => known.Language == language) is { } former)
            {
                section.Names.Remove(former);
                database.Remove(former);
            }

            return;
        }

        var taken = all.Where(other => other.Id != section.Id).SelectMany(other => other.Names).Where(other => other.Language == language).Select(other => other.Slug).ToHashSet(StringComparer.Ordinal);
        var wished = words.Slug is { Length: > 0 } given ? given : section.Names.Find(known => known.Language == language)?.Slug ?? Slugs.Of(name, "section");
        section.Call(language, name, Slugs.Free(wished, taken.Contains), words.Description.Trim());
    }

    private static List<Problem> Check(Site site, Section? section, Request request, List<Section> all)
    {
        var problems = new List<Problem>();
        if (section is null && all.Count >= Section.MostPerSite)
            problems.Add(new Problem("", "help.too-many-sections", ("count", Section.MostPerSite)));
        if (request.Names.Values.All(words => string.IsNullOrWhiteSpace(words.Name)))
            problems.Add(new Problem("Name", "help.section-name-needed"));
        foreach (var (language, words) in request.Names)
        {
            if (!Languages.All.Contains(language))
                problems.Add(new Problem("Name", "help.language-unknown", ("site", site.Name)));
            if (words.Name.Trim().Length > SectionName.LongestName)
                problems.Add(new Problem($"Name-{language}", "help.section-name-length", ("count", SectionName.LongestName)));
            if (words.Description.Trim().Length > SectionName.LongestDescription)
                problems.Add(new Problem($"Description-{language}", "help.description-length", ("count", SectionName.LongestDescription)));
            if (words.Slug is { Length: > 0 } slug && !Slugs.IsValid(slug))
                problems.Add(new Problem($"Slug-{language}", "help.slug-form"));
        }

        if (!FitsUnder(section, request.ParentId, all))
            problems.Add(new Problem("Parent", "help.section-depth", ("count", Section.Deepest)));
        return problems;
    }

    /// <summary>A section lies in another of its site, not in itself or below itself, and not deeper than readers follow.</summary>
    private static bool FitsUnder(Section? section, long? parentId, List<Section> all)
    {
        var above = 0;
        for (var parent = parentId; parent is not null; above++)
        {
            if (parent == section?.Id || all.Find(other => other.Id == parent) is not { } found || above > Section.Deepest)
                return false;
            parent = found.ParentId;
        }

        return above + HeightOf(section?.Id, all) <= Section.Deepest;
    }

    private static int HeightOf(long? id, List<Section> all) =>
        id is null ? 1 : 1 + all.Where(other => other.ParentId == id).Select(other => HeightOf(other.Id, all)).DefaultIfEmpty(0).Max();

    private static int NextPosition(List<Section> all, long? parentId) =>
        all.Where(other => other.ParentId == parentId).Select(other => other.Position + 1).DefaultIfEmpty(0).Max();
}
