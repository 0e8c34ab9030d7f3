namespace SiteDesk.Channels.Email;

/// <summary>With whom a ticket is conducted by mail.</summary>
public sealed class Correspondence
{
    public required long TicketId { get; init; }

    /// <summary>The mailbox the customer wrote to: answers leave through it.</summary>
    public long? MailboxId { get; set; }

    /// <summary>Where answers go: the customer's Reply-To, else their address; null: the customer's first address.</summary>
    public MailParty? To { get; set; }

    /// <summary>Who is kept in the loop.</summary>
    public List<MailParty> Cc { get; set; } = [];

    /// <summary>Whether answers go by mail, as a colleague decided; null: by where the customer writes.</summary>
    public bool? ByMail { get; set; }

    /// <summary>Blind copies of the next answer alone.</summary>
    public List<MailParty> NextBcc { get; set; } = [];
}

/// <summary>A name and an address.</summary>
public sealed record MailParty(string Name, string Address)
{
    public override string ToString() => Name.Length > 0 ? $"{Name} <{Address}>" : Address;
}

/// <summary>What a message that came by mail brought besides its text.</summary>
public sealed class MessageMail
{
    public required long MessageId { get; init; }

    public required long RawMailId { get; init; }

    /// <summary>The Message-ID without brackets; null when it had none.</summary>
    public string? MailId { get; init; }

    public required MailParty From { get; init; }

    public List<MailParty> To { get; init; } = [];

    public List<MailParty> Cc { get; init; } = [];

    /// <summary>The repeated older messages.</summary>
    public string Quoted { get; init; } = "";

    public string Signature { get; init; } = "";

    /// <summary>Verdicts of the receiving server (RFC 8601): <c>pass</c>, <c>fail</c> …; null where it says nothing or is not trusted.</summary>
    public string? Spf { get; init; }

    public string? Dkim { get; init; }

    public string? Dmarc { get; init; }

    /// <summary>Why it counts as written by a machine; null for a person's.</summary>
    public string? AutomaticReason { get; init; }

    /// <summary>Attachments that were not taken over; they are in the original.</summary>
    public List<string> RefusedFiles { get; init; } = [];

    public bool HasHtml { get; init; }
}

/// <summary>An address that sent a mail back for good.</summary>
public sealed class UnreachableAddress
{
    /// <summary>For comparing.</summary>
    public required string Address { get; init; }

    public required DateTime At { get; set; }

    public required string Reason { get; set; }

    /// <summary>The receiver asked for no more of it (a complaint), rather than that it could not be delivered.</summary>
    public bool IsComplaint { get; set; }
}
