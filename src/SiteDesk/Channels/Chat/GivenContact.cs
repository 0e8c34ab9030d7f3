using System.Collections.ObjectModel;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Channels.Chat;

/// <summary>How a visitor says to reach them: claimed, not proven.</summary>
public sealed record GivenContact(string? Name, string? Email, string? Phone)
{
    private const int LongestName = 100;

    /// <summary>Understands the addresses; a number without country code is read as the language's country writes it.</summary>
    public static Outcome<ReadOnlyCollection<ContactAddress>> Understand(GivenContact? given, string language)
    {
        var contacts = new List<ContactAddress>();
        var problems = new List<Problem>();
        Read(given?.Email, "email", "chat.email-wrong", text => ContactAddress.ParseEmail(text));
        Read(given?.Phone, "phone", "chat.phone-wrong", text => ContactAddress.ParsePhone(text, ContactAddress.CountryOf(language)));
        if (problems.Count > 0)
            return problems;
        return contacts.AsReadOnly();

        void Read(string? text, string field, string problem, Func<string, ContactAddress?> parse)
        {
            if (string.IsNullOrWhiteSpace(text))
                return;
            if (parse(text) is { } contact)
                contacts.Add(contact);
            else
                problems.Add(new Problem(field, problem));
        }
    }

    /// <summary>The name as it may be kept.</summary>
    public string CleanName(string? language)
    {
        return PersonName.Tidy(Tickets.MessageComposer.Clean(Name ?? ""), language).UpTo(LongestName);
    }
}
