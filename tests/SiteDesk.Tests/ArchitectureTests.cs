using System.Collections.Frozen;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests;

/// <summary>The floors of the house. The table is the architecture; the arrows are read from the compiled program.</summary>
public sealed class ArchitectureTests
{
    /// <summary>A feature uses what is on a lower floor, never above, and beside it only what <see cref="Sideways"/> names.</summary>
    private static readonly FrozenDictionary<string, int> Floors = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Platform"] = 0,
        ["Accounts"] = 1,
        ["Sites"] = 1,
        ["Customers"] = 1,
        ["Tickets"] = 2,
        ["Channels.UnseenAnswers"] = 3,
        ["Channels.Chat"] = 3,
        ["Channels.Form"] = 3,
        ["Channels.Email"] = 3,
        ["HelpCenter"] = 3,
        ["Orders"] = 3,
        ["Monitoring"] = 3,
        ["Shifts"] = 3,
        ["Assistant"] = 4,
        ["Routing"] = 4,
        ["Automation"] = 4,
        ["Portal"] = 5,
        ["Feedback"] = 5,
        ["Insights"] = 5,
        ["Training"] = 5,
        ["Api"] = 6,
        ["Setup"] = 6,
        ["Demo"] = 6,
        ["CommandLine"] = 7,
        ["CompiledModels"] = 7, // generated from the mappings of all features
        [""] = 8, // Program and SiteDeskApplication put everything together
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Who may look at a neighbour, and what for.</summary>
    private static readonly FrozenSet<(string From, string To)> Sideways = new[]
    {
        ("Accounts", "Sites"),        // the names of the sites a person is confined to
        ("Customers", "Sites"),       // how long a site keeps pages visited
        ("Channels.Chat", "Channels.UnseenAnswers"), // one rule for all channels: an answer nobody has seen
        ("Channels.Form", "Channels.UnseenAnswers"),
        ("Channels.Email", "Channels.UnseenAnswers"),
        ("Channels.Chat", "HelpCenter"), // what was looked for and read before the first message goes with the ticket
        ("Channels.Form", "HelpCenter"), // articles that answer a question before it is sent, also without a script
        ("CommandLine", ""),          // the commands build the program
        ("", "CommandLine"),          // Program.cs hands the command line over
    }.ToFrozenSet();

    [Fact]
    public void No_feature_uses_what_is_above_it()
    {
        var arrows = CompiledArrows.Of(typeof(SiteDeskApplication).Assembly.Location);
        arrows.Count.ShouldBeGreaterThan(200, "the reader of the compiled program finds arrows");
        var faults = arrows
            .Select(arrow => (From: FeatureOf(arrow.From), To: FeatureOf(arrow.To), arrow))
            .Where(arrow => arrow.From is not null && arrow.To is not null && arrow.From != arrow.To && !IsAllowed(arrow.From, arrow.To))
            .GroupBy(arrow => (arrow.From, arrow.To))
            .Select(group => $"{group.Key.From} uses {group.Key.To}: {string.Join("; ", group.Select(arrow => $"{arrow.arrow.From} → {arrow.arrow.To}").Distinct(StringComparer.Ordinal).Take(5))}")
            .Order(StringComparer.Ordinal).ToList();
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_namespace_has_its_floor()
    {
        var unknown = typeof(SiteDeskApplication).Assembly.GetTypes()
            .Select(type => type.Namespace).OfType<string>().Where(name => name == "SiteDesk" || name.StartsWith("SiteDesk.", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .Where(name => FeatureOf(name + ".Any") is not { } feature || !Floors.ContainsKey(feature)).ToList();
        unknown.ShouldBeEmpty("folders without a place in the table");
    }

    [Fact]
    public void The_libraries_know_nothing_of_the_program_nor_of_each_other()
    {
        foreach (var library in new[] { "SiteDesk.Language", "SiteDesk.Mail" })
        {
            var assembly = System.Reflection.Assembly.Load(library);
            assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
                .Where(name => name.StartsWith("SiteDesk", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal))
                .ShouldBeEmpty(library);
        }
    }

    [Fact]
    public void The_reader_sees_an_arrow_inside_a_method()
    {
        // SetUp.RunAsync calls CreateStaff inside an asynchronous lambda: the deepest place an arrow can hide in.
        var arrows = CompiledArrows.Of(typeof(SiteDeskApplication).Assembly.Location);
        arrows.ShouldContain(arrow => arrow.From == "SiteDesk.Setup.SetUp" && arrow.To == "SiteDesk.Accounts.CreateStaff");
        arrows.ShouldContain(arrow => arrow.From == "SiteDesk.Accounts.SignIn" && arrow.To == "SiteDesk.Platform.Security.Tokens");
    }

    private static bool IsAllowed(string from, string to) =>
        !Floors.TryGetValue(from, out var above) || !Floors.TryGetValue(to, out var below) || below < above || Sideways.Contains((from, to));

    /// <returns>The folder a type lives in, two levels deep for channels; null for what is not ours.</returns>
    private static string? FeatureOf(string type)
    {
        if (!type.StartsWith("SiteDesk.", StringComparison.Ordinal) || type.StartsWith("SiteDesk.Language.", StringComparison.Ordinal) || type.StartsWith("SiteDesk.Mail.", StringComparison.Ordinal))
            return null;
        var parts = type.Split('.');
        return parts switch
        {
            [_, _] => "",
            [_, "Channels", _, _, ..] => $"Channels.{parts[2]}",
            _ => parts[1],
        };
    }
}
