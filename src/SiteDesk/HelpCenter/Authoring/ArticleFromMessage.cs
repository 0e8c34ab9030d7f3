using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Makes a draft article of a good answer. Whose answer it was must not be seen from it: names, addresses and numbers are masked.</summary>
public sealed class ArticleFromMessage(Database database, StartArticle start, AuditLog audit, TextCatalog catalog)
{
    /// <returns>The ticket and its public message; null when there is none that this person may see.</returns>
    public async Task<(Ticket Ticket, Message Message)?> FindAsync(long ticketId, long messageId, Staff staff, CancellationToken cancellation)
    {
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation) is not { } ticket)
            return null;
        var message = await database.Set<Message>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == messageId && row.TicketId == ticketId && row.Kind == MessageKind.Public && row.WithdrawnAt == null, cancellation);
        return message is null ? null : (ticket, message);
    }

    /// <param name="desk">The public address, by which links to the help centre's own articles are known.</param>
    /// <returns>The new article, saved; null when the site has no section yet.</returns>
    public async Task<Article?> RunAsync(Site site, Ticket ticket, Message message, Staff by, string desk, CancellationToken cancellation)
    {
        if (await database.Set<Section>().Where(section => section.SiteId == site.Id).OrderBy(section => section.ParentId != null).ThenBy(section => section.Position).FirstOrDefaultAsync(cancellation) is not { } section)
            return null;
        var customer = await database.Set<Customer>().AsNoTracking().Include(row => row.Contacts).FirstAsync(row => row.Id == ticket.CustomerId, cancellation);
        var language = site.LanguageFor(ticket.Language);
        var mask = new PersonMask([customer.Name, customer.AddressAs, message.AuthorName, by.Name], catalog.Get(language, "help-desk.mask-name"), catalog.Get(language, "help-desk.mask-address"), catalog.Get(language, "help-desk.mask-number"));
        var body = ArticleBody.Reword(message.Html is { } html ? ArticleBody.Canonical(InlinePictures.Show(html, [], _ => null)) : OfText(message.Text), mask.Apply, link => LinkKept(link, site, desk, mask));
        var title = mask.Apply(ticket.Subject).Trim() is { Length: > 0 } subject ? subject : ArticleBody.PlainText(body).Split('\n')[0];
        // The subject is one customer's: the address waits for the title that is published.
        var words = new StartArticle.Words(Shortened(title.Length > 0 ? title : catalog.Get(language, "help-desk.untitled")), "", body, [], Slugs.Nameless);
        var outcome = await start.RunAsync(site, section, language, words, by.Id, cancellation);
        if (!outcome.Succeeded)
            throw new InvalidOperationException($"An answer could not become an article: {outcome.Problems[0].Text}.");
        await database.SaveChangesAsync(cancellation);
        audit.Write(by.AsActor(), "article.from-message", FormattableString.Invariant($"article:{outcome.Value.Id}"), ("ticket", ticket.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await database.SaveChangesAsync(cancellation);
        return outcome.Value;
    }

    // Its own articles stay linked, in the form in which articles link to each other. Of others, an address that tells of somebody is
    // left out: with a mask in its middle it would lead nowhere.
    private static string? LinkKept(string link, Site site, string desk, PersonMask mask)
    {
        var stored = HelpAddress.Stored(site.Key).Prefix;
        foreach (var begin in (string[])[HelpAddress.Of(site, desk).Prefix + "/", desk.TrimEnd('/') + stored + "/"])
        {
            if (link.StartsWith(begin, StringComparison.OrdinalIgnoreCase))
                return stored + link[(begin.Length - 1)..];
        }

        return mask.Apply(link) == link ? link : null;
    }

    private static string OfText(string text)
    {
        var html = new System.Text.StringBuilder("<p>");
        ArticleHtml.Escape(html, text.Replace("\r\n", "\n", StringComparison.Ordinal));
        return ArticleBody.Canonical(html.Append("</p>").Replace("\n", "<br>").ToString());
    }

    private static string Shortened(string title) => title.Length <= ArticleVersion.LongestTitle ? title : title.UpTo(ArticleVersion.LongestTitle - 1) + "…";
}
