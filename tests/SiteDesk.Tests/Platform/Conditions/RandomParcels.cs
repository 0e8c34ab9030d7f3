using SiteDesk.Platform.Conditions;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>Rows and conditions drawn from a seed, with the values where engines differ: nulls, empties, case, scripts, boundaries.</summary>
internal sealed class RandomParcels(int seed, DateTime now)
{
    private static readonly string[] Words =
    [
        "Refund", "refund", "REFUND", "возврат", "Возврат", "ВОЗВРАТА", "ёлка", "ЁЛКА", "Йод", "退款", "退款三天了还没到账", "微信", "Straße", "STRASSE",
        "İstanbul", "istanbul", "ISTANBUL", "ıssız", "Σίσυφος", "ΣΊΣΥΦΟΣ", "οδος", "ΟΔΟΣ", "100%", "a_b", "a\\b", "o'clock", "[x]", "*", "?", "😀", "Ǆ", "ǆ", "Ⅷ", "ⅷ", "Ω", "ω", "K", "k", "e\u0301", "É",
    ];

    private static readonly string[] Keys = ["vip", "VIP", "refund", "возврат", "Возврат", "退款", "it's", "a,b"];

    private static readonly long[] Numbers = [0, 1, -1, 2, 5, 60, 3600, 7200, 86_400, 90_000, int.MaxValue, 4_000_000_000];

    // Values of which double arithmetic makes neighbours: 0.1 + 0.2 is not 0.3.
    private static readonly decimal[] OwnNumbers = [0m, 0.1m, 0.3m, 0.30m, 1m, -2.5m, 100m, 99.99m, 12345678901.25m];

    private readonly Random _random = new(seed);

    private readonly DateTime[] _moments = MomentsAround(now);

    public Parcel NextParcel()
    {
        var parcel = new Parcel
        {
            Subject = NextText(),
            Customer = Sometimes() ? null : NextText(),
            Weight = (int)Pick(Numbers.Where(number => number <= int.MaxValue).ToArray()),
            Price = Sometimes() ? null : Pick(Numbers),
            Discount = Sometimes() ? null : Pick([0m, 0.5m, 0.50m, 1m, 1.0m, 12.25m, -3.1m, 10m, 9m]),
            State = Pick(Enum.GetValues<ParcelState>()),
            FormerState = Sometimes() ? null : Pick(Enum.GetValues<ParcelState>()),
            Channel = Sometimes() ? null : Pick(ParcelFields.Channels).Key,
            IsFragile = Sometimes(),
            IsInsured = Sometimes() ? null : Sometimes(),
            CreatedAt = Pick(_moments),
            DueAt = Sometimes() ? null : Pick(_moments),
            WaitedSeconds = Math.Abs(Pick(Numbers)),
            AnsweredAfterSeconds = Sometimes() ? null : Math.Abs(Pick(Numbers)),
            AssigneeId = Sometimes() ? null : _random.Next(1, 5),
            TeamId = _random.Next(10, 14),
            Labels = Several(Keys, 0, 3),
            Tags = Several(Keys, 0, 3).Select(name => new ParcelTag { Name = name }).ToList(),
            Followers = Several([1L, 2L, 3L, 4L], 0, 2).Select(id => new ParcelFollower { StaffId = id }).ToList(),
        };
        if (!Sometimes())
            parcel.Values.Add(new ParcelValue
            {
                Name = "own",
                Text = Sometimes() ? null : Sometimes() ? Pick(ParcelFields.Channels).Key : NextText(),
                Number = Sometimes() ? null : (double)Pick(OwnNumbers),
                Day = Sometimes() ? null : Pick(_moments).Date,
            });
        if (Sometimes())
            parcel.Values.Add(new ParcelValue { Name = "other", Text = "чат", Number = 1, Day = now.Date });
        return parcel;
    }

    public Condition NextCondition() => new(NextGroup(1, _random.Next(0, 5)));

    private ConditionGroup NextGroup(int depth, int members) =>
        new(Pick(Enum.GetValues<ConditionJoin>()), Enumerable.Range(0, members).Select(_ => NextNode(depth)).ToList());

    private ConditionNode NextNode(int depth) =>
        depth < Condition.MaximumDepth && _random.Next(4) == 0 ? NextGroup(depth + 1, _random.Next(1, 4)) : NextTest();

    private ConditionTest NextTest()
    {
        var field = Pick(ParcelFields.All.All);
        var operation = Pick(field.Operators);
        var values = ConditionOperators.OperandOf(operation) switch
        {
            ConditionOperand.Nothing => [],
            ConditionOperand.One => [NextValue(field, operation)],
            ConditionOperand.Span => [NextSpan()],
            ConditionOperand.Two => NextRange(field, operation),
            _ => Enumerable.Range(0, _random.Next(1, 5)).Select(_ => NextValue(field, operation)).ToList(),
        };
        return new ConditionTest(field.Key, ConditionOperators.KeyOf(operation), values);
    }

    private List<ConditionValue> NextRange(ConditionField field, ConditionOperator operation)
    {
        List<ConditionValue> values = [NextValue(field, operation), NextValue(field, operation)];
        values.Sort((left, right) => Rank(left).CompareTo(Rank(right)));
        return values;

        IComparable Rank(ConditionValue value) => value switch
        {
            NumberValue number => number.Number,
            SpanValue span => (decimal)ConditionCheck.SecondsOf(span),
            _ => ConditionMoment.Resolve(value, ConditionReader.At(new FixedTime(now), TimeZoneInfo.Utc)).Start,
        };
    }

    private ConditionValue NextValue(ConditionField field, ConditionOperator operation)
    {
        if (field.Type is not ConditionType.Moment && field.Relatives.Count > 0 && Sometimes())
        {
            var relative = Pick(field.Relatives);
            if (relative != ConditionRelative.MyTeams || ConditionOperators.OperandOf(operation) == ConditionOperand.Many)
                return new RelativeValue(ConditionKeys.Of(relative));
        }
        return field.Type switch
        {
            ConditionType.Text => new TextValue(operation is ConditionOperator.Is or ConditionOperator.IsNot or ConditionOperator.OneOf or ConditionOperator.NoneOf && Sometimes() ? Pick(Words) : NextWords()),
            ConditionType.Number when field.Key == "discount" => new NumberValue(Pick([0m, 0.50m, 1.00m, 12.25m, 9.99m, 10m])),
            ConditionType.Number when field.Key == "own-number" => new NumberValue(Pick(OwnNumbers)),
            ConditionType.Number => new NumberValue(Pick(Numbers.Where(number => number <= int.MaxValue).ToArray())),
            ConditionType.Duration => NextSpan(),
            ConditionType.Moment => NextMoment(operation, field.IsDay),
            _ when field.TakesIds => new NumberValue(_random.Next(1, 14)),
            _ when field.KnownKeys is { } known => new TextValue(Pick(known.Order(StringComparer.Ordinal).ToArray())),
            _ => new TextValue(Pick(Keys)),
        };
    }

    private ConditionValue NextMoment(ConditionOperator operation, bool daysOnly)
    {
        var isDay = daysOnly || operation == ConditionOperator.On;
        if (Sometimes())
            return new RelativeValue(Pick(isDay ? ["today", "yesterday", "tomorrow"] : (string[])["now", "today", "yesterday", "tomorrow"]));
        var moment = Pick(_moments);
        return new TextValue(moment.ToString(isDay || Sometimes() ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    private SpanValue NextSpan() => new(Pick([0m, 1m, 2m, 24m, 25m, 60m]), Pick(["minutes", "hours", "days"]));

    private string NextText() => _random.Next(12) == 0 ? "" : NextWords();

    private string NextWords() => string.Join(' ', Several(Words, 1, 3));

    private List<T> Several<T>(IReadOnlyList<T> from, int least, int most) =>
        Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => Pick(from)).Distinct().ToList();

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private bool Sometimes() => _random.Next(3) == 0;

    /// <summary>The moments where a test changes its mind, and their neighbours in the precision that is stored.</summary>
    private static DateTime[] MomentsAround(DateTime now)
    {
        TimeSpan[] distances =
        [
            TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), TimeSpan.FromHours(24), TimeSpan.FromHours(25),
            TimeSpan.FromDays(2), TimeSpan.FromDays(24), TimeSpan.FromDays(60), now.TimeOfDay, now.TimeOfDay - TimeSpan.FromHours(3), now.TimeOfDay + TimeSpan.FromHours(8),
        ];
        return (from distance in distances
                from sign in (int[])[-1, 1]
                from step in (int[])[-1, 0, 1]
                select now + sign * distance + TimeSpan.FromMilliseconds(step)).Distinct().ToArray();
    }
}

internal sealed class FixedTime(DateTime now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(now, TimeSpan.Zero);
}
