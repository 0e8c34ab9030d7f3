namespace SiteDesk.Assistant.HandOver;

/// <summary>Why a message goes to a person at once, whatever it is about.</summary>
internal enum HandOverReason
{
    /// <summary>Somebody wants a person.</summary>
    Person,

    /// <summary>Somebody is beside himself. A complaint in plain words is not anger.</summary>
    Anger,

    /// <summary>Somebody threatens to leave, to sue, to tell an authority or the press.</summary>
    Threat,

    /// <summary>Somebody was or is being defrauded: a stolen card or account, a false shop, a false employee.</summary>
    Fraud,

    /// <summary>Somebody is in danger, was hurt, or may be.</summary>
    Safety,
}
