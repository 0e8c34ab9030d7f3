using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Conditions;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>An entity with a field of every kind, for the tests of conditions.</summary>
public sealed class Parcel
{
    public long Id { get; set; }

    public string Subject { get; set; } = "";

    public string? Customer { get; set; }

    public int Weight { get; set; }

    public long? Price { get; set; }

    public decimal? Discount { get; set; }

    public ParcelState State { get; set; }

    public ParcelState? FormerState { get; set; }

    public string? Channel { get; set; }

    public bool IsFragile { get; set; }

    public bool? IsInsured { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? DueAt { get; set; }

    public long WaitedSeconds { get; set; }

    public long? AnsweredAfterSeconds { get; set; }

    public long? AssigneeId { get; set; }

    public long TeamId { get; set; }

    public List<ParcelTag> Tags { get; set; } = [];

    public List<ParcelFollower> Followers { get; set; } = [];

    public List<string> Labels { get; set; } = [];

    public List<ParcelValue> Values { get; set; } = [];
}

public enum ParcelState
{
    New,
    Open,
    OnHold,
    Solved,
}

public sealed class ParcelTag
{
    public long Id { get; set; }

    public string Name { get; set; } = "";
}

public sealed class ParcelFollower
{
    public long Id { get; set; }

    public long StaffId { get; set; }
}

/// <summary>The value of an own field, one row each.</summary>
public sealed class ParcelValue
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string? Text { get; set; }

    public double? Number { get; set; }

    public DateTime? Day { get; set; }
}

public sealed class ParcelDatabase(DbContextOptions options, bool postgres) : DbContext(options)
{
    public DbSet<Parcel> Parcels => Set<Parcel>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Enum>().HaveConversion<string>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ConditionText.MapFunctions(modelBuilder, postgres);
        modelBuilder.Entity<Parcel>().HasMany(parcel => parcel.Tags).WithOne().HasForeignKey("ParcelId");
        modelBuilder.Entity<Parcel>().HasMany(parcel => parcel.Followers).WithOne().HasForeignKey("ParcelId");
        modelBuilder.Entity<Parcel>().HasMany(parcel => parcel.Values).WithOne().HasForeignKey("ParcelId");
    }
}

public static class ParcelFields
{
    public static readonly IReadOnlyList<ConditionChoice> Channels =
        [new("mail", ConditionLabel.Of("Mail")), new("чат", ConditionLabel.Of("Чат")), new("微信", ConditionLabel.Of("微信"))];

    private static readonly IReadOnlyList<ConditionChoice> States =
        [new("new", ConditionLabel.Of("New")), new("open", ConditionLabel.Of("Open")), new("on-hold", ConditionLabel.Of("On hold")), new("solved", ConditionLabel.Of("Solved"))];

    private static readonly IReadOnlyList<ConditionChoice> Staff =
        [new("1", ConditionLabel.Of("Anna")), new("2", ConditionLabel.Of("Иван")), new("3", ConditionLabel.Of("王伟"))];

    private static readonly IReadOnlyList<ConditionChoice> Teams = [new("10", ConditionLabel.Of("Delivery")), new("11", ConditionLabel.Of("Возвраты"))];

    private static readonly IReadOnlyList<ConditionChoice> TagChoices = [new("vip", ConditionLabel.Of("VIP")), new("refund", ConditionLabel.Of("refund"))];

    public static readonly ConditionFields<Parcel> All = new(
        "parcels",
        ConditionField<Parcel>.Text("subject", ConditionLabel.Of("Subject"), parcel => parcel.Subject),
        ConditionField<Parcel>.Text("customer", ConditionLabel.Of("Customer"), parcel => parcel.Customer),
        ConditionField<Parcel>.Text("own", ConditionLabel.Of("Own field"), parcel => parcel.Values.Where(value => value.Name == "own").Select(value => value.Text).FirstOrDefault()),
        ConditionField<Parcel>.InRow(parcel => parcel.Values.Where(value => value.Name == "own"), ConditionField<ParcelValue>.Text("own-text", ConditionLabel.Of("Own text"), value => value.Text)),
        ConditionField<Parcel>.InRow(parcel => parcel.Values.Where(value => value.Name == "own"), ConditionField<ParcelValue>.Number("own-number", ConditionLabel.Of("Own number"), value => value.Number)),
        ConditionField<Parcel>.InRow(parcel => parcel.Values.Where(value => value.Name == "own"), ConditionField<ParcelValue>.Day("own-day", ConditionLabel.Of("Own day"), value => value.Day)),
        ConditionField<Parcel>.InRow(parcel => parcel.Values.Where(value => value.Name == "own"), ConditionField<ParcelValue>.Choice("own-choice", ConditionLabel.Of("Own choice"), value => value.Text, Channels, mayBeEmpty: true)),
        ConditionField<Parcel>.Boolean("own-checkbox", ConditionLabel.Of("Own checkbox"), parcel => parcel.Values.Any(value => value.Name == "own" && value.Text == "чат")),
        ConditionField<Parcel>.Number("weight", ConditionLabel.Of("Weight"), parcel => parcel.Weight),
        ConditionField<Parcel>.Number("price", ConditionLabel.Of("Price"), parcel => parcel.Price),
        ConditionField<Parcel>.Number("discount", ConditionLabel.Of("Discount"), parcel => parcel.Discount),
        ConditionField<Parcel>.Choice("state", ConditionLabel.Of("Status"), parcel => parcel.State, States),
        ConditionField<Parcel>.Choice("former-state", ConditionLabel.Of("Former status"), parcel => parcel.FormerState, States),
        ConditionField<Parcel>.Choice("channel", ConditionLabel.Of("Channel"), parcel => parcel.Channel, Channels, mayBeEmpty: true),
        ConditionField<Parcel>.Boolean("fragile", ConditionLabel.Of("Fragile"), parcel => parcel.IsFragile),
        ConditionField<Parcel>.Boolean("insured", ConditionLabel.Of("Insured"), parcel => parcel.IsInsured),
        ConditionField<Parcel>.Moment("created", ConditionLabel.Of("Created"), parcel => parcel.CreatedAt),
        ConditionField<Parcel>.Moment("due", ConditionLabel.Of("Due"), parcel => parcel.DueAt),
        ConditionField<Parcel>.Duration("waited", ConditionLabel.Of("Waiting time"), parcel => parcel.WaitedSeconds),
        ConditionField<Parcel>.Duration("answered-after", ConditionLabel.Of("Time to answer"), parcel => parcel.AnsweredAfterSeconds),
        ConditionField<Parcel>.Reference("assignee", ConditionLabel.Of("Assignee"), parcel => parcel.AssigneeId, (_, _) => ValueTask.FromResult(Staff), ConditionRelative.Me),
        ConditionField<Parcel>.Reference("team", ConditionLabel.Of("Team"), parcel => parcel.TeamId, (_, _) => ValueTask.FromResult(Teams), ConditionRelative.MyTeams),
        ConditionField<Parcel>.Set("tags", ConditionLabel.Of("Tag"), parcel => parcel.Tags.Select(tag => tag.Name), (_, _) => ValueTask.FromResult(TagChoices)),
        ConditionField<Parcel>.Set("labels", ConditionLabel.Of("Label"), parcel => parcel.Labels, choices: null),
        ConditionField<Parcel>.Set("followers", ConditionLabel.Of("Follower"), parcel => parcel.Followers.Select(follower => follower.StaffId), (_, _) => ValueTask.FromResult(Staff), ConditionRelative.Me));
}
