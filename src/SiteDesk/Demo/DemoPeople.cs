using System.Globalization;
using Microsoft.AspNetCore.Identity;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Demo;

/// <summary>Sets up what the conversations need: sites, staff, teams, own fields and statuses, customers.</summary>
internal sealed class DemoPeople(Database database, UserManager<StaffMember> members, DemoScript script, DateTime now)
{
    /// <summary>The installation is a little older than its oldest ticket.</summary>
    private readonly DateTime _founded = now.AddDays(-DemoPlay.Days - 30);

    public async Task<DemoCast> AddAsync(List<DemoStory> stories, CancellationToken cancellation)
    {
        var sites = script.Sites.ToDictionary(site => site.Key, SiteOf);
        database.AddRange(sites.Values);
        await database.SaveChangesAsync(cancellation);

        var staff = await AddStaffAsync(sites);
        var teams = AddTeams(staff);
        var fields = script.Sites.ToDictionary(site => site.Key, site => FieldOf(site, sites[site.Key]));
        database.AddRange(fields.Values);
        var atWarehouse = AddStatus();
        AddConsentTexts(sites, staff.Values.First());
        // The stories are in order: the first of a customer is when they were met.
        var customers = stories.DistinctBy(story => story.Customer.Key)
            .ToDictionary(story => story.Customer.Key, story => DemoCustomers.Make(story.Customer, story.BeganAt));
        database.AddRange(customers.Values);
        await database.SaveChangesAsync(cancellation);

        return new DemoCast(
            sites, staff.ToDictionary(member => member.Key, member => member.Value.AsStaff().AsActor()),
            teams.ToDictionary(team => team.Key, team => team.Value.Id),
            fields.ToDictionary(field => field.Key, field => field.Value.Id), atWarehouse.Id, customers);
    }

    private Site SiteOf(DemoSite written) => new()
    {
        Key = Tokens.New(),
        Name = written.Name,
        Address = $"https://{written.Domain}",
        Domains = [.. written.Domains],
        Languages = [.. written.Languages],
        Color = written.Color,
        Hours = new BusinessHours { TimeZone = written.Zone, Week = [.. written.Hours.Select(hours => PeriodOf(hours.Key, hours.Value))] },
        Widget = new WidgetSettings { Greeting = written.Greeting },
        Privacy = new PrivacySettings { TracksPages = written.Consent is not null },
        Assistant = new AssistantSettings { AnswersInWidget = true, AnswersForms = true },
        CreatedAt = _founded,
    };

    private static OpenPeriod PeriodOf(DayOfWeek day, string hours)
    {
        var times = hours.Split('-').Select(time => TimeOnly.Parse(time, CultureInfo.InvariantCulture)).ToList();
        return new OpenPeriod(day == DayOfWeek.Sunday ? 7 : (int)day, times[0], times[1]);
    }

    private async Task<Dictionary<string, StaffMember>> AddStaffAsync(Dictionary<string, Site> sites)
    {
        var staff = new Dictionary<string, StaffMember>(StringComparer.Ordinal);
        foreach (var person in script.People)
        {
            var member = MemberOf(person);
            member.Sites.AddRange((person.Sites ?? []).Select(key => new StaffSite { SiteId = sites[key].Id }));
            var created = await members.CreateAsync(member, DemoData.Password);
            if (!created.Succeeded)
                throw new InvalidOperationException($"{person.Email}: {string.Join(' ', created.Errors.Select(error => error.Description))}");
            staff.Add(person.Key, member);
        }

        return staff;
    }

    private StaffMember MemberOf(DemoPerson person) => new()
    {
        UserName = person.Email,
        Email = person.Email,
        EmailConfirmed = true,
        DisplayName = person.Name,
        Role = Enum.Parse<Role>(person.Role, ignoreCase: true),
        Language = person.Interface,
        TimeZone = person.Zone,
        MasksContacts = person.ContactsMasked,
        ConfinedToSites = person.Sites is not null,
        CreatedAt = _founded,
        LockoutEnabled = true,
    };

    private Dictionary<string, Team> AddTeams(Dictionary<string, StaffMember> staff)
    {
        var teams = script.Teams.ToDictionary(team => team.Key, team => new Team { Name = team.Name, Names = team.Names, CreatedAt = _founded });
        foreach (var person in script.People)
        {
            foreach (var team in person.Teams)
                teams[team].Members.Add(new TeamMembership { StaffId = staff[person.Key].Id });
        }

        database.AddRange(teams.Values);
        return teams;
    }

    private static TicketField FieldOf(DemoSite written, Site site) => new()
    {
        Key = written.Field.Key,
        Names = written.Field.Label,
        Type = TicketFieldType.Text,
        SiteId = site.Id,
    };

    private CustomStatus AddStatus()
    {
        var status = new CustomStatus
        {
            Standard = StandardStatus.OnHold,
            Names = new(StringComparer.Ordinal) { ["en"] = "At the warehouse", ["ru"] = "На складе", ["zh-Hans"] = "等仓库" },
            CustomerNames = new(StringComparer.Ordinal) { ["en"] = "We are waiting for our warehouse", ["ru"] = "Ждём ответа со склада", ["zh-Hans"] = "正在等仓库答复" },
        };
        database.Add(status);
        return status;
    }

    private void AddConsentTexts(Dictionary<string, Site> sites, StaffMember owner)
    {
        foreach (var site in script.Sites.Where(site => site.Consent is not null))
        {
            database.AddRange(site.Consent!.Select(text => new ConsentText
            {
                SiteId = sites[site.Key].Id,
                Number = DemoCustomers.ConsentNumber,
                Language = text.Key,
                Text = text.Value,
                CreatedAt = _founded,
                CreatedById = owner.Id,
            }));
        }
    }
}

/// <summary>Who and what the conversations may name, as rows that were stored, by the keys of the script.</summary>
/// <param name="AtWarehouse">Key of the own status for what waits for the warehouse.</param>
internal sealed record DemoCast(
    Dictionary<string, Site> Sites, Dictionary<string, Actor> Staff, Dictionary<string, long> Teams, Dictionary<string, long> Fields,
    long AtWarehouse, Dictionary<string, Customers.Customer> Customers);
