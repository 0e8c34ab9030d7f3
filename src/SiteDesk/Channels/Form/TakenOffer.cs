using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Form;

/// <summary>
/// What a customer took of an offer on the tracking page, where no script runs: the button that was pressed, and what was written into
/// its form. The words of the message are made here, as the widget makes them.
/// </summary>
/// <param name="Problems">Why it is not sent; <see cref="Problem.Field"/> is the field's id.</param>
public sealed record TakenOffer(string Text, MessageChoice Choice, IReadOnlyList<Problem> Problems)
{
    /// <summary>Id and name of the field for a value.</summary>
    public static string FieldOf(string key) => $"value-{key}";

    public static async Task<TakenOffer> ReadAsync(IFormCollection form, Ticket ticket, TrackedConversation conversations, Texts texts, CancellationToken cancellation)
    {
        var key = form["choice"].ToString();
        if (!long.TryParse(form["offer"].ToString(), System.Globalization.CultureInfo.InvariantCulture, out var offerId) || offerId == 0 && key != MessageChoice.Person)
            return Gone(key);
        if (offerId == 0)
            return new TakenOffer(texts["offer.person-wish"], new MessageChoice(0, MessageChoice.Person), []);

        var offer = await conversations.OfferAsync(ticket, offerId, cancellation);
        if (offer?.Choices.FirstOrDefault(choice => choice.Key == key) is { } choice)
            return new TakenOffer(choice.Label, new MessageChoice(offerId, key), []);
        return offer?.Form switch
        {
            { } step when key == OfferedForm.BackKey => new TakenOffer(step.Back, new MessageChoice(offerId, key), []),
            { } step when key == step.Key => Filled(step, offerId, form, texts.Language),
            _ => Gone(key),
        };
    }

    private static TakenOffer Filled(OfferedForm step, long offerId, IFormCollection form, string language)
    {
        var values = step.Fields.ToDictionary(field => field.Key, field => MessageComposer.Clean(form[FieldOf(field.Key)].ToString()), StringComparer.Ordinal);
        var lines = step.Fields.Where(field => values[field.Key].Length > 0).Select(field => $"{field.Label.TrimEnd(' ', ':', '：', '?', '？')}: {values[field.Key]}").ToList();
        return new TakenOffer(
            lines.Count > 0 ? string.Join('\n', lines) : step.Send, new MessageChoice(offerId, step.Key, values),
            [.. step.Fields.Select(field => Check(field, values[field.Key], language)).OfType<Problem>()]);
    }

    private static Problem? Check(OfferedField field, string value, string language)
    {
        if (value.Length == 0)
            return field.IsRequired ? new Problem(FieldOf(field.Key), "offer.field-needed", ("label", field.Label)) : null;
        var country = ContactAddress.CountryOf(language);
        return field.Kind switch
        {
            "email" when ContactAddress.ParseEmail(value) is null => new Problem(FieldOf(field.Key), "offer.email-wrong"),
            "phone" when ContactAddress.ParsePhone(value, country) is null => new Problem(FieldOf(field.Key), "offer.phone-wrong"),
            "contact" when ContactAddress.Parse(value, country) is null => new Problem(FieldOf(field.Key), "offer.contact-wrong"),
            _ => null,
        };
    }

    private static TakenOffer Gone(string key) => new("", new MessageChoice(0, key), [new Problem("text", "offer.gone")]);
}
