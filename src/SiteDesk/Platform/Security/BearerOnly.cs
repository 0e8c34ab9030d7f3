namespace SiteDesk.Platform.Security;

/// <summary>
/// The route knows its callers by a bearer token and never by the browser's cookie: a foreign page cannot make a signed-in
/// browser act through it, so it needs no antiforgery token.
/// </summary>
/// <param name="Scope">What the token must be good for; null when any valid token will do.</param>
public sealed record BearerOnly(string? Scope);
