using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Stores the synonyms of a language as one list: a group on a line, its words separated by commas.</summary>
public sealed class KeepSynonyms(Database database, HelpStamp stamp, AuditLog audit)
{
    private const int LongestWord = 80;

    public async Task<string> ReadAsync(long siteId, string language, CancellationToken cancellation) =>
        string.Join('\n', (await GroupsAsync(siteId, language, cancellation)).Select(group => string.Join(", ", group.Words)));

    public async Task<Outcome<int>> RunAsync(long siteId, string language, string text, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var groups = new List<List<string>>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var words = line.Split([',', '，', '、', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (words.Count == 0)
                continue;
            if (words.Count is 1 or > Synonyms.MostWords || words.Exists(word => word.Length > LongestWord))
                problems.Add(new Problem("Words", "help-desk.synonyms-line", ("line", index + 1), ("count", Synonyms.MostWords)));
            groups.Add(words);
            if (groups.Count <= Synonyms.MostGroups)
                continue;
            problems.Add(new Problem("Words", "help-desk.synonyms-too-many", ("count", Synonyms.MostGroups)));
            break;
        }

        if (problems.Count > 0)
            return problems.Take(20).ToList();
        database.RemoveRange(await GroupsAsync(siteId, language, cancellation));
        database.AddRange(groups.Select(words => new Synonyms { SiteId = siteId, Language = language, Words = words }));
        await stamp.MoveAsync(siteId, cancellation);
        audit.Write(by.AsActor(), "help.synonyms-changed", FormattableString.Invariant($"site:{siteId}"), ("language", language));
        await database.SaveChangesAsync(cancellation);
        return groups.Count;
    }

    private Task<List<Synonyms>> GroupsAsync(long siteId, string language, CancellationToken cancellation) =>
        database.Set<Synonyms>().Where(row => row.SiteId == siteId && row.Language == language).OrderBy(row => row.Id).Take(Synonyms.MostGroups).ToListAsync(cancellation);
}
