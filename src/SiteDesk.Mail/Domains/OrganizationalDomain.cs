using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>
/// Which hosts are one organisation's (RFC 7489 section 3.2): all below the name that was registered under a public suffix such as
/// <c>com</c>, <c>co.uk</c> or <c>github.io</c>. The suffixes come from the Public Suffix List, its part of hosters' names included, as it was when
/// the library was made.
/// </summary>
public static class OrganizationalDomain
{
    private const int LongestDomain = 253;

    private static readonly Lazy<FrozenSet<string>> Suffixes = new(Read);

    /// <summary>The organisational domain: the public suffix and one label more.</summary>
    /// <param name="domain">A host name, in Unicode or ASCII form, in any case.</param>
    /// <returns>In lower case and ASCII form; null for a public suffix itself, an address literal, and what is no host name.</returns>
    public static string? Of(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (Normal(domain) is not { } host)
            return null;
        var start = 0;
        string? below = null;
        while (true)
        {
            var name = host[start..];

            // An exception takes one name out of a wildcard: !www.ck of *.ck.
            if (Suffixes.Value.Contains("!" + name))
                return name;
            if (IsSuffix(name))
                return below;
            below = name;
            var dot = host.IndexOf('.', start);
            if (dot < 0)
                return null;
            start = dot + 1;
        }
    }

    /// <summary>Whether two domains agree as relaxed alignment wants it (RFC 7489 section 3.1): the same, or of the same organisation.</summary>
    /// <param name="first">A host name, in Unicode or ASCII form, in any case.</param>
    /// <param name="second">A host name, in Unicode or ASCII form, in any case.</param>
    public static bool AreAligned(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (Normal(first) is not { } left || Normal(second) is not { } right)
            return false;
        // A single label is nobody's name: "com" does not vouch for "com".
        return left == right ? left.Contains('.', StringComparison.Ordinal) : Of(left) is { } organization && organization == Of(right);
    }

    /// <summary>Without any rule the last label is the suffix.</summary>
    private static bool IsSuffix(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || Suffixes.Value.Contains(name) || Suffixes.Value.Contains("*" + name[dot..]);
    }

    private static string? Normal(string domain)
    {
        var host = domain.Trim().TrimEnd('.').ToLowerInvariant();
        if (host.Length is 0 or > LongestDomain)
            return null;
        if (!Ascii.IsValid(host))
        {
            try
            {
                // A label may be made of signs that count for nothing there, and leave a dot behind.
                host = new IdnMapping().GetAscii(host).TrimEnd('.');
            }
            catch (ArgumentException)
            {
                return null; // no host name
            }
        }

        var isHost = host.Length is > 0 and <= LongestDomain && host[0] != '.' && !host.Contains("..", StringComparison.Ordinal) && host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
        return isHost && !IPAddress.TryParse(host, out _) ? host : null;
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(OrganizationalDomain).Assembly.GetManifestResourceStream("public-suffixes.txt")
            ?? throw new InvalidOperationException("The list of public suffixes is missing in the assembly.");
        using var reader = new StreamReader(stream);
        var suffixes = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                suffixes.Add(line);
        }

        return suffixes.ToFrozenSet(StringComparer.Ordinal);
    }
}
