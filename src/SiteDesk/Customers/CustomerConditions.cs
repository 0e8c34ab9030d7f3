using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Customers;

/// <summary>
/// What can be asked of a customer: in the segments that articles are for. Addresses count only when they are proven, because nobody
/// may enter a segment by typing something into a form. None of it depends on the day, so that a test can be made once.
/// </summary>
public static class CustomerConditions
{
    public static ConditionFields<Customer> Fields { get; } = new(
        "customers",
        ConditionField<Customer>.Set(
            "email-domain", "customer-segment.email-domain",
            customer => customer.Contacts.Where(contact => contact.Kind == ContactKind.Email && contact.ProvenAt != null).Select(contact => contact.Value.Substring(contact.Value.IndexOf("@") + 1)), // an ordinal IndexOf is none a database knows
            choices: null),
        ConditionField<Customer>.Set(
            "email", "customer-segment.email",
            customer => customer.Contacts.Where(contact => contact.Kind == ContactKind.Email && contact.ProvenAt != null).Select(contact => contact.Value), choices: null),
        ConditionField<Customer>.Choice(
            "language", "customer-segment.language", customer => customer.Language,
            Languages.All.Select(language => new ConditionChoice(language, ConditionLabel.Of(Languages.OwnName(language)))).ToList(), mayBeEmpty: true),
        ConditionField<Customer>.Text("external-id", "customer-segment.external-id", customer => customer.ExternalId),
        ConditionField<Customer>.Text("remarks", "customer-segment.remarks", customer => customer.Remarks));
}
