using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Form;

/// <summary>What the assistant offers, pressed on the tracking page without any script.</summary>
public abstract partial class TrackedOfferTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Who_sends_the_form_is_told_that_an_assistant_answers_and_chooses_of_what_it_offers()
    {
        await using var desk = await start();
        using var visitor = desk.NewClient();
        var ticket = await AskAsync(desk, visitor);
        (await visitor.GetTextAsync($"/t/{ticket.Token}?sent=1")).ShouldContain("An automatic assistant looks at it first");

        var first = await desk.SayAsAssistantAsync(ticket.Id, "Do you mean one of these?", AssistantStory.Choices, channel: "form");
        var page = await visitor.GetTextAsync($"/t/{ticket.Token}");
        page.ShouldContain("automatic answer");
        page.ShouldContain("""<a href="/help/nordlight/en/returns" target="_blank" rel="noopener">From: Returning a lamp</a>""");
        page.ShouldContain("""hreflang="zh-Hans">From: 返品</a><small> · in Chinese</small>""");
        page.ShouldContain("Exchange it &lt;b&gt;");

        (await PressAsync(visitor, ticket, "intent:return", first.Id)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var taken = await NewestAsync(desk, ticket);
        (taken.Text, taken.AuthorKind).ShouldBe(("Return an order", ActorKind.Customer));
        taken.Choice.ShouldBe(new MessageChoice(first.Id, "intent:return"));
        page = await visitor.GetTextAsync($"/t/{ticket.Token}");
        page.ShouldNotContain("name=\"choice\" value=\"intent:return\"", customMessage: "what was answered can no longer be pressed");
        page.ShouldContain("From: Returning a lamp", customMessage: "what the words rest on stays");

        (await PressAsync(visitor, ticket, "intent:refund", first.Id)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await NewestAsync(desk, ticket)).Id.ShouldBe(taken.Id, "what was never offered is no message");
    }

    [Fact]
    public async Task A_form_names_what_is_missing_keeps_what_was_written_and_lets_go_back()
    {
        await using var desk = await start();
        using var visitor = desk.NewClient();
        var ticket = await AskAsync(desk, visitor);
        var step = await desk.SayAsAssistantAsync(ticket.Id, "Which order is it?", AssistantStory.Form, channel: "form");
        var page = await visitor.GetTextAsync($"/t/{ticket.Token}");
        page.ShouldContain("An order number has six digits.");
        page.ShouldContain("Anything else (optional)");

        var refused = await PressAsync(visitor, ticket, "order", step.Id, ("value-order", "123456"), ("value-contact", "nobody"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("""<a href="#value-contact">Please enter an e-mail address or a phone number.</a>""");
        page.ShouldContain("value=\"123456\"");
        page.ShouldContain("aria-describedby=\"value-contact-problem\"");
        page.ShouldNotContain("An order number has six digits.");

        (await PressAsync(visitor, ticket, "order", step.Id, ("value-order", "123456"), ("value-contact", "anna@example.com"), ("value-isAdmin", "true"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var taken = await NewestAsync(desk, ticket);
        taken.Text.ShouldBe("Order number: 123456\nE-mail or phone: anna@example.com");
        taken.Choice!.Values.ShouldBe(new Dictionary<string, string> { ["order"] = "123456", ["contact"] = "anna@example.com", ["words"] = "" }, ignoreOrder: true);

        var again = await desk.SayAsAssistantAsync(ticket.Id, "And this one?", AssistantStory.Form, channel: "form");
        (await PressAsync(visitor, ticket, "back", again.Id)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var back = await NewestAsync(desk, ticket);
        (back.Text, back.Choice).ShouldBe(("Something else", new MessageChoice(again.Id, "back")));
    }

    [Theory]
    [InlineData("en", "Talk to a person", "I would like to talk to a person.")]
    [InlineData("ru", "Позвать человека", "Хочу поговорить с человеком.")]
    [InlineData("zh-Hans", "转人工客服", "我想和人工客服沟通。")]
    public async Task A_person_is_one_button_away_until_a_person_has_the_ticket(string language, string button, string words)
    {
        await using var desk = await start();
        using var visitor = desk.NewClient();
        var ticket = await AskAsync(desk, visitor);
        (await visitor.GetTextAsync($"/t/{ticket.Token}?language={language}")).ShouldContain($">{button}</button>");

        (await PressAsync(visitor, ticket, "person", 0, language)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var asked = await NewestAsync(desk, ticket);
        (asked.Text, asked.Choice).ShouldBe((words, new MessageChoice(0, "person")));
        (await visitor.GetTextAsync($"/t/{ticket.Token}?language={language}")).ShouldNotContain($">{button}</button>", customMessage: "it was asked for");

        await desk.SayAsAssistantAsync(ticket.Id, "A colleague reads on.", then: new ReplyAsAssistant.Consequence.HandOver(null, null, []), channel: "form");
        (await visitor.GetTextAsync($"/t/{ticket.Token}?language={language}")).ShouldNotContain($">{button}</button>", customMessage: "a person has it");
    }

    [Fact]
    public async Task What_another_customer_was_offered_cannot_be_taken()
    {
        await using var desk = await start();
        using var visitor = desk.NewClient();
        var first = await AskAsync(desk, visitor);
        var offer = await desk.SayAsAssistantAsync(first.Id, "Please choose.", AssistantStory.Choices, channel: "form");
        var second = await AskAsync(desk, visitor, signedUp: true);

        (await PressAsync(visitor, second, "intent:return", offer.Id)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await desk.TextsAsync(second.Id)).ShouldBe(["My lamp is broken."]);
    }

    private static async Task<Ticket> AskAsync(DeskServer desk, DeskClient visitor, bool signedUp = false)
    {
        if (!signedUp)
        {
            using var owner = await desk.SetUpAsync();
            await desk.LetAssistantAnswerAsync(settings => settings with { AnswersForms = true });
        }

        var key = await desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Key).FirstAsync());
        var form = await visitor.GetTextAsync($"/contact/{key}");
        var sent = await visitor.PostFormAsync($"/contact/{key}", [new("text", "My lamp is broken."), new("contact", "anna@example.com"), new("reservation", ReservationPattern().Match(form).Groups["value"].Value)]);
        var token = sent.Headers.Location.ShouldNotBeNull().ToString().Split('?')[0]["/t/".Length..];
        return await desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Token == token));
    }

    private static Task<HttpResponseMessage> PressAsync(DeskClient visitor, Ticket ticket, string choice, long offer, params (string Name, string Value)[] values) =>
        PressAsync(visitor, ticket, choice, offer, "en", values);

    private static Task<HttpResponseMessage> PressAsync(DeskClient visitor, Ticket ticket, string choice, long offer, string language, params (string Name, string Value)[] values) =>
        visitor.PostFormAsync(
            $"/t/{ticket.Token}/messages?language={language}",
            [new("id", Guid.NewGuid().ToString()), new("offer", offer.ToString()), new("choice", choice), .. values.Select(value => KeyValuePair.Create(value.Name, value.Value))], $"/t/{ticket.Token}");

    private static Task<Message> NewestAsync(DeskServer desk, Ticket ticket) =>
        desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticket.Id).OrderByDescending(message => message.Id).FirstAsync());

    [GeneratedRegex("name=\"reservation\" value=\"(?<value>[^\"]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReservationPattern();
}

public sealed class TrackedOfferOnSqliteTests() : TrackedOfferTests(() => DeskServer.StartAsync(replace: services => services.SilenceAssistant()));

public sealed class TrackedOfferOnPostgresTests(PostgresServer server)
    : TrackedOfferTests(async () => await DeskServer.StartAsync(
        await server.CreateDatabaseAsync(typeof(TrackedOfferOnPostgresTests), TestContext.Current.CancellationToken), services => services.SilenceAssistant()));
