using System.Globalization;

namespace SiteDesk.Demo;

/// <summary>A conversation with who has it, over what, and when.</summary>
internal sealed record DemoStory(DemoConversation Conversation, DemoCustomer Customer, string Channel, List<DemoStep> Steps)
{
    public DateTime BeganAt => Steps[0].At;

    public bool IsChat => Channel == "chat";
}

/// <summary>Gives every conversation its customer and channel, and its times.</summary>
internal static class DemoSchedule
{
    /// <summary>In the script: a visitor who tells nothing of themselves and does not come back.</summary>
    private const string Someone = "someone";

    /// <returns>The stories in the order in which they begin.</returns>
    public static List<DemoStory> Make(DemoScript script, DateTime now, int seed)
    {
        var play = new DemoPlay(script, now, seed);
        var customers = script.Customers.ToDictionary(customer => customer.Key);
        return script.Conversations.Select(conversation =>
        {
            var customer = conversation.Customer == Someone ? Stranger(conversation) : customers[conversation.Customer];
            var isForm = customer.Name.Length > 0 && play.Chance(conversation, 4).Next(4) == 0;
            var channel = conversation.Channel ?? (isForm ? "form" : "chat");
            return new DemoStory(conversation, customer, channel, play.Schedule(conversation, customer, channel == "chat"));
        }).OrderBy(story => story.BeganAt).ThenBy(story => story.Conversation.Number).ToList();
    }

    private static DemoCustomer Stranger(DemoConversation conversation) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Someone}-{conversation.Number}"), "", [], [],
        conversation.Language switch { "ru" => "Europe/Moscow", "zh-Hans" => "Asia/Shanghai", _ => "Europe/London" },
        conversation.Number % 2 == 0 ? "android" : "iphone", Occasional: true, Language: conversation.Language);
}
