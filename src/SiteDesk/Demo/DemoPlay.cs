namespace SiteDesk.Demo;

/// <summary>A line of a conversation with the moment at which it happens.</summary>
internal sealed record DemoStep(DateTime At, DemoLine Line);

/// <summary>Gives every line of a conversation its time, so that the last one lies where its status says.</summary>
/// <param name="script">For the time zones of those who speak.</param>
internal sealed class DemoPlay(DemoScript script, DateTime now, int seed)
{
    private readonly Dictionary<string, DemoPerson> _people = script.People.ToDictionary(person => person.Key);

    /// <summary>Days the demonstration reaches back.</summary>
    public const int Days = 91;

    private static readonly TimeSpan SmallestStep = TimeSpan.FromMinutes(30);

    public List<DemoStep> Schedule(DemoConversation conversation, DemoCustomer customer, bool isChat)
    {
        var lines = LinesOf(conversation);
        var (earliest, latest) = EndOf(conversation, Chance(conversation, 1));
        var start = BeginOf(conversation, customer, isChat, earliest, latest);
        while (true)
        {
            // The same chance every time: only the beginning moves.
            var steps = Play(lines, start, new DemoClock(Chance(conversation, 2)), conversation, customer, isChat);
            var excess = steps[^1].At - latest;
            if (excess <= TimeSpan.Zero)
                return steps;
            // Nobody writes at night, so a small step back might end at the same morning.
            start -= excess < SmallestStep ? SmallestStep : excess;
        }
    }

    /// <summary>A source of chance of its own for each conversation and use, so that adding one leaves the others as they are.</summary>
    public Random Chance(DemoConversation conversation, int use) => new(Mix(seed, conversation.Number, use));

    private static List<DemoLine> LinesOf(DemoConversation conversation)
    {
        var lines = conversation.Lines.ConvertAll(DemoLine.Parse);
        if (conversation.Problem is { } problem)
            lines.Insert(0, new DemoLine("c", DemoLineKind.Says, problem.Message, null, []));
        return lines;
    }

    /// <summary>When the last line may lie: what is open is of these days, what is solved of any.</summary>
    private (TimeSpan DaysBack, DateTime Latest) EndOf(DemoConversation conversation, Random chance) => conversation.Status switch
    {
        "new" => (TimeSpan.Zero, now.AddSeconds(-350 - chance.Next(14 * 3600))),
        "open" => (TimeSpan.Zero, now.AddSeconds(-240 - chance.Next(26 * 3600))),
        "pending" => (TimeSpan.FromDays(4), now.AddHours(-5 - chance.Next(40))),
        "on-hold" => (TimeSpan.FromDays(7), now.AddHours(-20 - chance.Next(60))),
        "junk" => (TimeSpan.FromDays(20), now.AddHours(-9)),
        "closed" => (TimeSpan.FromDays(Days - 35), now.AddDays(-35)),
        // What came in these days is mostly not solved yet.
        _ when conversation.Days is { } days => (TimeSpan.FromDays(days), now.AddDays(-3)),
        _ when conversation.Talk is not null => (TimeSpan.FromDays(Days - 3), now.AddDays(-3)),
        _ => (TimeSpan.FromDays(Days - 3), chance.Next(9) == 0 ? now.AddHours(-1) : now.AddDays(-3)),
    };

    private DateTime BeginOf(DemoConversation conversation, DemoCustomer customer, bool isChat, TimeSpan daysBack, DateTime latest)
    {
        if (daysBack == TimeSpan.Zero)
            return latest;
        var zone = isChat && conversation.Agent is { } agent ? _people[agent].Zone : customer.Zone;
        return new DemoClock(Chance(conversation, 3)).Begin(latest, daysBack.TotalDays, zone);
    }

    private List<DemoStep> Play(
        List<DemoLine> lines, DateTime start, DemoClock clock, DemoConversation conversation, DemoCustomer customer, bool isChat)
    {
        var steps = new List<DemoStep>(lines.Count);
        var at = start;
        DemoLine? before = null;
        foreach (var line in lines)
        {
            if (before is not null)
                at += line.After is { } after ? after + clock.Between(TimeSpan.Zero, after * 0.2) : Pace(clock, before, line, isChat);
            at = WhenPresent(at, line, before is null, clock, conversation, customer, isChat);
            steps.Add(new DemoStep(at, line));
            before = line;
        }

        return steps;
    }

    private DateTime WhenPresent(
        DateTime at, DemoLine line, bool isFirst, DemoClock clock, DemoConversation conversation, DemoCustomer customer, bool isChat)
    {
        var opensSaturdays = conversation.Site == "nordlight";
        if (line.IsByAssistant)
            return at;
        if (!line.IsByCustomer)
            return clock.WhenAtWork(at, _people[line.Who].Zone, opensSaturdays);
        // A chat that was taken up began while somebody was there; a form is filled in whenever its writer has the time.
        return isFirst && isChat && conversation.Agent is { } agent
            ? clock.WhenAtWork(at, _people[agent].Zone, opensSaturdays)
            : clock.WhenAwake(at, customer.Zone);
    }

    private static TimeSpan Pace(DemoClock clock, DemoLine before, DemoLine line, bool isChat)
    {
        if (line.IsByAssistant)
            return clock.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        if (line.Who == before.Who)
            return clock.Between(TimeSpan.FromSeconds(12), TimeSpan.FromMinutes(isChat ? 2 : 9));
        if (line.Kind != DemoLineKind.Says || !line.IsByCustomer && !before.IsByCustomer)
            return clock.Between(TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(isChat ? 6 : 45));
        if (isChat)
            return line.IsByCustomer ? clock.Between(TimeSpan.FromSeconds(14), TimeSpan.FromMinutes(4)) : clock.Between(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5));
        return line.IsByCustomer ? clock.Between(TimeSpan.FromMinutes(11), TimeSpan.FromHours(15)) : clock.Between(TimeSpan.FromMinutes(14), TimeSpan.FromHours(4));
    }

    /// <summary>The framework's hash codes are salted for each process; this one is not.</summary>
    private static int Mix(int seed, int number, int use) => unchecked((seed * 7919 + number) * 31 + use);
}
