using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>Shows contact data to staff who may see it, and only its shape to those who may not (an outsourced team).</summary>
public static class ContactMask
{
    /// <param name="shown">E-mail address or phone number as it is written for reading.</param>
    public static string Show(Staff staff, string shown) => staff.MasksContacts ? Mask(shown) : shown;

    /// <summary>Who has given no name is called by their address or number, and is so wherever a name stands.</summary>
    public static string Name(Staff staff, string name) =>
        staff.MasksContacts && (name.Contains('@', StringComparison.Ordinal) || name.Count(char.IsDigit) >= FewestDigits && !name.Any(char.IsLetter)) ? Mask(name) : name;

    /// <summary>Below this no number can be dialled.</summary>
    private const int FewestDigits = 5;

    /// <summary><c>maria@example.com</c> becomes <c>m•••@e•••.com</c>, a number keeps its country code and last two digits.</summary>
    public static string Mask(string shown)
    {
        var at = shown.LastIndexOf('@');
        if (at > 0)
        {
            var domain = shown[(at + 1)..];
            var dot = domain.LastIndexOf('.');
            return $"{First(shown)}•••@{First(domain)}•••{(dot > 0 ? domain[dot..] : "")}";
        }

        var digits = shown.Count(char.IsAsciiDigit);
        var seen = 0;
        return string.Concat(shown.Select(letter =>
        {
            if (!char.IsAsciiDigit(letter))
                return letter;
            seen++;
            return seen == 1 || seen > digits - 2 ? letter : '•';
        }));
    }

    private static string First(string text) => System.Globalization.StringInfo.GetNextTextElement(text);
}
