using SiteDesk.Customers;
using SiteDesk.Platform.Conditions;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Numbers the segments of a snapshot's articles while it is read: equal conditions are one segment.</summary>
internal sealed class SnapshotSegments
{
    // No field of a customer depends on the day or the reader (CustomerConditions): any will do.
    private static readonly ConditionReader Nobody = new(DateTime.UnixEpoch, TimeZoneInfo.Utc, StaffId: null, TeamIds: []);

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Func<Customer, bool>> _tests = [];

    public IReadOnlyList<Func<Customer, bool>> Tests => _tests;

    /// <param name="condition">As it is stored; null for none.</param>
    public int? NumberOf(string? condition)
    {
        if (condition is null)
            return null;
        if (!_numbers.TryGetValue(condition, out var number))
        {
            _numbers[condition] = number = _tests.Count;
            _tests.Add(TestOf(condition));
        }

        return number;
    }

    /// <summary>A condition that cannot be understood any more lets nobody in but the staff, who can mend it.</summary>
    private static Func<Customer, bool> TestOf(string condition) =>
        ConditionJson.Parse(condition).Condition is { } known && CustomerConditions.Fields.Check(known).Count == 0
            ? CustomerConditions.Fields.ToTest(known, Nobody)
            : _ => false;
}
