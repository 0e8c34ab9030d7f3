using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Tests.Customers;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>An article for some of the customers: written by its author, read by those, hidden from all others.</summary>
public abstract class SegmentTests(Func<Task<DeskServer>> start)
{
    private static readonly string[] Places = ["", "/sections/prices", "/search?q=zebra", "/suggestions?q=zebra", "/articles/zebra-for-everybody"];
    private static readonly string[] Maps = ["/feed.atom", "/sitemap.xml"];

    [Fact]
    public async Task Only_signed_in_customers_who_match_find_and_read_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var home = await PublishAsync(desk, owner);
        using var dealer = await SignedInAsync(desk, "anna@dealers.example");
        using var customer = await SignedInAsync(desk, "boris@example.com");
        using var visitor = desk.NewClient();

        foreach (var place in Places)
        {
            var (some, signedIn, everybody) = (await dealer.GetTextAsync(home + place), await customer.GetTextAsync(home + place), await visitor.GetTextAsync(home + place));
            some.ShouldContain("/zebra-for-dealers", customMessage: place);
            some.ShouldContain("/zebra-for-customers", customMessage: place);
            signedIn.ShouldNotContain("/zebra-for-dealers", customMessage: place);
            signedIn.ShouldContain("/zebra-for-customers", customMessage: place);
            everybody.ShouldNotContain("/zebra-for-dealers", customMessage: place);
            everybody.ShouldNotContain("/zebra-for-customers", customMessage: place);
        }

        foreach (var map in Maps)
            (await dealer.GetTextAsync(home + map)).ShouldNotContain("zebra-for-dealers", customMessage: "maps are for everybody alike");
        var article = await dealer.GetAsync($"{home}/articles/zebra-for-dealers");
        article.Headers.CacheControl!.Private.ShouldBeTrue();
        (await article.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Half of the price");
        (await customer.GetAsync($"{home}/articles/zebra-for-dealers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await customer.GetAsync($"{home}/articles/zebra-for-dealers?q=zebra")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync($"{home}/articles/zebra-for-dealers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.GetTextAsync($"{home}/articles/zebra-for-dealers")).ShouldContain("Half of the price");

        await using var scope = desk.Services.CreateAsyncScope();
        var snapshot = await scope.ServiceProvider.GetRequiredService<HelpSnapshots>().ReadAsync((await desk.SiteAsync()).Id, TestContext.Current.CancellationToken);
        var documents = await scope.ServiceProvider.GetRequiredService<SnapshotReader>().DocumentsAsync(snapshot.SiteId, "en", 100, TestContext.Current.CancellationToken);
        documents.ShouldHaveSingleItem().Title.ShouldBe("Zebra for everybody", "what the assistant may say to anybody");
    }

    [Fact]
    public async Task Who_signs_out_or_loses_the_address_is_a_visitor_again()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var home = await PublishAsync(desk, owner);
        using var leaves = await SignedInAsync(desk, "anna@dealers.example");
        using var loses = await SignedInAsync(desk, "carl@dealers.example");
        using var forged = desk.NewClient();
        forged.Http.DefaultRequestHeaders.Add("Cookie", "customer=Email%0Aanna%40dealers.example");

        (await leaves.GetTextAsync($"{home}/articles/zebra-for-dealers")).ShouldContain("/customer/sign-out");
        using (var nothing = new FormUrlEncodedContent([]))
            (await leaves.Http.PostAsync(new Uri("/customer/sign-out", UriKind.Relative), nothing, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await desk.InDatabaseAsync(database => database.Set<CustomerContact>().Where(contact => contact.Value == "carl@dealers.example").ExecuteDeleteAsync());

        foreach (var stranger in new[] { leaves, loses, forged })
            (await stranger.GetAsync($"{home}/articles/zebra-for-dealers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_author_mends_an_unfinished_condition_and_may_take_it_away_again()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var home = await PublishAsync(desk, owner);
        var article = await desk.InDatabaseAsync(database => database.Set<ArticleText>().Where(text => text.Slug == "zebra-for-dealers").Select(text => text.ArticleId).SingleAsync());
        var page = $"/agent/help/articles/{article}/en/readers";
        (await owner.GetTextAsync(page)).ShouldContain("dealers.example");
        (await owner.GetTextAsync($"/agent/help/articles/{article}?language=en")).ShouldContain(page);
        (await owner.GetTextAsync($"/agent/help/{(await desk.SiteAsync()).Id}")).ShouldContain("dealers.example", customMessage: "the list names whom it is for");

        (await owner.RefusedAsync(page, page, ("condition.join", "all"), ("condition.0.field", "external-id"), ("condition.0.was", "external-id"), ("condition.0.operator", "contains"), ("condition.0.0.text", "")))
            .ShouldContain("Finish or remove");
        await owner.SubmitAsync(page, page, ("condition.join", "all"));
        await desk.SettleAsync();

        using var customer = await SignedInAsync(desk, "boris@example.com");
        (await customer.GetTextAsync($"{home}/articles/zebra-for-dealers")).ShouldContain("Half of the price");
        (await desk.AuditAsync()).ShouldContain("article.readers-narrowed");
    }

    private static async Task<string> PublishAsync(DeskServer desk, DeskClient owner)
    {
        var section = await desk.AddSectionAsync("Prices");
        await desk.PublishAsync(section, "en", "Zebra for everybody", "<p>Open.</p>");
        await desk.PublishAsync(section, "en", "Zebra for customers", "<p>Signed in.</p>", change: row => row.Audience = Audience.SignedIn);
        var article = await desk.PublishAsync(section, "en", "Zebra for dealers", "<p>Half of the price.</p>", change: row => row.Audience = Audience.Staff);
        var page = $"/agent/help/articles/{article.Id}/en/readers";
        await owner.SubmitAsync(
            page, page, ("condition.join", "all"), ("condition.0.field", "email-domain"), ("condition.0.was", "email-domain"), ("condition.0.operator", "includes-any"), ("condition.0.lines", "dealers.example\nresellers.example"));
        await desk.SettleAsync();
        return $"/help/{(await desk.SiteAsync()).Key}/en";
    }

    /// <summary>A customer who has opened the link that was sent to their address.</summary>
    private static async Task<DeskClient> SignedInAsync(DeskServer desk, string email)
    {
        var ticket = await desk.AskAsync("Hello", email);
        var link = desk.Services.GetRequiredService<ContactProofLinks>().Make(ticket.CustomerId, ContactAddress.ParseEmail(email)!);
        var client = desk.NewClient();
        (await client.PostFormAsync(link, [], link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        return client;
    }
}

public sealed class SegmentOnSqliteTests() : SegmentTests(() => DeskServer.StartAsync());

public sealed class SegmentOnPostgresTests(PostgresServer server)
    : SegmentTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SegmentOnPostgresTests), TestContext.Current.CancellationToken)));
