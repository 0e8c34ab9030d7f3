using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>A version of what visitors agree to: all its wordings.</summary>
public sealed record ConsentVersion(int Number, DateTime CreatedAt, IReadOnlyDictionary<string, string> Texts);

/// <summary>Decides what is collected of visitors, and writes the next version of what they agree to.</summary>
public sealed class ChangePrivacy(Database database, ChangeSite change, TimeProvider time)
{
    /// <summary>Characters of a consent text.</summary>
    public const int LongestWording = 2000;

    /// <summary>Longest time for which tickets can be kept without keeping them for good.</summary>
    public const int MostTicketMonths = 120;

    /// <summary>Every version, newest first, as long as a page can show them.</summary>
    public async Task<IReadOnlyList<ConsentVersion>> VersionsAsync(long siteId, CancellationToken cancellation)
    {
        var texts = await database.Set<ConsentText>().AsNoTracking().Where(text => text.SiteId == siteId).OrderByDescending(text => text.Number).Take(300).ToListAsync(cancellation);
        return [.. texts.GroupBy(text => text.Number).OrderByDescending(version => version.Key)
            .Select(version => new ConsentVersion(version.Key, version.Max(text => text.CreatedAt), version.ToDictionary(text => text.Language, text => text.Text, StringComparer.Ordinal)))];
    }

    public async Task<Outcome<Site>> RunAsync(Site site, PrivacyForm form, Staff by, CancellationToken cancellation)
    {
        var current = (await VersionsAsync(site.Id, cancellation)).FirstOrDefault();
        var wordings = site.Languages.Zip(form.Wordings.Select(text => text.ReplaceLineEndings("\n").Trim())).Where(pair => pair.Second.Length > 0)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var problems = Check(site, form, wordings);
        if (problems.Count > 0)
            return problems;

        site.Privacy = site.Privacy with
        {
            TracksPages = form.TracksPages,
            RequiresConsent = form.RequiresConsent,
            PolicyAddress = form.PolicyAddress.Trim() is { Length: > 0 } policy ? CreateSite.ParseAddress(policy)!.AbsoluteUri : null,
            PageVisitDays = form.PageVisitDays!.Value,
            TicketMonths = form.TicketMonths ?? 0,
            MailMonths = form.MailMonths ?? 0,
        };
        var number = current?.Number ?? 0;
        if (wordings.Count > 0 && !IsSame(current, wordings))
        {
            number++;
            database.AddRange(wordings.Select(pair => new ConsentText
            {
                SiteId = site.Id,
                Number = number,
                Language = pair.Key,
                Text = pair.Value,
                CreatedAt = time.Now(),
                CreatedById = by.Id,
            }));
        }

        try
        {
            return await change.SaveAsync(site, "site.privacy-changed", by, cancellation,
                ("pages", form.TracksPages ? "on" : "off"), ("consent", form.RequiresConsent ? "required" : "optional"), ("version", number > (current?.Number ?? 0) ? $"{number}" : null), ("days", $"{form.PageVisitDays}"), ("months", $"{site.Privacy.TicketMonths}"), ("mail-months", $"{site.Privacy.MailMonths}"));
        }
        catch (DbUpdateException problem) when (number > (current?.Number ?? 0) && problem.IsConflict())
        {
            // Somebody else wrote the same version number at the same moment: the unique index kept both from counting.
            return new Problem("", "settings.changed-meanwhile");
        }
    }

    private static List<Problem> Check(Site site, PrivacyForm form, Dictionary<string, string> wordings)
    {
        var problems = new List<Problem>();
        if (form.PageVisitDays is not (>= 1 and <= 365))
            problems.Add(new Problem("PageVisitDays", "privacy.days-range"));
        if (form.TicketMonths is < 0 or > MostTicketMonths)
            problems.Add(new Problem("TicketMonths", "privacy.months-range", ("count", MostTicketMonths)));
        if (form.MailMonths is < 0 or > MostTicketMonths)
            problems.Add(new Problem("MailMonths", "privacy.months-range", ("count", MostTicketMonths)));
        if (form.PolicyAddress.Trim().Length > 0 && CreateSite.ParseAddress(form.PolicyAddress) is null)
            problems.Add(new Problem("PolicyAddress", "privacy.policy-wrong"));
        foreach (var (index, language) in site.Languages.Index())
        {
            var wording = wordings.GetValueOrDefault(language, "");
            if (wording.Length > LongestWording)
                problems.Add(new Problem($"wording-{index}", "privacy.wording-length", ("language", Languages.OwnName(language)), ("count", LongestWording)));

            // Asking somebody to agree to nothing, or in a language they did not choose, is no consent.
            if (wording.Length == 0 && (form.RequiresConsent || form.TracksPages || wordings.Count > 0))
                problems.Add(new Problem($"wording-{index}", "privacy.wording-needed", ("language", Languages.OwnName(language))));
        }

        return problems;
    }

    private static bool IsSame(ConsentVersion? current, Dictionary<string, string> wordings) =>
        current is not null && current.Texts.Count == wordings.Count && wordings.All(pair => current.Texts.GetValueOrDefault(pair.Key) == pair.Value);
}
