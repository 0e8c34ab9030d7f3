using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>
/// The audit log in the reader's words. Entries are stored as keys and codes, so that they read in whatever language their reader
/// has; names and addresses that people gave are shown as they are.
/// </summary>
public static class AuditWords
{
    /// <summary>Details whose values are codes of ours, and the beginning of the codes' texts.</summary>
    private static readonly Dictionary<string, string> Coded = new(StringComparer.Ordinal)
    {
        ["role"] = "role.", ["role-before"] = "role.", ["role-after"] = "role.",
        ["pages"] = "audit-value.", ["consent"] = "audit-value.", ["contact"] = "audit-value.", ["proof"] = "contact-proof.", ["reason"] = "audit-value.",
        ["sites-before"] = "audit-value.", ["sites-after"] = "audit-value.", ["teams-only-before"] = "audit-value.", ["teams-only-after"] = "audit-value.",
        ["audience"] = "audit-value.",
        ["masked-before"] = "audit-value.", ["masked-after"] = "audit-value.",
    };

    /// <summary>Details whose values are keys with spaces between them, and the kind of what they are keys of.</summary>
    private static readonly Dictionary<string, string> Keyed = new(StringComparer.Ordinal)
    {
        ["sites-before"] = "site", ["sites-after"] = "site", ["teams-before"] = "team", ["teams-after"] = "team", ["joined"] = "staff", ["left"] = "staff",
    };

    public static string ActionOf(AuditEntry entry, Texts texts) => TextOr(texts, $"audit.{entry.Action}", entry.Action);

    /// <summary>What it was done to: <c>staff:7</c> is "Colleague Anna", or "Colleague 7" where there is no such name.</summary>
    public static string SubjectOf(AuditEntry entry, Texts texts, AuditNames names)
    {
        var colon = entry.Subject.IndexOf(':', StringComparison.Ordinal);
        var (kind, key) = colon < 0 ? (entry.Subject, "") : (entry.Subject[..colon], entry.Subject[(colon + 1)..]);
        return $"{TextOr(texts, $"audit-subject.{kind}", kind)} {names.Of(entry.Subject) ?? key}".TrimEnd();
    }

    /// <summary>Each detail as "name: value".</summary>
    public static IEnumerable<string> DetailsOf(AuditEntry entry, Texts texts, AuditNames names) =>
        entry.Details.Select(detail => $"{TextOr(texts, $"audit-detail.{detail.Key}", detail.Key)}: {ValueOf(detail.Key, detail.Value, texts, names)}");

    private static string ValueOf(string name, string value, Texts texts, AuditNames names)
    {
        if (Coded.TryGetValue(name, out var start) && texts.Has(start + KeyOf(value)))
            return texts[start + KeyOf(value)];
        if (Keyed.TryGetValue(name, out var kind))
            return string.Join(", ", value.Split(' ').Select(key => names.Of($"{kind}:{key}") ?? key));
        return name is "language" or "languages" ? string.Join(", ", value.Split(' ').Select(language => Languages.All.Contains(language) ? Languages.OwnName(language) : language)) : value;
    }

    /// <summary>"StaffDecision" and "not required" as the end of a text's key.</summary>
    private static string KeyOf(string value) => value switch
    {
        "ShopIdentity" => "shop",
        "StaffDecision" => "staff",
        _ => value.ToLowerInvariant().Replace(' ', '-'),
    };

    private static string TextOr(Texts texts, string key, string otherwise) => texts.Has(key) ? texts[key] : otherwise;
}
