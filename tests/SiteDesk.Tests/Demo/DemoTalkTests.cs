using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Figures;
using SiteDesk.Assistant.Talk;
using SiteDesk.Demo;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Demo;

/// <summary>The assistant of <c>--demo</c> has been at work, too.</summary>
public abstract class DemoTalkTests(FilledDesk filled)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DeskServer Desk => filled.Desk;

    [Fact]
    public async Task Talks_ended_in_every_way_in_three_languages_over_three_months()
    {
        var talks = await Desk.InDatabaseAsync(rows => rows.Set<AssistantTalk>().AsNoTracking().ToListAsync(Cancellation));
        talks.Count.ShouldBeGreaterThan(80);
        foreach (var language in new[] { "en", "ru", "zh-Hans" })
        {
            var own = talks.Where(talk => talk.Language == language).ToList();
            own.Count(talk => talk.Resolution == TalkResolution.Confirmed).ShouldBeGreaterThan(4);
            own.Count(talk => talk.Resolution == TalkResolution.Assumed).ShouldBeGreaterThan(4);
            own.Select(talk => talk.Cause).OfType<HandOverCause>().Distinct().Count().ShouldBeGreaterThan(4);
        }

        (talks.Max(talk => talk.StartedAt) - talks.Min(talk => talk.StartedAt)).TotalDays.ShouldBeGreaterThan(60);
        talks.ShouldAllBe(talk => talk.StartedAt < FilledDesk.Now && (talk.EndedAt == null || talk.EndedAt <= FilledDesk.Now));
        var tickets = await Desk.InDatabaseAsync(rows => rows.Set<Ticket>().AsNoTracking().Where(ticket => rows.Set<AssistantTalk>().Any(talk => talk.TicketId == ticket.Id)).ToDictionaryAsync(ticket => ticket.Id, Cancellation));
        foreach (var talk in talks)
            tickets[talk.TicketId].IsWithAssistant.ShouldBe(talk.State is TalkState.Active or TalkState.Solved, tickets[talk.TicketId].Subject);
    }

    [Fact]
    public async Task Figures_teaching_desk_and_summaries_have_something_to_show_and_every_source_is_there()
    {
        using var owner = Desk.NewClient();
        await owner.SignInAsync("anna@nordlight.example.com", DemoData.Password);
        foreach (var site in await Desk.InDatabaseAsync(rows => rows.Set<Site>().AsNoTracking().OrderBy(site => site.Id).ToListAsync(Cancellation)))
        {
            var open = await Desk.InDatabaseAsync(rows => rows.Set<AssistantTurn>().CountAsync(turn => turn.SiteId == site.Id && turn.IsOpen, Cancellation));
            open.ShouldBeGreaterThan(5, site.Name);
            (await owner.GetAsync($"/agent/assistant?site={site.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var wrong = await Desk.InDatabaseAsync(async rows => (await rows.Set<AssistantTurn>().AsNoTracking().Where(turn => turn.IsOpen).ToListAsync(Cancellation)).Where(turn => turn.Correction is not null).ToList());
        wrong.Count.ShouldBe(3);
        wrong.ShouldAllBe(turn => turn.Correction!.Candidate != turn.Candidate);
        var given = await Desk.InDatabaseAsync(async rows => (await rows.Set<AssistantTalk>().AsNoTracking().ToListAsync(Cancellation)).First(talk => talk.Memory.Facts.ContainsKey(Slot.Contact)));
        WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/assistant/tickets/{given.TicketId}/panel")).ShouldContain(given.Memory.Facts[Slot.Order]);

        var offers = await Desk.InDatabaseAsync(async rows => (await rows.Set<Message>().AsNoTracking().Where(message => message.AuthorKind == ActorKind.Assistant).ToListAsync(Cancellation)).Select(message => message.Offer).ToList());
        foreach (var address in offers.SelectMany(offer => offer?.Sources ?? []).Select(source => source.Address).Distinct(StringComparer.Ordinal))
            (await owner.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK, address);
    }
}

public sealed class DemoTalkOnSqliteTests(FilledDeskOnSqlite desk) : DemoTalkTests(desk), IClassFixture<FilledDeskOnSqlite>;

public sealed class DemoTalkOnPostgresTests(FilledDeskOnPostgres desk) : DemoTalkTests(desk), IClassFixture<FilledDeskOnPostgres>;
