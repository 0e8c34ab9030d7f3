namespace SiteDesk.Platform.Web.Abuse;

/// <summary>
/// What one network address may do a minute; set under <c>Abuse</c> in the configuration. Many people share an address
/// behind a mobile network's gateway, so an ordinary excess costs a challenge that nobody sees; only a flood is refused.
/// </summary>
public sealed class AbuseLimits
{
    /// <summary>Messages without a challenge.</summary>
    public int Messages { get; set; } = 20;

    /// <summary>Conversations begun without a challenge.</summary>
    public int Conversations { get; set; } = 5;

    /// <summary>Files without a challenge.</summary>
    public int Files { get; set; } = 15;

    /// <summary>Requests that change something, of whatever kind, before they are refused.</summary>
    public int Requests { get; set; } = 240;

    /// <summary>Streams and polls begun.</summary>
    public int Streams { get; set; } = 240;

    /// <summary>Messages to one site, from everywhere, before everybody is challenged.</summary>
    public int MessagesOfSite { get; set; } = 600;

    /// <summary>Equal texts within an hour, to one site, before further ones are junk.</summary>
    public int EqualTexts { get; set; } = 3;

    /// <summary>Zero bits of a challenge: about a second of an old phone's time.</summary>
    public int Difficulty { get; set; } = 13;
}
