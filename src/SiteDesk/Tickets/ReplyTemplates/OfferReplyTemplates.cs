using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>Finds templates for a reply and fills them with what the ticket knows, in the customer's language where they have it.</summary>
public sealed class OfferReplyTemplates(Database database)
{
    private const int MostOffered = 8;

    /// <param name="Language">Of the text.</param>
    /// <param name="IsInCustomersLanguage">False where the template does not have it.</param>
    public sealed record Offer(string Name, string Language, bool IsInCustomersLanguage, string Text);

    /// <param name="query">What the agent typed; empty offers the first.</param>
    /// <param name="deskAddress">Where the installation is reached, without a slash at the end.</param>
    /// <returns>The best first; null when there is no such ticket, or none this person may see.</returns>
    public async Task<IReadOnlyList<Offer>?> RunAsync(long ticketId, string query, string deskAddress, Staff staff, CancellationToken cancellation)
    {
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation) is not { } ticket)
            return null;
        var teams = staff.MemberOf.ToList();
        var templates = await database.Set<ReplyTemplate>().AsNoTracking()
            .Where(row => row.RetiredAt == null && (row.SiteId == null || row.SiteId == ticket.SiteId) && (row.TeamId == null || row.TeamId == ticket.TeamId || teams.Contains(row.TeamId.Value)))
            .OrderBy(row => row.Id).Take(KeepReplyTemplate.Most).ToListAsync(cancellation);
        if (templates.Count == 0)
            return [];

        var customer = await database.Set<Customer>().AsNoTracking().FirstAsync(row => row.Id == ticket.CustomerId, cancellation);
        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == ticket.SiteId, cancellation);
        var wished = ticket.Language ?? customer.Language ?? site.DefaultLanguage;

        // What the conversation is in, what the customer is known to read, what the site is served in.
        var languages = ((string[])[wished, customer.Language ?? "", .. site.Languages, Languages.English]).Distinct(StringComparer.Ordinal).ToList();
        var words = query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. templates.Select(template => (Template: template, Best: template.TextFor(languages)))
            .Select(found => (found.Template, found.Best, Rank: RankOf(found.Template.Name, found.Best.Text, words)))
            .Where(found => found.Rank is not null).OrderBy(found => found.Rank).ThenBy(found => found.Template.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(found => found.Template.Id)
            .Take(MostOffered)
            .Select(found => new Offer(
                found.Template.Name, found.Best.Language, found.Best.Language == wished,
                TemplatePlaceholders.Fill(found.Best.Text, ValuesOf(ticket, customer, site, found.Best.Language, deskAddress, staff))))];
    }

    /// <returns>The smaller the better; null where a word stands neither in name nor text.</returns>
    private static int? RankOf(string name, string text, string[] words)
    {
        if (words.Length == 0)
            return 0;
        if (!Array.TrueForAll(words, word => Has(name, word) || Has(text, word)))
            return null;
        if (name.StartsWith(words[0], StringComparison.OrdinalIgnoreCase))
            return 0;
        return Array.TrueForAll(words, word => Has(name, word)) ? 1 : 2;
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> ValuesOf(Ticket ticket, Customer customer, Site site, string language, string deskAddress, Staff staff) => new(StringComparer.Ordinal)
    {
        [TemplatePlaceholders.Customer] = Plain(AddressOf(customer, language)),
        [TemplatePlaceholders.Number] = ticket.Id.ToString(CultureInfo.InvariantCulture),
        [TemplatePlaceholders.Subject] = Plain(ticket.Subject),

        // A site that does not tell its customers who answers tells it here neither.
        [TemplatePlaceholders.Agent] = Plain(site.Widget.ShowsAgentNames ? staff.Name : site.Name),
        [TemplatePlaceholders.Site] = Plain(site.Name),
        [TemplatePlaceholders.Link] = $"{deskAddress}/t/{ticket.Token}?language={site.LanguageFor(language)}",
    };

    /// <summary>An address for mail in place of a name is no way to greet anybody.</summary>
    private static string AddressOf(Customer customer, string language) =>
        customer.AddressAs.Length > 0 ? customer.AddressAs : customer.Name.Contains('@', StringComparison.Ordinal) ? "" : PersonName.AddressFor(customer.Name, customer.Language ?? language);

    /// <summary>A stranger chose these words: they bring no formatting and no links into an answer of ours.</summary>
    private static string Plain(string text) =>
        new([.. text.ReplaceLineEndings(" ").Select(letter => letter switch { '[' => '(', ']' => ')', '<' => '‹', '>' => '›', '*' or '`' => '\'', _ => letter })]);
}
