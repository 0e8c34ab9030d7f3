using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Tickets.Workspace;

/// <summary>The names behind the numbers that tickets carry: staff, teams, sites, own statuses, own fields.</summary>
public sealed record DeskNames(
    FrozenDictionary<long, StaffName> Staff, FrozenDictionary<long, TeamName> Teams, FrozenDictionary<long, SiteName> Sites,
    FrozenDictionary<long, CustomStatus> Statuses, IReadOnlyList<TicketField> Fields)
{
    /// <summary>Staff who can be given a ticket: still here, and their role answers or works on tickets.</summary>
    public IEnumerable<StaffName> Assignable => Staff.Values.Where(member => member.IsHere && TicketPermissions.Change.IsGrantedTo(member.Role)).OrderBy(member => member.Name, StringComparer.CurrentCultureIgnoreCase);

    /// <summary>Staff who can be mentioned in a note.</summary>
    public IEnumerable<StaffName> Mentionable => Staff.Values.Where(member => member.IsHere && TicketPermissions.Read.IsGrantedTo(member.Role)).OrderBy(member => member.Name, StringComparer.CurrentCultureIgnoreCase);

    public string? NameOfStaff(long? id) => id is not null && Staff.TryGetValue(id.Value, out var member) ? member.Name : null;

    /// <param name="id">Null for no team.</param>
    /// <param name="language">The reader's.</param>
    public string? NameOfTeam(long? id, string language) => id is not null && Teams.TryGetValue(id.Value, out var team) ? team.In(language) : null;

    /// <summary>The own fields that a site's tickets have.</summary>
    public IEnumerable<TicketField> FieldsOf(long siteId) => Fields.Where(field => field.RetiredAt is null && (field.SiteId is null || field.SiteId == siteId));

    /// <summary>A text that exists in several languages, in the reader's or the nearest there is.</summary>
    public static string InLanguage(IReadOnlyDictionary<string, string> texts, string language) =>
        texts.GetValueOrDefault(language) ?? texts.GetValueOrDefault(Languages.English) ?? texts.Values.FirstOrDefault() ?? "";
}

/// <param name="Names">By language, where it has a name of its own.</param>
public sealed record TeamName(long Id, string Name, IReadOnlyDictionary<string, string> Names)
{
    public string In(string language) => Team.NameOf(Name, Names, language);
}

public sealed record StaffName(long Id, string Name, Role Role, bool IsHere, bool IsAway);

/// <param name="HasAssistant">Whether the assistant answers somewhere on it.</param>
public sealed record SiteName(long Id, string Name, string Color, bool HasAssistant);

/// <summary>
/// Keeps <see cref="DeskNames"/> in memory: every page needs them and they hardly ever change. A change made on this node
/// is seen at once, one made on another within <see cref="LongestAge"/>.
/// </summary>
public sealed class DeskNamesCache(IServiceScopeFactory scopes, TimeProvider time) : ISaveChangesInterceptor, IDisposable
{
    public static TimeSpan LongestAge { get; } = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Loaded? _loaded;
    private long _changes;

    public async ValueTask<DeskNames> ReadAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await _loading.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } loadedMeanwhile)
                return loadedMeanwhile;
            var changes = Interlocked.Read(ref _changes);
            var names = await LoadAsync(cancellation);
            _loaded = new Loaded(names, time.GetTimestamp(), changes);
            return names;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    ValueTask<InterceptionResult<int>> ISaveChangesInterceptor.SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken)
    {
        if (eventData.Context is { } context && context.ChangeTracker.Entries().Any(entry => entry.State != EntityState.Unchanged && IsNamed(entry.Entity)))
            Interlocked.Increment(ref _changes);
        return ValueTask.FromResult(result);
    }

    private static bool IsNamed(object entity) => entity is StaffMember or StaffSite or Team or TeamMembership or Site or CustomStatus or TicketField;

    private DeskNames? Fresh() =>
        _loaded is { } loaded && loaded.Changes == Interlocked.Read(ref _changes) && time.GetElapsedTime(loaded.At) < LongestAge ? loaded.Names : null;

    private async Task<DeskNames> LoadAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var staff = await database.Set<StaffMember>().AsNoTracking()
            .Select(member => new StaffName(member.Id, member.DisplayName, member.Role, member.DeactivatedAt == null, member.IsAway)).ToListAsync(cancellation);
        var teams = await database.Set<Team>().AsNoTracking().ToListAsync(cancellation);
        var sites = await database.Set<Site>().AsNoTracking().Select(site => new { site.Id, site.Name, site.Color, site.Assistant, site.ArchivedAt }).ToListAsync(cancellation);
        var statuses = await database.Set<CustomStatus>().AsNoTracking().OrderBy(status => status.Position).ToListAsync(cancellation);
        var fields = await database.Set<TicketField>().AsNoTracking().OrderBy(field => field.Position).ToListAsync(cancellation);
        return new(
            staff.ToFrozenDictionary(member => member.Id), teams.ToFrozenDictionary(team => team.Id, team => new TeamName(team.Id, team.Name, team.Names)),
            sites.ToFrozenDictionary(site => site.Id, site => new SiteName(site.Id, site.Name, site.Color, site.ArchivedAt is null && site.Assistant.Answers)), statuses.ToFrozenDictionary(status => status.Id), fields);
    }

    private sealed record Loaded(DeskNames Names, long At, long Changes);
}
