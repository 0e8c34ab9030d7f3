namespace SiteDesk.Mail;

/// <summary>What the receiving server found out about the sender (RFC 8601): results such as "pass", "fail", "none", in lower case; null
/// where it says nothing.</summary>
/// <param name="Spf">The envelope sender's host (RFC 7208).</param>
/// <param name="Dkim">A valid signature (RFC 6376); "pass" when any signature passed.</param>
/// <param name="Dmarc">Agreement of the From domain with either (RFC 7489).</param>
/// <param name="Host">The server that says so, or null when no field counted.</param>
public sealed record AuthenticationResults(string? Spf, string? Dkim, string? Dmarc, string? Host)
{
    /// <summary>Nothing known: nobody gains rights by it.</summary>
    public static AuthenticationResults None { get; } = new(null, null, null, null);

    /// <summary>The domains that passed: of the envelope sender (SPF) and of good signatures (DKIM), in lower case.</summary>
    public IReadOnlyList<string> PassedDomains { get; init; } = [];

    /// <summary>The From domain that DMARC was judged for (<c>header.from</c>), in lower case; null where the server does not name it.</summary>
    public string? DmarcDomain { get; init; }

    /// <summary>
    /// Whether the receiving server vouches that a mail comes from the domain of its author: DMARC passed for it, or, where it says nothing
    /// of DMARC, SPF or DKIM passed for a domain that is aligned with it in the relaxed way (RFC 7489 section 3.1): the same, or of the same
    /// <see cref="OrganizationalDomain"/>. Names that many share, such as a hoster's, are no organisation's. A failed DMARC is the last
    /// word: strict alignment, which only the domain's own record knows, speaks through it.
    /// </summary>
    /// <param name="domain">The domain in From.</param>
    public bool VouchesFor(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (PassedDmarcFor(domain))
            return true;
        return Dmarc is null or "none" && PassedDomains.Any(passed => OrganizationalDomain.AreAligned(passed, domain));
    }

    /// <summary>
    /// Whether DMARC passed, and for the domain of this author: a mail with two authors, or two From fields, may have been judged by the
    /// other one. Some servers name the organisational domain.
    /// </summary>
    /// <param name="domain">The domain in From.</param>
    public bool PassedDmarcFor(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Dmarc == "pass" && domain.Length > 0 && (DmarcDomain is null || OrganizationalDomain.AreAligned(DmarcDomain, domain));
    }

    /// <summary>Reads the fields of the named servers only: anybody can write such a field, and only one's own server removes forgeries
    /// (section 5).</summary>
    /// <param name="message">The message.</param>
    /// <param name="trustedHosts">authserv-ids to believe; empty believes nobody. Null takes the topmost field's server, for showing only.</param>
    public static AuthenticationResults Read(MimeMessage message, IReadOnlyCollection<string>? trustedHosts)
    {
        ArgumentNullException.ThrowIfNull(message);
        string? spf = null, dkim = null, dmarc = null, dmarcDomain = null, host = null;
        var passed = new List<string>();
        foreach (var field in message.Headers.All("Authentication-Results").Take(20))
        {
            var clauses = WithoutComments(field.Text).Split(';');
            var server = clauses[0].Trim().Split(' ')[0].ToLowerInvariant();
            var start = 1;
            if (clauses[0].Contains('=', StringComparison.Ordinal) && !server.Contains('.', StringComparison.Ordinal))
            {
                // Some servers leave their name out.
                server = string.Empty;
                start = 0;
            }
            if (trustedHosts is not null && !trustedHosts.Contains(server, StringComparer.OrdinalIgnoreCase)) continue;
            if (host is not null && host != server) continue;
            host = server;
            foreach (var clause in clauses.Skip(start))
            {
                if (PassedDomain(clause) is { } domain && passed.Count < 20) passed.Add(domain);
                if (Result(clause, "spf") is { } spfResult) spf ??= spfResult;
                // One good signature is enough (RFC 6376 section 4.2).
                if (Result(clause, "dkim") is { } dkimResult) dkim = dkim == "pass" ? dkim : dkimResult == "pass" ? "pass" : dkim ?? dkimResult;
                if (dmarc is null && Result(clause, "dmarc") is { } dmarcResult) (dmarc, dmarcDomain) = (dmarcResult, DomainIn(clause, "header.from="));
            }
        }
        if (spf is null && trustedHosts is null && message.Headers.First("Received-SPF")?.Text.Split(' ', '(')[0] is { Length: > 0 and < 20 } received) spf = received.ToLowerInvariant();
        return host is null && spf is null ? None : new AuthenticationResults(spf, dkim, dmarc, host) { PassedDomains = passed, DmarcDomain = dmarcDomain };
    }

    /// <summary>The domain for which SPF or DKIM passed (RFC 8601 sections 2.7.1 and 2.7.2).</summary>
    private static string? PassedDomain(string clause)
    {
        string[] properties = Result(clause, "spf") == "pass" ? ["smtp.mailfrom="] : Result(clause, "dkim") == "pass" ? ["header.d=", "header.i="] : [];
        return properties.Select(property => DomainIn(clause, property)).FirstOrDefault(domain => domain is not null);
    }

    private static string? DomainIn(string clause, string property)
    {
        var at = clause.IndexOf(property, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var value = clause[(at + property.Length)..].Trim().Split(' ', '\t', '\r', '\n')[0].Trim('"', '<', '>', ',');
        var domain = value[(value.LastIndexOf('@') + 1)..].ToLowerInvariant();
        return domain.Length is > 0 and <= 253 ? domain : null;
    }

    private static string? Result(string clause, string method)
    {
        var text = clause.AsSpan().Trim();
        if (!text.StartsWith(method, StringComparison.OrdinalIgnoreCase)) return null;
        text = text[method.Length..];
        // "dkim/1=pass" names the method's version.
        if (text.StartsWith('/')) text = text.TrimStart("/0123456789");
        text = text.TrimStart();
        if (!text.StartsWith('=')) return null;
        text = text[1..].TrimStart();
        var end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        return end is 0 or > 20 ? null : text[..end].ToString().ToLowerInvariant();
    }

    private static string WithoutComments(string text)
    {
        for (var guard = 0; guard < 50; guard++)
        {
            var open = text.IndexOf('(', StringComparison.Ordinal);
            if (open < 0) return text;
            text = text[..open] + " " + text[Math.Min(text.Length, ParameterizedValue.AfterComment(text, open))..];
        }
        return text;
    }
}
