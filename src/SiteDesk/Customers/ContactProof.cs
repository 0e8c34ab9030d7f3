namespace SiteDesk.Customers;

/// <summary>How an address or number came to be proven. Typing it into a form or a widget is a claim and no proof.</summary>
public enum ContactProof
{
    /// <summary>They opened a link, or typed a code, that was sent to it.</summary>
    Link,

    /// <summary>A message came from it, and the sender's server vouched for it (DKIM or SPF in line with DMARC), or the messenger did.</summary>
    Message,

    /// <summary>The shop's own system, where they are signed in, says so.</summary>
    ShopIdentity,

    /// <summary>A member of staff decided it.</summary>
    StaffDecision,
}
