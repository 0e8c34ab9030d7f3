using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SiteDesk.Demo;

/// <summary>The written part of the demonstration, as it lies in this folder: people, customers, conversations.</summary>
internal sealed record DemoScript(
    List<DemoTeam> Teams, List<DemoPerson> People, List<DemoSite> Sites, List<DemoCustomer> Customers, List<DemoConversation> Conversations)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private static readonly string[] LanguageTags = ["en", "ru", "zh-Hans"];

    public static DemoScript Load()
    {
        var staff = Read<DemoStaff>("staff.json");
        var sites = Read<List<DemoSite>>("sites.json");
        var customers = LanguageTags
            .SelectMany(language => Read<List<DemoCustomer>>($"customers.{language}.json").Select(customer => customer with { Language = language }))
            .ToList();
        var conversations = sites
            .SelectMany(site => LanguageTags.SelectMany(language => ReadConversations(site.Key, language)))
            .Concat(LanguageTags.SelectMany(DemoTalk.Load))
            .Select((conversation, number) => conversation with { Number = number })
            .ToList();
        return new DemoScript(staff.Teams, staff.People, sites, customers, conversations);
    }

    private static IEnumerable<DemoConversation> ReadConversations(string site, string language) =>
        Read<List<DemoConversation>>($"conversations.{site}.{language}.json")
            .Concat(Read<List<DemoConversation>>($"short.{site}.{language}.json"))
            .Select(conversation => conversation with { Site = site, Language = language });

    internal static TContent Read<TContent>(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SiteDesk.Demo.{name}")
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        return JsonSerializer.Deserialize<TContent>(stream, Options) ?? throw new InvalidOperationException($"{name} is empty.");
    }

    private sealed record DemoStaff(List<DemoTeam> Teams, List<DemoPerson> People);
}

/// <summary>An article of the help centres, in one language; the same key is the same article in the others.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="Questions">As people ask what it answers.</param>
internal sealed record DemoArticle(string Key, string Site, string Section, string Title, string Body, List<string> Questions)
{
    public static List<DemoArticle> Load(string language) => DemoScript.Read<List<DemoArticle>>($"articles.{language}.json");
}

internal sealed record DemoTeam(string Key, string Name, Dictionary<string, string> Names);

/// <param name="Sites">Keys of the sites this person is confined to; null for all.</param>
internal sealed record DemoPerson(
    string Key, string Name, string Email, string Role, string Interface, string Zone, List<string> Teams,
    List<string>? Sites = null, bool ContactsMasked = false);

/// <param name="Hours">Opening by weekday in English, such as <c>08:00-20:00</c>.</param>
/// <param name="Consent">What visitors agree to, per language; null where pages are not recorded.</param>
internal sealed record DemoSite(
    string Key, string Name, string Domain, List<string> Domains, List<string> Languages, string Color, string Zone,
    Dictionary<DayOfWeek, string> Hours, Dictionary<string, string> Greeting, DemoField Field, List<DemoPage> Pages,
    Dictionary<string, string>? Consent = null);

internal sealed record DemoField(string Key, Dictionary<string, string> Label);

internal sealed record DemoPage(string Path, Dictionary<string, string> Title);

/// <param name="Occasional">Never proved an address: nameless visitors and senders of junk.</param>
internal sealed record DemoCustomer(
    string Key, string Name, List<string> Emails, List<string> Phones, string Zone, string Browser, string AddressAs = "",
    bool Occasional = false, string Language = "en");

/// <summary>One conversation from its first word to where it stands.</summary>
/// <param name="Customer">Key of the customer, or <c>someone</c> for a nameless visitor.</param>
/// <param name="Channel"><c>chat</c> or <c>form</c>; null lets the generator choose.</param>
/// <param name="Subject">Null: the first words.</param>
/// <param name="Status">Where it ends: new, open, pending, on-hold, solved, closed, junk.</param>
/// <param name="Agent">Who has it in the end; null when nobody has taken it.</param>
/// <param name="Field">Value of the site's own field: an order, a workspace.</param>
/// <param name="Page">Path of the page it was written from.</param>
/// <param name="Lines">What happens, a line each; see <see cref="DemoLine"/>.</param>
/// <param name="Talk">The assistant's part in it; null where it had none.</param>
/// <param name="Days">How many days back it may lie at most; null for what its status says.</param>
internal sealed record DemoConversation(
    List<string> Lines, List<string> Tags, string Team, string Customer, string? Channel = null, string? Subject = null,
    string Status = "solved", string Priority = "normal", string? Agent = null, string? Field = null, string? Page = null,
    DemoProblem? Problem = null, string Site = "", string Language = "en", int Number = 0,
    DemoTalk? Talk = null, int? Days = null);

internal sealed record DemoProblem(string Message, List<string> Errors, List<string> FailedRequests, string Screen);

internal enum DemoLineKind
{
    /// <summary>Said to the other side.</summary>
    Says,

    /// <summary>Noted for the staff.</summary>
    Notes,

    /// <summary>Changes something of the ticket.</summary>
    Sets,
}

/// <summary>
/// A line of a conversation: <c>who: words</c>, <c>who note: words</c>, <c>who sets: property value</c>. The customer is
/// <c>c</c>, the assistant <c>a</c>. A leading <c>+4d</c> (m, h, d) is the time that passes before it; without it the pace is the channel's. Files sent
/// along stand at the end by name: <c>[[seam.png]]</c>.
/// </summary>
internal sealed partial record DemoLine(string Who, DemoLineKind Kind, string Text, TimeSpan? After, IReadOnlyList<string> Files)
{
    public bool IsByCustomer => Who == "c";

    /// <summary>The assistant's lines say what it does; the words are its own: see <see cref="DemoAssistant.Speak"/>.</summary>
    public bool IsByAssistant => Who == "a";

    /// <exception cref="FormatException">The line is of another form.</exception>
    public static DemoLine Parse(string line)
    {
        var match = Form().Match(line);
        if (!match.Success)
            throw new FormatException($"Not a line of a conversation: {line}");
        var kind = match.Groups["kind"].Value switch { "note" => DemoLineKind.Notes, "sets" => DemoLineKind.Sets, _ => DemoLineKind.Says };
        return new DemoLine(
            match.Groups["who"].Value, kind, match.Groups["text"].Value.Trim(), ParseGap(match.Groups["gap"].Value),
            match.Groups["file"].Captures.Select(file => file.Value).ToList());
    }

    /// <summary>Keys of the colleagues named with an @ in a note.</summary>
    public IEnumerable<string> Mentions => Mention().Matches(Text).Select(match => match.Groups["key"].Value);

    private static TimeSpan? ParseGap(string gap)
    {
        if (gap.Length == 0)
            return null;
        var count = int.Parse(gap.AsSpan(0, gap.Length - 1), CultureInfo.InvariantCulture);
        return gap[^1] switch { 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), _ => TimeSpan.FromDays(count) };
    }

    [GeneratedRegex(@"^(\+(?<gap>\d+[mhd]) )?(?<who>[a-z]+)( (?<kind>note|sets))?: (?<text>.+?)( *\[\[(?<file>[^\]]+)\]\])*$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Form();

    [GeneratedRegex("(?<![a-z0-9.])@(?<key>[a-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mention();
}
