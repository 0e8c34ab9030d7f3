using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>
/// Everything that is kept of one person as a ZIP: <c>person.json</c> with tickets and public messages, <c>internal-notes.json</c> apart
/// from it, so that the staff can look through their notes before they hand the archive on, and the files.
/// </summary>
public sealed class ExportCustomer(Database database, RemoveCustomer records, FileStore files, AuditLog audit)
{
    private static readonly JsonSerializerOptions Readable = new(DatabaseJson.Options) { WriteIndented = true };

    /// <returns>The archive, in a temporary file that goes when the stream is closed.</returns>
    public async Task<Stream> RunAsync(Customer customer, Staff by, CancellationToken cancellation)
    {
        var ids = await records.RecordsOfAsync(customer.Id, cancellation);
        var archive = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await WriteAsync(archive, customer, ids, by, cancellation);
            audit.Write(by.AsActor(), "customer.exported", string.Create(CultureInfo.InvariantCulture, $"customer:{customer.Id}"));
            await database.SaveChangesAsync(cancellation);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    private async Task WriteAsync(Stream target, Customer customer, List<long> ids, Staff by, CancellationToken cancellation)
    {
        await using var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        var keys = await database.Set<Ticket>().AsNoTracking().VisibleTo(by).Where(ticket => ids.Contains(ticket.CustomerId)).OrderBy(ticket => ticket.Id).Select(ticket => ticket.Id).ToListAsync(cancellation);
        var fields = await database.Set<TicketField>().AsNoTracking().ToDictionaryAsync(field => field.Id, field => field.Key, cancellation);
        var (tickets, notes) = (new List<object>(), new List<object>());
        foreach (var key in keys)
        {
            var (ticket, messages) = await ReadAsync(key, cancellation);
            tickets.Add(Describe(ticket, messages.Where(message => message.Kind == MessageKind.Public), fields));
            notes.AddRange(messages.Where(message => message.Kind == MessageKind.Note).Select(message => Describe(message)));
            foreach (var file in messages.SelectMany(message => message.Files).Select(attached => attached.File))
                await AddFileAsync(archive, file, cancellation);
        }

        await AddJsonAsync(archive, "person.json", await DescribeAsync(customer, ids, tickets, by, cancellation), cancellation);
        if (notes.Count > 0)
            await AddJsonAsync(archive, "internal-notes.json", notes, cancellation);
    }

    private async Task<(Ticket Ticket, List<Message> Messages)> ReadAsync(long id, CancellationToken cancellation) =>
        (await database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Tags).Include(ticket => ticket.Fields).FirstAsync(ticket => ticket.Id == id, cancellation),
         await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).Where(message => message.TicketId == id).OrderBy(message => message.Id).ToListAsync(cancellation));

    private async Task<object> DescribeAsync(Customer customer, List<long> ids, List<object> tickets, Staff by, CancellationToken cancellation)
    {
        // Like the tickets: who is confined to some sites hands out what is known there.
        var visitors = await database.Set<Visitor>().AsNoTracking().Where(visitor => ids.Contains(visitor.CustomerId) && (by.SiteIds == null || by.SiteIds.Contains(visitor.SiteId))).OrderBy(visitor => visitor.Id).ToListAsync(cancellation);
        var visitorIds = visitors.ConvertAll(visitor => visitor.Id);
        return new
        {
            customer.Id,
            customer.Name,
            customer.AddressAs,
            customer.Language,
            customer.TimeZone,
            customer.ExternalId,
            customer.Remarks,
            customer.CreatedAt,
            contacts = customer.Contacts.Select(contact => new { contact.Kind, contact.Value, contact.AddedAt, contact.ProvenAt, contact.ProvenBy }),
            browsers = visitors.Select(visitor => new { visitor.SiteId, visitor.CreatedAt, visitor.LastSeenAt, visitor.UserAgent, visitor.Address }),
            consents = await database.Set<ConsentRecord>().AsNoTracking().Where(record => visitorIds.Contains(record.VisitorId)).OrderBy(record => record.Id)
                .Select(record => new { record.SiteId, record.Purpose, record.Number, record.Language, record.Granted, record.At }).ToListAsync(cancellation),
            pagesVisited = await database.Set<PageVisit>().AsNoTracking().Where(visit => ids.Contains(visit.CustomerId) && (by.SiteIds == null || visitorIds.Contains(visit.VisitorId))).OrderBy(visit => visit.Id)
                .Select(visit => new { visit.Address, visit.Title, visit.At }).ToListAsync(cancellation),
            tickets,
        };
    }

    private static object Describe(Ticket ticket, IEnumerable<Message> messages, Dictionary<long, string> fields) => new
    {
        ticket.Id,
        ticket.SiteId,
        ticket.Channel,
        ticket.Subject,
        ticket.Language,
        ticket.Status,
        ticket.Priority,
        ticket.CreatedAt,
        ticket.UpdatedAt,
        ticket.SolvedAt,
        tags = ticket.Tags.Select(tag => tag.Name),
        fields = ticket.Fields.ToDictionary(value => fields.GetValueOrDefault(value.FieldId, value.FieldId.ToString(CultureInfo.InvariantCulture)), value => value.Value, StringComparer.Ordinal),
        messages = messages.Select(Describe),
    };

    private static object Describe(Message message) => new
    {
        message.Id,
        message.TicketId,
        message.AuthorKind,
        message.AuthorName,
        message.CreatedAt,
        message.Channel,
        message.Text,
        html = message.Html is { } html ? InlinePictures.Show(html, message.Files.Select(attached => attached.File), NameInArchive) : null,
        message.Report,
        files = message.Files.Select(attached => NameInArchive(attached.File)),
    };

    private static string NameInArchive(StoredFile file) => string.Create(CultureInfo.InvariantCulture, $"files/{file.Id}-{file.Name}");

    private async Task AddFileAsync(ZipArchive archive, StoredFile file, CancellationToken cancellation)
    {
        await using var content = files.Open(file);
        await using var entry = await archive.CreateEntry(NameInArchive(file), CompressionLevel.Fastest).OpenAsync(cancellation);
        await content.CopyToAsync(entry, cancellation);
    }

    private static async Task AddJsonAsync(ZipArchive archive, string name, object content, CancellationToken cancellation)
    {
        await using var entry = await archive.CreateEntry(name).OpenAsync(cancellation);
        await JsonSerializer.SerializeAsync(entry, content, Readable, cancellation);
    }
}
