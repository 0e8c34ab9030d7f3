using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Api;

/// <summary>A ticket as programs see it.</summary>
public sealed record TicketResource(
    long Id, long SiteId, long CustomerId, string Channel, string Subject, string? Language, StandardStatus Status, long? CustomStatusId,
    TicketPriority Priority, long? AssigneeId, long? TeamId, IReadOnlyList<string> Tags, IReadOnlyDictionary<long, string> Fields,
    bool AwaitsReply, string? JunkReason, long? MergedIntoId, string TrackingPath,
    DateTime CreatedAt, DateTime UpdatedAt, DateTime? FirstRepliedAt, DateTime? SolvedAt, int Version)
{
    public static TicketResource Of(Ticket ticket) => new(
        ticket.Id, ticket.SiteId, ticket.CustomerId, ticket.Channel, ticket.Subject, ticket.Language, ticket.Status, ticket.CustomStatusId,
        ticket.Priority, ticket.AssigneeId, ticket.TeamId, ticket.Tags.ConvertAll(tag => tag.Name), ticket.Fields.ToDictionary(field => field.FieldId, field => field.Value),
        ticket.AwaitsReply, ticket.Junk?.Reason, ticket.MergedIntoId, $"/t/{ticket.Token}",
        ticket.CreatedAt, ticket.UpdatedAt, ticket.FirstRepliedAt, ticket.SolvedAt, ticket.Version);
}

/// <summary>A message or note as programs see it.</summary>
public sealed record MessageResource(
    long Id, long TicketId, MessageKind Kind, ActorKind AuthorKind, long? AuthorId, string AuthorName, string Text, string? Html,
    string Channel, IReadOnlyList<FileResource> Files, ProblemReport? Report, DateTime CreatedAt)
{
    public static MessageResource Of(Message message, Staff staff) => new(
        message.Id, message.TicketId, message.Kind, message.AuthorKind, message.AuthorId, ContactMask.Name(staff, message.AuthorName), message.Text,
        message.Html is { } html ? InlinePictures.Show(html, message.Files.Select(file => file.File), file => FormattableString.Invariant($"/api/v1/tickets/{message.TicketId}/files/{file.Token}")) : null,
        message.Channel, message.Files.ConvertAll(file => FileResource.Of(file.File)), message.Report, message.CreatedAt);
}

public sealed record FileResource(string Token, string Name, string ContentType, long Size)
{
    public static FileResource Of(Platform.Files.StoredFile file) => new(file.Token, file.Name, file.ContentType, file.Size);
}

/// <summary>A customer; contacts are masked for tokens of staff who see them masked.</summary>
public sealed record CustomerResource(
    long Id, string Name, string AddressAs, string? Language, string? TimeZone, string? ExternalId, string Remarks,
    IReadOnlyList<ContactResource> Contacts, DateTime CreatedAt, int Version)
{
    public static CustomerResource Of(Customer customer, Staff staff) => new(
        customer.Id, ContactMask.Name(staff, customer.Name), ContactMask.Name(staff, customer.AddressAs), customer.Language, customer.TimeZone, customer.ExternalId, customer.Remarks,
        customer.Contacts.ConvertAll(contact => new ContactResource(contact.Kind, ContactMask.Show(staff, contact.Value), contact.ProvenAt is not null)),
        customer.CreatedAt, customer.Version);
}

/// <param name="Proven">Whether the customer has shown that it is theirs.</param>
public sealed record ContactResource(ContactKind Kind, string Value, bool Proven);

public sealed record SiteResource(long Id, string Key, string Name, string? Address, IReadOnlyList<string> Domains, IReadOnlyList<string> Languages, string Color)
{
    public static SiteResource Of(Site site) => new(site.Id, site.Key, site.Name, site.Address, site.Domains, site.Languages, site.Color);
}

public sealed record StaffResource(long Id, string Name, Role Role, IReadOnlyList<long> TeamIds, bool IsAway)
{
    public static StaffResource Of(StaffMember member) => new(member.Id, member.DisplayName, member.Role, member.Teams.ConvertAll(team => team.TeamId), member.IsAway);
}

/// <param name="Name">What it is called where it has no name of its own for a language.</param>
/// <param name="Names">By language, where it has one.</param>
public sealed record TeamResource(long Id, string Name, IReadOnlyDictionary<string, string> Names);

/// <summary>A ticket to be opened in a customer's name.</summary>
public sealed record NewTicket
{
    /// <summary>May be left out while there is one site.</summary>
    public long? SiteId { get; init; }

    public CustomerReference? Customer { get; init; }

    /// <summary>Left out: taken from the text.</summary>
    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Channel { get; init; }

    public string? Language { get; init; }

    public TicketPriority? Priority { get; init; }

    public List<string>? Tags { get; init; }

    /// <summary>Tokens from POST /files.</summary>
    public List<string>? Files { get; init; }
}

/// <summary>Who asks: a key, or the owner's own key, or an address with what is known. The first that is given counts.</summary>
public sealed record CustomerReference
{
    public long? Id { get; init; }

    public string? ExternalId { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? Language { get; init; }
}

/// <summary>What is to change; what is left out stays. Zero clears assignee and team.</summary>
public sealed record TicketChanges
{
    public StandardStatus? Status { get; init; }

    public TicketPriority? Priority { get; init; }

    public long? AssigneeId { get; init; }

    public long? TeamId { get; init; }

    public string? Subject { get; init; }

    public List<string>? AddTags { get; init; }

    public List<string>? RemoveTags { get; init; }

    public bool? Junk { get; init; }
}

public sealed record NewMessage
{
    public MessageKind Kind { get; init; }

    public string? Text { get; init; }

    public List<string>? Files { get; init; }

    /// <summary>The newest message the writer has seen.</summary>
    public long? AfterMessageId { get; init; }

    /// <summary>The status the ticket gets with it.</summary>
    public StandardStatus? ThenStatus { get; init; }
}

/// <summary>What is to be set; what is left out stays.</summary>
public sealed record CustomerChanges
{
    public string? Name { get; init; }

    public string? AddressAs { get; init; }

    public string? Language { get; init; }

    public string? TimeZone { get; init; }

    public string? Remarks { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }
}
