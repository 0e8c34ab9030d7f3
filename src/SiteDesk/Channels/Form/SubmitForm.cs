using SiteDesk.Customers;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Form;

/// <summary>Somebody sends the contact form.</summary>
public sealed class SubmitForm(Database database, OpenTicket openTicket, AttachedFiles attached, TicketReservation reservations, ToldTrail trail, TimeProvider time)
{
    public sealed record Request
    {
        public string Name { get; init; } = "";

        /// <summary>An e-mail address or a phone number, whichever the visitor has.</summary>
        public string Contact { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Text { get; init; } = "";

        /// <summary>A field no person sees.</summary>
        public string Honeypot { get; init; } = "";

        public string Reservation { get; init; } = "";

        public bool Agrees { get; init; }

        public string TimeZone { get; init; } = "";

        /// <summary>What was looked for and read in the help centre before, as the browser kept it (<see cref="ToldTrail"/>); empty for nothing.</summary>
        public string Trail { get; init; } = "";
    }

    /// <summary>Files one submission may carry.</summary>
    public const int MostFiles = 5;

    public async Task<Outcome<Ticket>> RunAsync(Site site, Request request, IFormFileCollection attachments, HttpContext http, CancellationToken cancellation)
    {
        var language = http.Texts().Language;
        var contact = ContactAddress.Parse(request.Contact, ContactAddress.CountryOf(language));
        var token = reservations.Read(request.Reservation);
        var problems = Check(site, request, contact, token, attachments);
        if (problems.Count > 0)
            return problems;

        var kept = await attached.KeepAsync(attachments, cancellation);
        if (!kept.Succeeded)
            return kept.Problems.ToList();
        var customer = NewCustomer(request, contact!, language);
        var opened = await openTicket.RunAsync(
            new OpenTicket.Request(
                site.Id, customer, FormModule.Channel, "form", request.Text, Actor.Customer(0, customer.DisplayName), request.Subject.Trim(),
                language, kept.Value, SenderAddress: http.Connection.RemoteIpAddress?.ToString(), Honeypot: request.Honeypot.Length > 0, Token: token,
                IsForAssistant: site.Assistant.AnswersForms, AgreedTo: site.Privacy.RequiresConsent ? await ConsentTexts.CurrentNumberAsync(database, site.Id, cancellation) : null),
            cancellation);
        if (!opened.Succeeded)
            return opened.Problems.ToList();
        if (!opened.Value.IsRepeat)
            await trail.TakeAsync(site, opened.Value.Ticket, request.Text, request.Trail, cancellation);
        return opened.Value.Ticket;
    }

    /// <summary>
    /// A new record even when the address is known: it is only claimed. Records become one when the address is proven.
    /// </summary>
    private Customer NewCustomer(Request request, ContactAddress contact, string language)
    {
        var now = time.Now();
        var name = PersonName.Tidy(MessageComposer.Clean(request.Name), language);
        var customer = new Customer
        {
            Name = name.UpTo(100),
            Language = language,
            TimeZone = TimeZones.Exists(request.TimeZone) ? request.TimeZone : null,
            CreatedAt = now,
        };
        customer.AddContact(contact, now);
        return customer;
    }

    private static List<Problem> Check(Site site, Request request, ContactAddress? contact, string? token, IFormFileCollection attachments)
    {
        var problems = new List<Problem>();
        if (token is null)
            problems.Add(new Problem("", "form.expired"));
        if (contact is null)
            problems.Add(new Problem("contact", "form.contact-needed"));
        if (MessageComposer.Clean(request.Text).Length == 0)
            problems.Add(new Problem("text", "form.text-needed"));
        else if (request.Text.Length > Message.LongestText)
            problems.Add(new Problem("text", "message.too-long", ("count", Message.LongestText)));
        if (request.Subject.Length > 300)
            problems.Add(new Problem("subject", "ticket.subject-length"));
        if (attachments.Count > MostFiles)
            problems.Add(new Problem("files", "message.too-many-files", ("count", MostFiles)));
        if (site.Privacy.RequiresConsent && !request.Agrees)
            problems.Add(new Problem("agrees", "form.consent-needed"));
        return problems;
    }
}
