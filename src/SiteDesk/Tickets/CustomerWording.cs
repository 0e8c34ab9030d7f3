using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Tickets;

/// <summary>Where a ticket stands, in a few plain words for its customer.</summary>
public sealed class CustomerWording(Database database, TextCatalog texts)
{
    /// <summary>The wording of the ticket's own status if it has one for customers, else the standard's.</summary>
    public async Task<string> OfAsync(Ticket ticket, string language, CancellationToken cancellation)
    {
        var own = ticket.CustomStatusId is { } id
            ? await database.Set<CustomStatus>().AsNoTracking().FirstOrDefaultAsync(status => status.Id == id, cancellation)
            : null;
        return own?.CustomerNames.GetValueOrDefault(language) is { Length: > 0 } wording ? wording : texts.Get(language, $"ticket.customer-state.{ticket.Status}");
    }
}
