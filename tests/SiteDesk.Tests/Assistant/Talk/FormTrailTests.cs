using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Talk;

/// <summary>Who goes from the help centre to the contact form has not to tell there what they looked for.</summary>
public abstract partial class FormTrailTests(AssistantDesk desk)
{
    private const string Told =
        """[{"l":"en","q":"printed  Label"},{"l":"en","a":"how-to-return-something","q":"printed label","n":true},{"l":"en","q":"xylophone anna@example.com"},{"l":"en","a":"there-is-none"},{"l":"xx","q":"nowhere"}]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_searched_read_and_found_wanting_stands_beside_the_ticket_whether_or_not_the_assistant_answers_forms()
    {
        using var owner = await desk.Server.NewStaffAsync($"{Widget.NewId()}@example.com", Role.Administrator);
        var ticket = await SendAsync("The code on my phone is not accepted.", Told);

        var panel = await PanelAsync(owner, ticket);
        string[] told = ["Looked for “printed label”", "How to return something", "said not to have helped", "Looked for “xylophone” and found nothing"];
        var places = told.Select(part => panel.IndexOf(part, StringComparison.Ordinal)).ToList();
        places.ShouldAllBe(place => place >= 0, panel);
        places.ShouldBeInOrder();
        panel.ShouldContain("The assistant had no part in this.");
        panel.ShouldNotContain("anna@example.com");
        panel.ShouldNotContain("nowhere");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{\"l\":\"en\"}")]
    [InlineData("[null, 3]")]
    [InlineData("[{\"l\":\"en\",\"a\":\"there-is-none\"}]")]
    public async Task What_tells_of_nothing_keeps_nobody_from_writing(string told)
    {
        var ticket = await SendAsync("Where is my label?", told);

        (await desk.RowsAsync(rows => rows.Set<TicketTrail>().CountAsync(row => row.TicketId == ticket, Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task Where_pages_are_recorded_after_consent_alone_nothing_is_kept_and_nothing_taken()
    {
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { TracksPages = true });
        try
        {
            using var reader = desk.Server.NewClient();
            (await reader.GetTextAsync($"/help/{desk.Site.Key}/en/search?q=label")).ShouldNotContain("data-trail");
            var ticket = await SendAsync("Where is my label, please?", Told);
            (await desk.RowsAsync(rows => rows.Set<TicketTrail>().CountAsync(row => row.TicketId == ticket, Cancellation))).ShouldBe(0);
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { TracksPages = false });
        }

        using var other = desk.Server.NewClient();
        (await other.GetTextAsync($"/help/{desk.Site.Key}/en/search?q=label")).ShouldContain("data-trail");
    }

    private async Task<long> SendAsync(string text, string told)
    {
        using var visitor = desk.Server.NewClient();
        var page = $"/contact/{desk.Site.Key}?language=en";
        var reservation = ReservationPattern().Match(await visitor.GetTextAsync(page)).Groups["value"].Value;
        var sent = await visitor.PostFormAsync(page, [new("text", text), new("contact", "anna@example.com"), new("reservation", reservation), new("trail", told)]);
        sent.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await sent.Content.ReadAsStringAsync(Cancellation));
        var token = sent.Headers.Location!.OriginalString.Split('/')[2].Split('?')[0];
        return await desk.RowsAsync(rows => rows.Set<Ticket>().Where(ticket => ticket.Token == token).Select(ticket => ticket.Id).FirstAsync(Cancellation));
    }

    private static async Task<string> PanelAsync(DeskClient owner, long ticket) =>
        WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/assistant/tickets/{ticket}/panel")).Split("data-copy-text")[0];

    [GeneratedRegex("name=\"reservation\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReservationPattern();
}

public sealed class FormTrailOnSqliteTests(SqliteAssistantDesk desk) : FormTrailTests(desk), IClassFixture<SqliteAssistantDesk>;

public sealed class FormTrailOnPostgresTests(PostgresAssistantDesk desk) : FormTrailTests(desk), IClassFixture<PostgresAssistantDesk>;
