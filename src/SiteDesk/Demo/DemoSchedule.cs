namespace SiteDesk.Demo;

/// <summary>A conversation with who has it, over what, and when.</summary>
internal sealed record DemoStory(DemoConversation Conversation, DemoCustomer Customer, string Channel, List<DemoStep> Steps)
{
    public DateTime BeganAt => Steps[0].At;

    public bool IsChat => Channel == "chat";
}

/// <summary>Gives the conversations that name nobody a customer and a channel, and all of them their times.</summary>
internal static class DemoSchedule
{
    /// <returns>The stories in the order in which they begin.</returns>
    public static List<DemoStory> Make(DemoScript script, DateTime now, int seed)
    {
        var play = new DemoPlay(script, now, seed);
        var customers = script.Customers.ToDictionary(customer => customer.Key);
        var regulars = script.Customers.Where(customer => !customer.Occasional).ToLookup(customer => customer.Language);
        return script.Conversations.Select(conversation =>
        {
            var chance = play.Chance(conversation, 4);
            var customer = conversation.Customer is { } key ? customers[key] : Any(regulars[conversation.Language], chance);
            var channel = conversation.Channel ?? (chance.Next(5) == 0 ? "form" : "chat");
            return new DemoStory(conversation, customer, channel, play.Schedule(conversation, customer, channel == "chat"));
        }).OrderBy(story => story.BeganAt).ThenBy(story => story.Conversation.Number).ToList();
    }

    private static DemoCustomer Any(IEnumerable<DemoCustomer> customers, Random chance)
    {
        var list = customers.ToList();
        return list[chance.Next(list.Count)];
    }
}
