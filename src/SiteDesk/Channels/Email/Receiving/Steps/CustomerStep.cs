using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// Whose request it is. A known address belongs to its customer: the answer goes to that address and to nobody else, so a forged
/// sender learns nothing; whether the address is proven is another question, and shown beside the message.
/// </summary>
public sealed class CustomerStep(Database database, FindCustomer find, TimeProvider time) : IReceivingStep
{
    private const int LongestName = 200;

    public string Name => "customer";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var address = ContactAddress.ParseEmail(mail.Sender.Address);
        mail.Customer = mail.Ticket is { } ticket ? await find.ByIdAsync(ticket.CustomerId, cancellation)
            : address is null ? null : await find.ByContactAsync(address, cancellation);
        if (mail.Ticket is null)
        {
            mail.Customer ??= NewCustomer(mail, address);
            mail.Customer.Language ??= mail.Language;
        }

        // Read our mail at that address, or the address's own domain vouches for it.
        if (mail.IsProven && !mail.IsAutomatic && mail.Customer?.Contacts.Find(contact => contact.Kind == ContactKind.Email && contact.Value == address?.Value) is { } contact)
            Prove(mail.Customer, contact, mail.HasToken ? ContactProof.Link : ContactProof.Message);
    }

    /// <summary>Part of the mail's own transaction, so not by way of <see cref="ProveContact"/>; its handler merges the records afterwards.</summary>
    private void Prove(Customer customer, CustomerContact contact, ContactProof proof)
    {
        if (contact.ProvenAt is not null)
            return;
        contact.MarkProven(proof, time.Now());
        database.Publish(() => new ContactProven(customer.Id, contact.Id));
    }

    private Customer NewCustomer(MailUnderWay mail, ContactAddress? address)
    {
        var name = MessageComposer.Clean(mail.Sender.Name).ReplaceLineEndings(" ");
        var customer = new Customer { Name = name.UpTo(LongestName), Language = mail.Language, CreatedAt = time.Now() };
        if (address is not null)
            customer.AddContact(address, customer.CreatedAt);
        return customer;
    }
}
