using System.Collections.Frozen;
using SiteDesk.Customers;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Workspace;

public sealed class MessageBodyTests
{
    [Theory]
    [InlineData("a < b & c", "a &lt; b &amp; c")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("javascript:alert(1)", "javascript:alert(1)")]
    [InlineData("Заказ 10293 退款", "Заказ 10293 退款")]
    public void Text_stays_text(string text, string html) => Body(text).ShouldBe(html);

    [Theory]
    [InlineData("see https://shop.example/a?b=1&c=2.", "https://shop.example/a?b=1&amp;c=2", ".")]
    [InlineData("(http://shop.example)", "http://shop.example", ")")]
    [InlineData("见 https://shop.example/订单，谢谢", "https://shop.example/订单", "，谢谢")]
    public void Addresses_become_links_without_the_punctuation_behind_them(string text, string address, string rest)
    {
        var html = Body(text);
        html.ShouldContain($"href=\"{address}\"");
        html.ShouldEndWith($"</a>{rest}");
    }

    [Theory]
    [InlineData("https://\"onmouseover=alert(1)")]
    [InlineData("https://x'><img src=x onerror=alert(1)>")]
    public void An_address_cannot_break_out_of_its_link(string text) =>
        Body(text).ShouldNotContain("<img");

    [Fact]
    public void Colleagues_named_in_a_note_stand_out()
    {
        Body("@Ivan Kim please", 7).ShouldBe("<span class=\"mention\">@Ivan Kim</span> please");
        Body("@Ivan Kim please").ShouldBe("@Ivan Kim please");
    }

    [Theory]
    [InlineData("Анна Соколова", "АС")]
    [InlineData("王伟", "王伟")]
    [InlineData("欧阳小明", "小明")]
    [InlineData("maria.lopez@example.com", "ML")]
    [InlineData("", "?")]
    [InlineData("👍", "?")]
    public void Initials_suit_the_name(string name, string initials) => Initials.Of(name).ShouldBe(initials);

    [Theory]
    [InlineData("maria@example.com", "m•••@e•••.com")]
    [InlineData("+7 912 345-67-89", "+7 ••• •••-••-89")]
    public void A_mask_keeps_only_the_shape(string shown, string masked) => ContactMask.Mask(shown).ShouldBe(masked);

    private static string Body(string text, params long[] mentioned)
    {
        var names = new DeskNames(
            new Dictionary<long, StaffName> { [7] = new(7, "Ivan Kim", Role.Agent, true, false) }.ToFrozenDictionary(),
            FrozenDictionary<long, TeamName>.Empty, FrozenDictionary<long, SiteName>.Empty, FrozenDictionary<long, CustomStatus>.Empty, []);
        return MessageBody.Of(new Message
        {
            Kind = MessageKind.Note, AuthorKind = ActorKind.Staff, AuthorName = "Olga", Text = text, CreatedAt = DateTime.UnixEpoch, Channel = "workspace", ClientId = "1", MentionedIds = [.. mentioned],
        }, names).Value;
    }
}
