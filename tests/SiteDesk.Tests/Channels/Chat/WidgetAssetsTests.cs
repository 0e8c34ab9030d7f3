using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Chat;
using SiteDesk.Sites;

namespace SiteDesk.Tests.Channels.Chat;

/// <summary>What a site loads: small, cacheable, from any origin, in each language.</summary>
public sealed class WidgetAssetsTests(SqliteChatDesk desk) : IClassFixture<SqliteChatDesk>
{
    private static readonly string[] OpensAConversation =
        ["bubble.js", "app.js", "api.js", "store.js", "conversation.js", "panel.js", "log.js", "composer.js", "contact.js", "words.js", "dom.js", "panel.css"];

    [Fact]
    public void The_loader_and_what_opens_a_conversation_keep_to_their_weight()
    {
        var assets = desk.Server.Services.GetRequiredService<WidgetAssets>();
        assets.CompressedLength("widget.js").ShouldBeLessThan(4_000);
        foreach (var language in new[] { "en", "ru", "zh-Hans" })
        {
            var whole = OpensAConversation.Append("widget.js").Append($"texts/{language}.json").Sum(assets.CompressedLength);
            TestContext.Current.TestOutputHelper?.WriteLine($"{language}: loader {assets.CompressedLength("widget.js")} bytes, with all that opens a conversation {whole} bytes, gzip");
            whole.ShouldBeLessThan(25_000);

            // Comes where the assistant answers, or with a message that offers something.
            var offers = assets.CompressedLength("offers.js") + assets.CompressedLength("offers.css") + assets.CompressedLength($"texts/{language}.offers.json");
            TestContext.Current.TestOutputHelper?.WriteLine($"{language}: what an assistant offers {offers} bytes more, gzip");
            offers.ShouldBeLessThan(4_000);
        }
    }

    [Fact]
    public void Only_whole_line_comments_indentation_and_types_are_taken_out() =>
        WidgetAssets.Strip("""
            // why
            const address = 'https://example.com'; // beside code stays
              /** @type {string} */
              const a = /** @type {any} */ (`x`);

            /*
             * a block
             */
            next();
            """.ReplaceLineEndings("\n"))
            .ShouldBe("const address = 'https://example.com'; // beside code stays\nconst a = (`x`);\nnext();");

    [Fact]
    public async Task Any_page_may_load_the_scripts_and_keep_the_modules()
    {
        using var http = new HttpClient { BaseAddress = desk.Server.Address };
        var loader = await http.GetAsync(new Uri("widget.js", UriKind.Relative), TestContext.Current.CancellationToken);
        loader.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        loader.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(10));

        using var visitor = desk.NewVisitor();
        var folder = (await Widget.ReadAsync(await visitor.GetAsync("config?language=ru-RU,en"), HttpStatusCode.OK)).GetProperty("assets").GetString();
        foreach (var file in OpensAConversation.Append("texts/ru.json"))
        {
            var module = await http.GetAsync(new Uri(folder + file, UriKind.Relative), TestContext.Current.CancellationToken);
            module.StatusCode.ShouldBe(HttpStatusCode.OK, file);
            module.Headers.CacheControl!.ToString().ShouldContain("immutable");
            module.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        }

        (await http.GetAsync(new Uri(folder + "../../appsettings.json", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_text_exists_in_every_language_with_its_plurals_and_places()
    {
        var assets = desk.Server.Services.GetRequiredService<WidgetAssets>();
        using var http = new HttpClient { BaseAddress = desk.Server.Address };
        var english = await TextsAsync("en");
        foreach (var (language, forms) in new[] { ("ru", new[] { "one", "few", "many", "other" }), ("zh-Hans", ["other"]), ("en", ["one", "other"]) })
        {
            var texts = await TextsAsync(language);
            texts.Keys.Order(StringComparer.Ordinal).ShouldBe(english.Keys.Order(StringComparer.Ordinal), language);
            foreach (var (key, text) in texts.Where(text => text.Value.ValueKind == JsonValueKind.Object))
                text.EnumerateObject().Select(form => form.Name).ShouldBe(forms, $"{language} {key}");
            foreach (var (key, text) in texts)
                (Places(text)).ShouldBe(Places(english[key]), $"{language} {key}");
        }

        // The parts are learnt into one: a key of two parts would be an accident, and fails here.
        async Task<Dictionary<string, JsonElement>> TextsAsync(string language)
        {
            var texts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var part in new[] { "", ".files", ".offers", ".report" })
                foreach (var (key, text) in await PartAsync(language, part))
                    texts.Add(key, text);
            return texts;
        }

        async Task<Dictionary<string, JsonElement>> PartAsync(string language, string part) =>
            JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await http.GetStringAsync(new Uri($"{assets.Folder}texts/{language}{part}.json", UriKind.Relative), TestContext.Current.CancellationToken))!;

        static IEnumerable<string> Places(JsonElement text) => text.GetRawText().Split('{').Skip(1).Select(part => part.Split('}')[0])
            .Where(name => name.All(char.IsLetter)).Distinct(StringComparer.Ordinal).Where(name => name != "count").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task With_nobody_on_duty_the_widget_knows_when_somebody_is()
    {
        await desk.ChangeSiteAsync(site => site.Hours = new BusinessHours { TimeZone = "Europe/Berlin", Week = [] });
        using var visitor = desk.NewVisitor();
        (await PresenceAsync()).TryGetProperty("nextAt", out _).ShouldBeFalse("never is not a time");

        var tomorrow = DateOnly.FromDateTime(desk.Clock.GetUtcNow().UtcDateTime.AddDays(2));
        await desk.ChangeSiteAsync(site => site.Hours = new BusinessHours
        {
            TimeZone = "Asia/Shanghai", SpecialDays = [new SpecialDay(tomorrow, [new DayPeriod(new TimeOnly(9, 0), new TimeOnly(18, 0))])],
        });
        var presence = await PresenceAsync();
        presence.GetProperty("online").GetBoolean().ShouldBeFalse();
        presence.GetProperty("nextAt").GetDateTime().ShouldBe(tomorrow.ToDateTime(new TimeOnly(1, 0), DateTimeKind.Utc));
        await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Europe/Berlin"));

        async Task<JsonElement> PresenceAsync() => (await Widget.ReadAsync(await visitor.GetAsync("config"), HttpStatusCode.OK)).GetProperty("presence");
    }

    [Fact]
    public async Task The_page_to_try_it_stands_on_another_origin_and_may_run_only_the_widget()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = desk.Server.Address };
        var leads = await http.GetAsync(new Uri($"try/{desk.Site.Key}", UriKind.Relative), TestContext.Current.CancellationToken);
        leads.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        leads.Headers.Location!.ToString().ShouldStartWith($"http://localhost:{desk.Server.Address.Port}/try/");

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(desk.Server.Address, leads.Headers.Location.PathAndQuery));
        request.Headers.Host = leads.Headers.Location.Authority;
        var stage = await http.SendAsync(request, TestContext.Current.CancellationToken);
        (await stage.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"src=\"http://127.0.0.1:{desk.Server.Address.Port}/widget.js\"");
        stage.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"script-src http://127.0.0.1:{desk.Server.Address.Port};");

        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, new Uri($"try/{desk.Site.Key}?desk=evil.example", UriKind.Relative));
        (await http.SendAsync(elsewhere, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
