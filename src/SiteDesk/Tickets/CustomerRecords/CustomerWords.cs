using SiteDesk.Customers;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>Words for customers on the pages of their records.</summary>
internal static class CustomerWords
{
    /// <summary>The name; else how to reach them, masked where the reader sees it so; else "Visitor".</summary>
    public static string NameOf(Customer customer, Staff reader, Texts texts) =>
        customer.Name.Length > 0 ? customer.Name
        : customer.Contacts.FirstOrDefault() is { } contact ? ContactMask.Show(reader, contact.Shown)
        : texts["customer.visitor"];

    /// <summary>Why two records are likely one person.</summary>
    public static string WhyOf(LikelyDuplicate duplicate, Staff reader, Texts texts) =>
        duplicate.Sharing is { } contact ? texts["customer-merge.same-contact", ("contact", ContactMask.Show(reader, contact.Shown))]
        : duplicate.SameName ? texts["customer-merge.same-name"]
        : string.Join(", ", duplicate.Customer.Contacts.Take(2).Select(other => ContactMask.Show(reader, other.Shown)));

    /// <summary>When a contact was proven, and how where that was written down.</summary>
    public static string ProofOf(CustomerContact contact, DateTime at, Texts texts) =>
        contact.ProvenBy is { } proof ? $"{texts[$"contact-proof.{KeyOf(proof)}"]}, {texts.Date(at)}" : texts.Date(at);

    private static string KeyOf(ContactProof proof) => proof switch
    {
        ContactProof.Link => "link",
        ContactProof.Message => "message",
        ContactProof.ShopIdentity => "shop",
        _ => "staff",
    };
}
