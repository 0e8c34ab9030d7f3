using System.Text.Json.Serialization;
using SiteDesk.Platform.Data;

namespace SiteDesk.Sites;

/// <summary>A website that is served: its name, addresses, looks, hours and rules.</summary>
public sealed class Site : IVersioned
{
    public long Id { get; init; }

    /// <summary>Unguessable public name: in the widget's snippet and the form's address.</summary>
    public required string Key { get; init; }

    public required string Name { get; set; }

    /// <summary>Host names (with port where unusual) on which the widget may run; <c>*.example.com</c> covers all below.</summary>
    public List<string> Domains { get; set; } = [];

    /// <summary>The site's own address, for links back.</summary>
    public string? Address { get; set; }

    /// <summary>
    /// Scheme and host (with the port where unusual) under which its help centre stands by itself, without a slash at the end:
    /// <c>https://help.example.com</c>, the host in ASCII form. Null: below this program's own address.
    /// </summary>
    public string? HelpOrigin { get; set; }

    /// <summary>Languages it is served in, the default first; tags of <see cref="Platform.Localisation.Languages"/>.</summary>
    public List<string> Languages { get; set; } = ["en"];

    public string DefaultLanguage => Languages[0];

    /// <summary>Accent colour as <c>#rrggbb</c>.</summary>
    public string Color { get; set; } = "#2f5fd0";

    /// <summary>Token of the logo's file.</summary>
    public string? Logo { get; set; }

    public BusinessHours Hours { get; set; } = BusinessHours.WeekdaysNineToSix("Etc/UTC");

    public WidgetSettings Widget { get; set; } = new();

    public PrivacySettings Privacy { get; set; } = new();

    public AssistantSettings Assistant { get; set; } = new();

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was put away: no new conversations, the old ones stay.</summary>
    public DateTime? ArchivedAt { get; set; }

    public int Version { get; set; }

    /// <summary>Whether a page of this host may run the widget.</summary>
    /// <param name="host">Host, with the port unless it is the scheme's own.</param>
    public bool Allows(string host) => Domains.Exists(domain =>
        domain.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(domain[1..], StringComparison.OrdinalIgnoreCase)
            : string.Equals(host, domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>The language of <see cref="Languages"/> that serves the wish best.</summary>
    public string LanguageFor(string? wished) => wished is not null && Languages.Contains(wished) ? wished : DefaultLanguage;
}

/// <summary>How the widget looks and what it says; one object, edited and stored whole.</summary>
public sealed record WidgetSettings
{
    /// <summary>Per language; empty means the standard greeting.</summary>
    public Dictionary<string, string> Greeting { get; init; } = [];

    /// <summary><c>end</c> or <c>start</c>: the corner, in the direction of writing.</summary>
    public string Position { get; init; } = "end";

    /// <summary><c>auto</c>, <c>light</c>, <c>dark</c>.</summary>
    public string Theme { get; init; } = "auto";

    /// <summary>Whether visitors are asked for a name and an address before they write.</summary>
    public bool AsksContactFirst { get; init; }

    public bool OffersProblemReport { get; init; } = true;

    public bool ShowsAgentNames { get; init; } = true;

    /// <summary>Distance from the corner, CSS pixels, 0 to 200.</summary>
    public int Offset { get; init; } = 20;
}

/// <summary>Where the assistant answers first, and how.</summary>
public sealed record AssistantSettings
{
    /// <summary>Hours of silence after an answer that may count as solved: the least and the most.</summary>
    public const int LeastHours = 1, MostHours = 336;

    public bool AnswersInWidget { get; init; }

    public bool AnswersForms { get; init; }

    public bool AnswersMail { get; init; }

    /// <summary>Whether it answers anywhere.</summary>
    [JsonIgnore]
    public bool Answers => AnswersInWidget || AnswersForms || AnswersMail;

    /// <summary>Whether agents see what it suggests beside a ticket.</summary>
    public bool SuggestsToAgents { get; init; } = true;

    /// <summary>What it is called, per language; empty means the standard name.</summary>
    public Dictionary<string, string> Name { get; init; } = [];

    /// <summary>Hours of silence after an answer until the ticket counts as solved.</summary>
    public int AssumedAfterHours { get; init; } = 24;

    /// <summary>The share of its answers that shall be right, 0.8 to 0.99.</summary>
    public double Precision { get; init; } = 0.96;

    /// <summary>Minutes of an agent's time that a ticket solved without one saves, 0 to 240; for the figures alone.</summary>
    public int MinutesSaved { get; init; } = 6;

    /// <summary>What an hour of an agent costs, in minor units of <see cref="Currency"/>; 0 counts no money.</summary>
    public long HourlyCost { get; init; }

    /// <summary>Three letters of ISO 4217.</summary>
    public string Currency { get; init; } = "EUR";
}

/// <summary>What is collected of visitors, and for how long.</summary>
public sealed record PrivacySettings
{
    /// <summary>Whether pages visited may be recorded at all (and then only after consent).</summary>
    public bool TracksPages { get; init; }

    /// <summary>Whether a visitor has to agree before the first message.</summary>
    public bool RequiresConsent { get; init; }

    public string? PolicyAddress { get; init; }

    /// <summary>Days after which pages visited are removed, 1 to 365.</summary>
    public int PageVisitDays { get; init; } = 30;

    /// <summary>Months after which tickets that are solved, closed or junk are removed, with customers of whom nothing else is left; 0 keeps them.</summary>
    public int TicketMonths { get; init; }

    /// <summary>Months after which mail that became no ticket is removed (put aside, repeats, reports, automatic answers); 0 keeps it.</summary>
    public int MailMonths { get; init; }
}

/// <summary>One wording of what visitors agree to. Never changed, only followed by the next version.</summary>
public sealed class ConsentText
{
    public long Id { get; init; }

    public required long SiteId { get; init; }

    /// <summary>1, 2, 3 … per site and language together: the version a visitor agreed to names all its texts.</summary>
    public required int Number { get; init; }

    public required string Language { get; init; }

    public required string Text { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required long CreatedById { get; init; }
}
