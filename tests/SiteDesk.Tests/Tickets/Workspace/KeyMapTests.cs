using SiteDesk.Tests.Testing;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Workspace;

public sealed class KeyMapTests
{
    // Keys that belong to lists and fields themselves, or to controls that appear only in certain states.
    private static readonly string[] Elsewhere = ["Enter", "mod+Enter", "z", "i", "g a", "alt+1", "alt+shift+1"];

    [Fact]
    public async Task Every_key_on_the_sheet_is_on_a_control_of_the_page()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");
        var page = System.Net.WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/tickets/{ticket.Id}"));

        foreach (var key in KeyMap.Groups.SelectMany(group => group.Entries).Select(entry => entry.Keys).Except(Elsewhere))
            page.ShouldContain($"data-key=\"{key}\"");
    }

    [Fact]
    public void No_key_does_two_things()
    {
        var keys = KeyMap.Groups.SelectMany(group => group.Entries).Select(entry => entry.Keys).ToList();
        keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(keys.Count);
    }
}
