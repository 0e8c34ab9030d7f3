using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Demo;

/// <summary>
/// Fills an empty installation with a desk that has been at work for three months: a shop and a software service, their
/// staff, customers and conversations in three languages. The same every time, relative to the moment at which it is made;
/// only what must not be guessed (tokens, password salts) differs.
/// </summary>
public sealed class DemoData(Database database, UserManager<StaffMember> members, MessageComposer composer, FileStore files, SiteDirectory sites, AuditLog audit, TextCatalog texts, TimeProvider time)
{
    /// <summary>Everybody's password. It is known to the world: a demonstration belongs on one's own machine.</summary>
    public const string Password = "northern-lights";

    /// <summary>Where chance begins.</summary>
    public const int Seed = 2231;

    private const int BatchSize = 200;

    /// <summary>Fills the database, in one transaction; does nothing when it holds the demonstration already.</summary>
    /// <exception cref="ConfigurationException">The database has data of its own.</exception>
    public async Task FillAsync(CancellationToken cancellation)
    {
        var script = DemoScript.Load();
        if (await IsFilledAsync(script, cancellation))
            return;
        var now = WholeSecond(time.Now());
        var stories = DemoSchedule.Make(script, now, Seed);
        await database.InTransactionAsync(async () =>
        {
            var cast = await new DemoPeople(database, members, script, now).AddAsync(stories, cancellation);
            await AddVisitsAsync(script, cast, stories, now, cancellation);
            var assistant = new DemoAssistant(database, texts, cast, now);
            var tickets = await AddTicketsAsync(new DemoTickets(script, cast, composer, files, assistant, database), new DemoDesk(database, cast, now), stories, cancellation);
            await new DemoHelpCenter(database, audit, script, cast, now).AddAsync(cancellation);
            await assistant.AddAsync(tickets, cancellation);
            return true;
        }, cancellation);
        sites.Forget();
    }

    /// <summary>The accounts one may try, for the person at the console.</summary>
    public static string DescribeSignIns()
    {
        var people = DemoScript.Load().People;
        var width = people.Max(person => person.Email.Length);
        var lines = people.Select(person => string.Create(
            CultureInfo.InvariantCulture, $"  {person.Email.PadRight(width)}  {person.Role,-13}  {person.Interface,-7}  {person.Name}"));
        return $"""
            This is the demonstration: two sites, three months of conversations. Sign in as one of these; everybody's password is {Password}
            {string.Join(Environment.NewLine, lines)}
            """;
    }

    private async Task<bool> IsFilledAsync(DemoScript script, CancellationToken cancellation)
    {
        var owner = script.People[0].Email;
        if (await database.Set<StaffMember>().AnyAsync(member => member.Email == owner, cancellation))
            return true;
        if (await database.Set<StaffMember>().AnyAsync(cancellation) || await database.Set<Site>().AnyAsync(cancellation)
            || await database.Set<Customer>().AnyAsync(cancellation) || await database.Set<Ticket>().AnyAsync(cancellation))
            throw new ConfigurationException(
                "There is data in this database already, and the demonstration only fills an empty one. Give it a folder of its own (--demo --data demo), or start without --demo.");
        return false;
    }

    private static DateTime WholeSecond(DateTime at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    /// <summary>The browsers from which chats came, and the pages looked at before them as far as they would still be kept.</summary>
    private async Task AddVisitsAsync(DemoScript script, DemoCast cast, List<DemoStory> stories, DateTime now, CancellationToken cancellation)
    {
        var visitors = new Dictionary<(string Site, string Customer), Visitor>();
        foreach (var story in stories.Where(story => story.IsChat))
        {
            var site = cast.Sites[story.Conversation.Site];
            var key = (story.Conversation.Site, story.Customer.Key);
            if (!visitors.TryGetValue(key, out var visitor))
                visitors.Add(key, visitor = DemoCustomers.NewVisitor(story.Customer, cast.Customers[story.Customer.Key], site, story.BeganAt.AddMinutes(-9)));
            visitor.LastSeenAt = story.Steps[^1].At;
        }

        var oldest = now.AddDays(-new PrivacySettings().PageVisitDays);
        foreach (var (visitor, number) in visitors.Values.Select((visitor, number) => (visitor, number)))
            visitor.Address = visitor.LastSeenAt > oldest ? DemoCustomers.NetworkAddress(number) : null;
        database.AddRange(visitors.Values);
        await database.SaveChangesAsync(cancellation);

        var languages = stories.DistinctBy(story => story.Customer.Key).ToDictionary(story => story.Customer.Key, story => story.Customer.Language);
        foreach (var ((siteKey, customer), visitor) in visitors.Where(pair => pair.Value.PagesConsentNumber is not null))
            database.Add(DemoCustomers.Agreement(visitor, cast.Sites[siteKey], languages[customer], visitor.CreatedAt));
        foreach (var story in stories.Where(story => story.IsChat && story.BeganAt > oldest))
        {
            var visitor = visitors[(story.Conversation.Site, story.Customer.Key)];
            if (visitor.PagesConsentNumber is not null)
                database.AddRange(DemoCustomers.Walk(
                    script.Sites.First(site => site.Key == story.Conversation.Site), story.Conversation.Page, story.Conversation.Language,
                    visitor, story.BeganAt, new Random(Seed + story.Conversation.Number)));
        }

        await database.SaveChangesAsync(cancellation);
    }

    private async Task<IReadOnlyDictionary<DemoStory, Ticket>> AddTicketsAsync(DemoTickets tickets, DemoDesk desk, List<DemoStory> stories, CancellationToken cancellation)
    {
        var played = new List<(DemoStory Story, Ticket Ticket, List<Message> Messages)>(stories.Count);
        foreach (var story in stories)
        {
            var (ticket, messages) = await tickets.PlayAsync(story, cancellation);
            played.Add((story, ticket, messages));
        }

        foreach (var batch in played.Chunk(BatchSize))
        {
            database.AddRange(batch.Select(one => one.Ticket));
            await database.SaveChangesAsync(cancellation);
        }

        // Message keys rise with time over the whole desk: the newest message has the highest key.
        foreach (var batch in played.SelectMany(one => one.Messages).OrderBy(message => message.CreatedAt).Chunk(BatchSize))
        {
            database.AddRange(batch);
            await database.SaveChangesAsync(cancellation);
        }

        foreach (var (story, ticket, messages) in played)
            ticket.SeenByCustomerId = SeenBy(story, messages);
        desk.Add(played);
        await database.SaveChangesAsync(cancellation);
        return played.ToDictionary(one => one.Story, one => one.Ticket);
    }

    /// <summary>Customers have read everything up to their own last word; of what was solved, all.</summary>
    private static long SeenBy(DemoStory story, List<Message> messages)
    {
        var read = story.Conversation.Status is "solved" or "closed" ? messages : messages.Where(message => message.AuthorKind == ActorKind.Customer);
        return read.Where(message => message.Kind == MessageKind.Public).Select(message => message.Id).DefaultIfEmpty().Max();
    }
}
