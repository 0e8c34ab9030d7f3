using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>An answer that is given often: written once in each language, put into replies with what the ticket knows.</summary>
public sealed class ReplyTemplate : IVersioned
{
    /// <summary>Characters of a name.</summary>
    public const int LongestName = 100;

    /// <summary>Characters of the text in one language.</summary>
    public const int LongestText = 5000;

    public long Id { get; init; }

    /// <summary>For the staff: by it a template is found while writing.</summary>
    public required string Name { get; set; }

    /// <summary>Per language, Markdown with <see cref="TemplatePlaceholders"/>; one at least.</summary>
    public Dictionary<string, string> Texts { get; set; } = [];

    /// <summary>For tickets of this site alone; null for all.</summary>
    public long? SiteId { get; set; }

    /// <summary>For this team's members, and for whoever answers its tickets; null for everybody.</summary>
    public long? TeamId { get; set; }

    /// <summary>When it was put away; null while it is offered.</summary>
    public DateTime? RetiredAt { get; set; }

    public int Version { get; set; }

    /// <summary>The text that suits best: in the first of the languages wished for that it has.</summary>
    /// <param name="wished">In order of preference.</param>
    public (string Language, string Text) TextFor(IEnumerable<string> wished)
    {
        var language = wished.FirstOrDefault(Texts.ContainsKey) ?? Texts.Keys.Order(StringComparer.Ordinal).First();
        return (language, Texts[language]);
    }
}
