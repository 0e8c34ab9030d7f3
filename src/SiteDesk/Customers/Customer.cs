using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>Somebody who asks. A visitor who has told nothing yet is a customer without name and contacts.</summary>
public sealed class Customer : IVersioned
{
    public long Id { get; init; }

    /// <summary>The whole name in the order of its language: "Maria Lopez", "Соколова Анна Игоревна", "王伟". Empty when unknown.</summary>
    public string Name { get; set; } = "";

    /// <summary>How to address them in a letter: "Maria", "Анна Игоревна", "王先生". Empty: use the name.</summary>
    public string AddressAs { get; set; } = "";

    /// <summary>One of the program's languages; null when not known.</summary>
    public string? Language { get; set; }

    /// <summary>IANA name; null when not known.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Their key in the owner's own systems, unique; null when there is none.</summary>
    public string? ExternalId { get; set; }

    /// <summary>What the staff should know of them.</summary>
    public string Remarks { get; set; } = "";

    public required DateTime CreatedAt { get; init; }

    /// <summary>The record into which this one was merged; it then has no contacts and tickets of its own.</summary>
    public long? MergedIntoId { get; set; }

    public List<CustomerContact> Contacts { get; } = [];

    public int Version { get; set; }

    /// <summary>The name to show, or the first contact, or a number for who told nothing.</summary>
    public string DisplayName => Name.Length > 0 ? Name : Contacts.FirstOrDefault()?.Shown ?? "";

    /// <summary>Adds a contact unless it is there. It is claimed: <see cref="ProveContact"/> is the one place that makes it more.</summary>
    public CustomerContact AddContact(ContactAddress address, DateTime at)
    {
        var contact = Contacts.Find(known => known.Kind == address.Kind && known.Value == address.Value);
        if (contact is null)
        {
            contact = new CustomerContact { Kind = address.Kind, Value = address.Value, Shown = address.Shown, AddedAt = at };
            Contacts.Add(contact);
        }

        return contact;
    }

    /// <summary>Takes over what another record of the same person knows and this one does not.</summary>
    public void LearnFrom(Customer other)
    {
        if (Name.Length == 0)
            Name = other.Name;
        if (AddressAs.Length == 0)
            AddressAs = other.AddressAs;
        if (Remarks.Length == 0)
            Remarks = other.Remarks;
        Language ??= other.Language;
        TimeZone ??= other.TimeZone;
    }
}

public enum ContactKind
{
    Email,
    Phone,
}

/// <summary>A way to reach a customer.</summary>
public sealed class CustomerContact
{
    public long Id { get; init; }

    public long CustomerId { get; set; }

    public required ContactKind Kind { get; init; }

    /// <summary>For comparing: lower-case address, or E.164 number.</summary>
    public required string Value { get; init; }

    /// <summary>For reading: as written, or the number grouped.</summary>
    public required string Shown
    {
        // Grouped anew when read: a number keeps up with how numbers are written here, whenever it was stored.
        get => Kind == ContactKind.Phone ? PhoneGrouping.Of(Value) : field;
        set;
    }

    public required DateTime AddedAt { get; init; }

    /// <summary>When the customer showed that it is theirs (<see cref="ContactProof"/>); null while only claimed.</summary>
    public DateTime? ProvenAt { get; private set; }

    /// <summary>How; null while only claimed.</summary>
    public ContactProof? ProvenBy { get; private set; }

    /// <summary>Only <see cref="ProveContact"/>, merging and the demonstration call this.</summary>
    internal void MarkProven(ContactProof proof, DateTime at)
    {
        ProvenAt ??= at;
        ProvenBy ??= proof;
    }

    /// <summary>A merge that brought the proof is taken back.</summary>
    internal void UnmarkProven() => (ProvenAt, ProvenBy) = (null, null);
}
