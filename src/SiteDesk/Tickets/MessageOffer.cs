using SiteDesk.Platform.Html;

namespace SiteDesk.Tickets;

/// <summary>
/// What a message offers its reader beside its words: where it is from, what can be chosen, what is asked for. Every way a customer
/// reads on shows it in its own manner; a mail leads to the tracking page.
/// </summary>
public sealed record MessageOffer
{
    /// <summary>Choices one message offers at most.</summary>
    public const int MostChoices = 6;

    /// <summary>What the words rest on; shown as links.</summary>
    public IReadOnlyList<OfferedSource> Sources { get; init; } = [];

    /// <summary>Ready answers; taking one is a message of the customer's with the choice's label as its words.</summary>
    public IReadOnlyList<OfferedChoice> Choices { get; init; } = [];

    /// <summary>A step of a form; null for none.</summary>
    public OfferedForm? Form { get; init; }
}

/// <param name="Title">The article's title.</param>
/// <param name="Address">Where it is read: a path from the root of this program, or a whole address.</param>
/// <param name="Language">Its language when it is not the conversation's; null otherwise.</param>
public sealed record OfferedSource(string Title, string Address, string? Language = null)
{
    /// <summary>Where it leads: a page of this program, or of a help centre on a host of its own. Anything else is no link, and leads to the start.</summary>
    /// <param name="desk">What comes before a path; empty on pages of this program.</param>
    public string Link(string desk = "") =>
        Uri.TryCreate(Address, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" ? whole.AbsoluteUri : desk + LocalAddress.OrRoot(Address);
}

/// <param name="Key">What it means to who offered it; letters, digits and <c>-:.</c></param>
/// <param name="Label">What it says.</param>
public sealed record OfferedChoice(string Key, string Label);

/// <param name="Key">What is given back with the values.</param>
/// <param name="Send">What the button says.</param>
/// <param name="Back">What the button says that leaves the form unfilled; taking it is the choice <see cref="BackKey"/>.</param>
public sealed record OfferedForm(string Key, IReadOnlyList<OfferedField> Fields, string Send, string Back)
{
    /// <summary>The choice of who does not want to fill the form in.</summary>
    public const string BackKey = "back";

    /// <summary>Longest value of a field, in characters.</summary>
    public const int LongestValue = 500;
}

/// <param name="Key">Name of the value.</param>
/// <param name="Label">What is asked for.</param>
/// <param name="Kind"><c>text</c>, <c>email</c>, <c>phone</c>, <c>contact</c> (either), <c>order</c>, <c>time</c>, <c>long</c>.</param>
/// <param name="Value">What was given before, so that it need not be written again.</param>
/// <param name="Problem">Why it was not taken; null when it was not given yet.</param>
public sealed record OfferedField(string Key, string Label, string Kind, bool IsRequired, string? Value = null, string? Problem = null);

/// <summary>What a customer took of an offer; the words of the message say the same for people.</summary>
/// <param name="OfferId">The message that offered it.</param>
/// <param name="Key">The choice's or the form's key.</param>
/// <param name="Values">What was written into the form; null for a choice.</param>
public sealed record MessageChoice(long OfferId, string Key, Dictionary<string, string>? Values = null)
{
    /// <summary>The choice that stands open at any time, of no offer (<see cref="OfferId"/> is 0): a person, please.</summary>
    public const string Person = "person";
}
