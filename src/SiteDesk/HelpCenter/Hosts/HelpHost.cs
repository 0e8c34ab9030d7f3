namespace SiteDesk.HelpCenter.Hosts;

/// <summary>The host a request came for is a help centre's own. A feature of the request: without it the request is for the program itself.</summary>
/// <param name="SiteKey">Whose help centre it is.</param>
/// <param name="Origin">Scheme and host, as readers know it.</param>
public sealed record HelpHost(string SiteKey, string Origin)
{
    /// <summary>Whether the address came without the path that the help centre has under the public address.</summary>
    public bool CameShort { get; init; }
}
