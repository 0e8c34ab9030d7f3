namespace SiteDesk.Customers;

/// <summary>Why two records were made one.</summary>
public enum MergeReason
{
    /// <summary>The same address or number was proven for both.</summary>
    Proof,

    /// <summary>A member of staff decided it.</summary>
    StaffDecision,
}

/// <summary>That two records of a person became one, with what is needed to take it back.</summary>
public sealed class CustomerMerge
{
    public long Id { get; init; }

    /// <summary>The record that went.</summary>
    public required long FromId { get; init; }

    /// <summary>The record that stayed.</summary>
    public required long IntoId { get; init; }

    public required MergeReason Reason { get; init; }

    public required DateTime At { get; init; }

    /// <summary>Who did it, at that time.</summary>
    public required string ByName { get; init; }

    /// <summary>What the record that stayed knew before.</summary>
    public required CustomerDetails Before { get; init; }

    /// <summary>The contacts of the record that went.</summary>
    public required List<MovedContact> Contacts { get; init; }

    public DateTime? UndoneAt { get; set; }
}

/// <summary>What one writes of a customer, apart from how to reach them.</summary>
public sealed record CustomerDetails(string Name, string AddressAs, string? Language, string? TimeZone, string? ExternalId, string Remarks)
{
    public static CustomerDetails Of(Customer customer) =>
        new(customer.Name, customer.AddressAs, customer.Language, customer.TimeZone, customer.ExternalId, customer.Remarks);
}

/// <summary>A contact that changed hands in a merge.</summary>
/// <param name="Id">Its key, if it was moved; null when the other record had the same address and keeps its own row.</param>
/// <param name="BroughtProof">The other record had the same address unproven, and this one's proof was taken over.</param>
public sealed record MovedContact(
    long? Id, ContactKind Kind, string Value, string Shown, DateTime AddedAt, DateTime? ProvenAt, ContactProof? ProvenBy, bool BroughtProof);

/// <summary>A row that followed its customer in a merge.</summary>
public sealed class MovedRow
{
    public required long MergeId { get; init; }

    /// <summary>Its table and the column that names the customer: <c>tickets_tickets.CustomerId</c>.</summary>
    public required string Place { get; init; }

    public required long RowId { get; init; }
}
