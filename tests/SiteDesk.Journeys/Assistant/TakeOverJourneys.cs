using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Chat;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Journeys.Assistant;

/// <summary>An agent sees what the assistant does, takes a conversation over knowing all of it, and is helped with the answer.</summary>
public sealed class TakeOverJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static readonly Dictionary<string, (string Ask, string Answer, string Choice, string Other, string Source, string Body)> Words = new(StringComparer.Ordinal)
    {
        ["en"] = ("I want to return the jacket from order 10293, how does it work?", "Print the **label** and take the parcel to the post office within 30 days.", "Return an item", "Exchange an item", "How to return an item", "You can return an item within 30 days. Print the label and take the parcel to the post office."),
        ["ru"] = ("Хочу вернуть куртку из заказа 10293, как это сделать?", "Распечатайте **этикетку** и сдайте посылку на почту в течение 30 дней.", "Вернуть товар", "Обменять товар", "Как вернуть товар", "Товар можно вернуть в течение 30 дней. Распечатайте этикетку и сдайте посылку на почту."),
        ["zh-Hans"] = ("我想退订单10293的夹克，怎么退货？", "请打印**退货单**，30天内把包裹送到邮局。", "退货", "换货", "如何退货", "收货后30天内可以退货。请打印退货单，把包裹送到邮局。"),
    };

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start(services => services.SilenceQueue());

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_agent_takes_a_suggestion_and_another_off_with_one_key_each_and_takes_over_by_writing()
    {
        var ticket = await ConversationAsync("en");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");
        await page.WaitForSelectorAsync("text=Nothing is open");
        await page.WaitForSelectorAsync("#rail-views a[href$='view=assistant'] .count:has-text('1')");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("a");
        await page.WaitForSelectorAsync($"#row-{ticket} .row-assistant");
        await page.ClickAsync($"#row-{ticket} .row-link");
        await page.WaitForSelectorAsync("#with-assistant");
        await page.WaitForSelectorAsync(".assistant-notice .banner");
        await page.WaitForSelectorAsync(".offer-taken:has-text('Return an item')");
        await page.WaitForSelectorAsync("#assistant-summary:has-text('10293')");
        await page.WaitForSelectorAsync("#suggestions .suggestion");
        await visit.Screenshot(page, "agent-with-assistant");
        await page.ShouldBeAccessible();

        // A note would leave it with the assistant, and the warning goes while one is written.
        await page.Keyboard.PressAsync("n");
        await page.WaitForSelectorAsync(".assistant-notice .banner", new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("Escape");

        // From within the field: the first suggestion goes into the reply, not into the note.
        var first = await page.InnerTextAsync(".suggestion:first-child .suggestion-label");
        await page.Keyboard.PressAsync("Alt+1");
        await page.WaitForFunctionAsync("first => !document.querySelector('.suggestion:first-child .suggestion-label')?.textContent.includes(first)", first);
        await page.WaitForFunctionAsync("first => document.getElementById('composer-text').value.includes(first)", first.TrimEnd('…'));
        await page.WaitForSelectorAsync("#composer[data-kind=reply]");

        var second = await page.InnerTextAsync(".suggestion:first-child .suggestion-label");
        await page.Keyboard.PressAsync("Alt+Shift+1");
        await page.WaitForSelectorAsync(".toast:has-text('Dismissed')");
        await Assertions.Expect(page.Locator($".suggestion-label:text-is('{second}')")).ToHaveCountAsync(0);
        var before = await _desk.Read(ticket);
        before.IsWithAssistant.ShouldBeTrue("suggestions in the reply take nothing over");

        await page.FocusAsync("#composer-text");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForSelectorAsync("#with-assistant", new() { State = WaitForSelectorState.Detached });
        await page.WaitForSelectorAsync(".assistant-notice .banner", new() { State = WaitForSelectorState.Detached });
        await page.WaitForSelectorAsync("#rail-views a[href$='view=assistant'] .count", new() { State = WaitForSelectorState.Detached });
        await page.WaitForSelectorAsync("#assistant-summary:has-text('A colleague took the conversation')");
        await page.WaitForSelectorAsync(".event:has-text('took the conversation from the assistant')");
        (await _desk.Read(ticket)).IsWithAssistant.ShouldBeFalse();
        await visit.Screenshot(page, "agent-took-over");
    }

    [Fact]
    public async Task A_button_and_its_key_take_over_and_others_see_it_at_once()
    {
        var ticket = await ConversationAsync("en");
        await _desk.Join("Ivan Kim", "ivan@example.com", "en");
        await using var mine = await browser.Visit(_desk.Address, new Reader());
        await using var theirs = await browser.Visit(_desk.Address, new Reader());
        var lena = await DeskAtWork.SignIn(mine, $"/agent/tickets/{ticket}");
        var ivan = await DeskAtWork.SignIn(theirs, $"/agent/tickets/{ticket}?view=assistant", "ivan@example.com");
        await ivan.WaitForSelectorAsync($"#row-{ticket} .row-assistant");
        await lena.WaitForSelectorAsync("button:has-text('Take over')");

        await lena.Keyboard.PressAsync("i");
        await lena.WaitForSelectorAsync(".chips button:has-text('You')");
        await ivan.WaitForSelectorAsync("#with-assistant", new() { State = WaitForSelectorState.Detached });
        await ivan.WaitForSelectorAsync($"#row-{ticket}", new() { State = WaitForSelectorState.Detached });
        await ivan.WaitForSelectorAsync("text=The assistant has nothing in hand");
        (await _desk.Read(ticket)).AssigneeId.ShouldBe(1);
    }

    [Theory]
    [InlineData("en", Theme.Dark, 1024)]
    [InlineData("ru", Theme.Dark, 1440)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task It_looks_right_for(string language, Theme theme, int width)
    {
        var ticket = await ConversationAsync(language);
        await _desk.Join("Yan", "yan@example.com", language);
        var reader = new Reader(language, theme, width, "Europe/Berlin");
        await using var visit = await browser.Visit(_desk.Address, reader);
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}?view=assistant", "yan@example.com");
        await page.WaitForSelectorAsync("#with-assistant");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "agent-assistant-talk");
        if (width < 1100)
            await page.ClickAsync(".side-toggle");
        await page.WaitForSelectorAsync("#suggestions .suggestion");
        await page.WaitForSelectorAsync("#assistant-summary .summary-questions");
        await page.ShouldBeAccessible();
        await page.EvaluateAsync("document.querySelector('#panel-of-assistant').scrollIntoView()");
        await visit.Screenshot(page, "agent-assistant-panel");
    }

    /// <summary>A customer asked, the assistant asked back and answered; some tickets like it were solved before.</summary>
    async Task<long> ConversationAsync(string language)
    {
        var words = Words[language];
        long id = 0;
        await _desk.In(async services =>
        {
            var rows = services.GetRequiredService<Database>();
            var site = await rows.Set<Site>().FirstAsync(Cancellation);
            site.Languages = [language, .. site.Languages.Where(other => other != language)];
            var section = (await services.GetRequiredService<KeepSection>().RunAsync(site, section: null, new KeepSection.Request(null, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { [language] = new(words.Choice) }), Cancellation)).Value;
            var article = (await services.GetRequiredService<StartArticle>().RunAsync(site, section, language, new StartArticle.Words(words.Source, words.Body, $"<p>{words.Body}</p>", [words.Ask]), 1, Cancellation)).Value;
            await services.GetRequiredService<PublishArticle>().RunAsync(article, article.Source!, new Actor(ActorKind.Staff, 1, "Lena Moroz"), at: null, remark: "", Cancellation);
            services.GetRequiredService<SiteDirectory>().Forget();
            await services.GetRequiredService<HelpSnapshots>().FreshAsync(site.Id, Cancellation);
        });
        for (var number = 0; number < 3; number++)
        {
            var solved = await _desk.Ask("Maria Lopez", words.Ask.Replace("10293", $"1020{number}", StringComparison.Ordinal), language); // the same words again would be junk
            await _desk.In(async services =>
            {
                var staff = (await services.GetRequiredService<Database>().Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).FirstAsync(Cancellation)).AsStaff();
                await services.GetRequiredService<ReplyToTicket>().RunAsync(new ReplyToTicket.Request(solved, MessageKind.Public, words.Body, "reply", ThenStatus: StandardStatus.Solved), staff, Cancellation);
                await services.GetRequiredService<ChangeTickets>().RunAsync([solved], new ChangeTickets.Changes { AddTags = [words.Choice], TeamId = 2 }, staff, Cancellation);
            });
        }

        var name = language switch { "ru" => "Анна Соколова", "zh-Hans" => "王伟", _ => "Maria Lopez" };
        id = await _desk.Ask(name, words.Ask, language, email: "customer@example.com");
        await _desk.In(async services =>
        {
            var rows = services.GetRequiredService<Database>();
            var ticket = await rows.Set<Ticket>().FirstAsync(row => row.Id == id, Cancellation);
            ticket.GiveToAssistant(TimeProvider.System.Now());
            var talk = new AssistantTalk { TicketId = id, SiteId = 1, Language = language, StartedAt = TimeProvider.System.Now() };
            talk.Memory = new TalkMemory { NotHelped = 1, Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [Slot.Order] = "10293", [Slot.Contact] = "customer@example.com" } };
            var heard = await rows.Set<Message>().Where(message => message.TicketId == id).MaxAsync(message => message.Id, Cancellation);
            talk.Hear(heard, TimeProvider.System.Now());
            talk.Handle(heard);
            rows.Add(talk);
            await rows.SaveChangesAsync(Cancellation);
        });
        var offer = await SayAsync(id, "…", TurnKind.Ask, language, new MessageOffer { Choices = [new("intent:return", words.Choice), new("intent:exchange", words.Other)] }, null);
        await _desk.In(async services =>
        {
            var rows = services.GetRequiredService<Database>();
            rows.Add(new Message { TicketId = id, Kind = MessageKind.Public, AuthorKind = ActorKind.Customer, AuthorName = name, Text = words.Choice, CreatedAt = TimeProvider.System.Now(), Channel = "chat", ClientId = Guid.NewGuid().ToString(), Choice = new MessageChoice(offer, "intent:return") });
            await rows.SaveChangesAsync(Cancellation);
        });
        await SayAsync(id, words.Answer, TurnKind.Answer, language, new MessageOffer { Sources = [new(words.Source, "/help/shop")] }, false);
        await _desk.In(services => services.GetRequiredService<LiveKnowledge>().FreshAsync(1, Cancellation));
        return id;
    }

    /// <summary>The assistant says something.</summary>
    /// <returns>The message's key.</returns>
    async Task<long> SayAsync(long ticket, string text, TurnKind kind, string language, MessageOffer offer, bool? helped)
    {
        long reply = 0;
        await _desk.In(async services =>
        {
            var rows = services.GetRequiredService<Database>();
            var question = await rows.Set<Message>().Where(message => message.TicketId == ticket && message.AuthorKind == ActorKind.Customer).MaxAsync(message => message.Id, Cancellation);
            var outcome = await ActivatorUtilities.CreateInstance<ReplyAsAssistant>(services).RunAsync(
                new ReplyAsAssistant.Request(ticket, question, "Nora", text, Guid.NewGuid().ToString(), "chat", offer, new ReplyAsAssistant.Consequence.Stay()), Cancellation);
            reply = outcome.Value.Message!.Id;
            rows.Add(new AssistantTurn { TicketId = ticket, SiteId = 1, QuestionId = question, ReplyId = reply, At = TimeProvider.System.Now(), Kind = kind, Language = language, Candidate = "return", Probability = 0.97, KnowledgeNumber = 0, Helped = helped });
            await rows.SaveChangesAsync(Cancellation);
        });
        return reply;
    }
}
