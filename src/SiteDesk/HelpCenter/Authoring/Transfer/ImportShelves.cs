using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Takes sections and synonyms into a help centre. A section is known again by its address in a language; nothing is ever removed.</summary>
public sealed class ImportShelves(Database database, KeepSection keepSection)
{
    private const int LongestWord = 80;

    /// <summary>Puts them where the file has them.</summary>
    /// <param name="isPreview">Only says what would happen.</param>
    /// <returns>Null when there is no such file.</returns>
    public async Task<ImportRow?> RunAsync(Site site, TransferFiles files, bool isPreview, CancellationToken cancellation)
    {
        if (files.FindBelow(HelpShelves.FileName) is not { } path)
            return null;
        if (HelpShelves.Read(files.Text(path)) is not { } shelves)
            return new ImportRow(path, "", HelpShelves.FileName, ImportStep.Refused, [new Problem("", "help-transfer.shelves-unreadable")]);
        var isEmpty = !await database.Set<Section>().AnyAsync(section => section.SiteId == site.Id, cancellation);
        var taking = new Taking(site, isPreview);
        await TakeSectionsAsync(taking, shelves.Sections, parentId: null, cancellation);
        foreach (var (language, groups) in shelves.Synonyms.Where(pair => site.Languages.Contains(pair.Key)))
            await TakeSynonymsAsync(taking, language, groups, cancellation);
        if (!isPreview)
            await database.SaveChangesAsync(cancellation);
        database.ChangeTracker.Clear();
        var step = taking.Problems.Count > 0 ? ImportStep.Refused : !taking.HasChanged ? ImportStep.Same : isEmpty ? ImportStep.New : ImportStep.Changed;
        return new ImportRow(path, "", HelpShelves.FileName, step, taking.Problems);
    }

    private async Task TakeSectionsAsync(Taking taking, List<Shelf> shelves, long? parentId, CancellationToken cancellation)
    {
        foreach (var (position, shelf) in shelves.Index())
        {
            var names = shelf.Names.Where(pair => taking.Site.Languages.Contains(pair.Key) && pair.Value.Name.Trim().Length > 0)
                .ToDictionary(pair => pair.Key, pair => new KeepSection.Words(pair.Value.Name, pair.Value.Description, pair.Value.Slug), StringComparer.Ordinal);
            if (names.Count == 0)
                continue;
            var known = await FindAsync(taking.Site, names, parentId, cancellation);
            var isSame = known is not null && known.ParentId == parentId && known.Position == position && names.All(pair => IsCalled(known, pair.Key, pair.Value));
            taking.HasChanged |= !isSame;
            if (!isSame && !taking.IsPreview)
            {
                var kept = await keepSection.RunAsync(taking.Site, known, new KeepSection.Request(parentId, names, position), cancellation);
                if (!kept.Succeeded)
                {
                    taking.Problems.Add(kept.Problems[0]);
                    return;
                }

                known = kept.Value;
            }

            if (known is not null) // what lies in a section that is yet to be made is new, too
                await TakeSectionsAsync(taking, shelf.Sections, known.Id, cancellation);
        }
    }

    private async Task<Section?> FindAsync(Site site, Dictionary<string, KeepSection.Words> names, long? parentId, CancellationToken cancellation)
    {
        var all = await database.Set<Section>().Include(section => section.Names).Where(section => section.SiteId == site.Id).OrderBy(section => section.Id).Take(Section.MostPerSite).ToListAsync(cancellation);
        return all.Find(section => section.Names.Exists(name => names.GetValueOrDefault(name.Language)?.Slug == name.Slug))
            ?? all.Find(section => section.ParentId == parentId && section.Names.Exists(name => string.Equals(names.GetValueOrDefault(name.Language)?.Name, name.Name, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsCalled(Section section, string language, KeepSection.Words words) =>
        section.Names.Find(name => name.Language == language) is { } name && name.Name == words.Name.Trim() && name.Description == words.Description.Trim() && (string.IsNullOrEmpty(words.Slug) || name.Slug == words.Slug);

    private async Task TakeSynonymsAsync(Taking taking, string language, List<List<string>> groups, CancellationToken cancellation)
    {
        var siteId = taking.Site.Id;
        var known = await database.Set<Synonyms>().Where(row => row.SiteId == siteId && row.Language == language).OrderBy(row => row.Id).Take(Synonyms.MostGroups).ToListAsync(cancellation);
        var added = groups.Where(words => !known.Exists(group => group.Words.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(words))).ToList();
        if (added.Exists(words => words.Count is < 2 or > Synonyms.MostWords || words.Exists(word => word.Trim().Length is 0 or > LongestWord)))
            taking.Problems.Add(new Problem("", "help-transfer.synonyms-refused", ("language", language), ("count", Synonyms.MostWords)));
        else if (known.Count + added.Count > Synonyms.MostGroups)
            taking.Problems.Add(new Problem("", "help-desk.synonyms-too-many", ("count", Synonyms.MostGroups)));
        else if (added.Count > 0)
        {
            taking.HasChanged = true;
            if (!taking.IsPreview)
                database.AddRange(added.Select(words => new Synonyms { SiteId = siteId, Language = language, Words = [.. words.Select(word => word.Trim())] }));
        }
    }

    private sealed class Taking(Site site, bool isPreview)
    {
        public Site Site => site;

        public bool IsPreview => isPreview;

        public bool HasChanged { get; set; }

        public List<Problem> Problems { get; } = [];
    }
}
