using SiteDesk.Platform.Events;

namespace SiteDesk.Customers;

/// <summary>An address or number turned out to belong to a customer.</summary>
public sealed record ContactProven(long CustomerId, long ContactId) : IEvent;

/// <summary>Two records became one; <paramref name="FromId"/> now only points to <paramref name="IntoId"/>.</summary>
public sealed record CustomersMerged(long MergeId, long FromId, long IntoId) : IEvent;

/// <summary>A while after a merge: what was being stored for the record that went is stored by now.</summary>
public sealed record MergeSettles(long MergeId, long FromId) : IEvent;

/// <summary>A merge was taken back: both records stand by themselves again.</summary>
public sealed record CustomersSplit(long MergeId, long FromId, long IntoId) : IEvent;

/// <summary>Everything known of a person was removed.</summary>
public sealed record CustomerErased(long CustomerId) : IEvent;
