using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Accounts;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>A site whose help centre has one article with everything an article can have, in three languages, and some plain ones.</summary>
public sealed class HelpJourneyDesk : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    public const string Lead = "lead@example.com";

    readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
    WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    public string SiteKey { get; private set; } = "";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static readonly IReadOnlyDictionary<string, (string Title, string Other, string Query)> Words = new Dictionary<string, (string, string, string)>(StringComparer.Ordinal)
    {
        ["en"] = ("How to return a lamp", "When do I get my money back?", "returning lamps"),
        ["ru"] = ("Как вернуть лампу", "Когда вернут деньги?", "возвращаю лампы"),
        ["zh-Hans"] = ("如何退回台灯", "什么时候退款？", "退回台灯"),
    };

    public async ValueTask InitializeAsync()
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", "http://127.0.0.1:0"], services => services.AddLogging(logging => logging.ClearProviders()));
        await SiteDeskApplication.StartAsync(_app, Cancellation);
        Address = new Uri(_app.Urls.First().TrimEnd('/') + "/");
        await using var scope = _app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var database = services.GetRequiredService<Database>();
        var site = services.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Nordlight", "https://shop.example.com", ["en", "ru", "zh-Hans"], "Europe/Berlin")).Value;
        site.Color = "#1f6f5c";
        await database.SaveChangesAsync(Cancellation);
        SiteKey = site.Key;
        await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request("Lena", Lead, Password, Role.Lead, "en", "Europe/Berlin"));
        await AddArticles(services, database, site);
    }

    public async Task<TResult> Rows<TResult>(Func<Database, Task<TResult>> read)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<Database>());
    }

    /// <summary>Lets the widget run on a page of this host.</summary>
    public Task Allow(string host) => Rows(async database =>
    {
        var site = await database.Set<Site>().FirstAsync(Cancellation);
        site.Domains = [.. site.Domains, host];
        await database.SaveChangesAsync(Cancellation);
        await using var scope = _app!.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(Cancellation);
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    static async Task AddArticles(IServiceProvider services, Database database, Site site)
    {
        var keep = services.GetRequiredService<KeepSection>();
        var section = (await keep.RunAsync(site, section: null, new KeepSection.Request(null, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal)
        {
            ["en"] = new("Returns", "Sending things back and getting the money."), ["ru"] = new("Возврат", "Как отправить вещь обратно и получить деньги."), ["zh-Hans"] = new("退换货", "怎么退货，怎么退款。"),
        }), Cancellation)).Value;
        var picture = await Picture(services, database);
        await Publish(services, site, section, language => (Words[language].Title, Rich(language, picture.Address)), picture.Id);
        await Publish(services, site, section, language => (Words[language].Other, language switch
        {
            "ru" => "<p>Деньги вернутся за пять дней.</p>", "zh-Hans" => "<p>五天之内退款。</p>", _ => "<p>The money is back within five days.</p>",
        }), null);
    }

    static async Task Publish(IServiceProvider services, Site site, Section section, Func<string, (string Title, string Body)> write, long? fileId)
    {
        var (start, publish) = (services.GetRequiredService<StartArticle>(), services.GetRequiredService<PublishArticle>());
        var author = new Actor(ActorKind.Staff, 1, "Lena");
        Article? article = null;
        foreach (var language in site.Languages)
        {
            var (title, body) = write(language);
            var words = new StartArticle.Words(title, "", body, []);
            if (article is null)
            {
                article = (await start.RunAsync(site, section, language, words, 1, Cancellation)).Value;
                await publish.RunAsync(article, article.Source!, author, at: null, remark: "", Cancellation);
                if (fileId is { } file)
                    services.GetRequiredService<Database>().Add(new ArticleFile { ArticleId = article.Id, FileId = file });
                await services.GetRequiredService<Database>().SaveChangesAsync(Cancellation);
            }
            else
            {
                await publish.RunAsync(article, (await start.TranslateAsync(article, language, words, 1, Cancellation)).Value, author, at: null, remark: "", Cancellation);
            }
        }
    }

    static string Rich(string language, string picture)
    {
        var say = (string english, string russian, string chinese) => language switch { "ru" => russian, "zh-Hans" => chinese, _ => english };
        return $"""
            <p>{say("You can send a lamp back within 30 days.", "Лампу можно вернуть в течение 30 дней.", "台灯可以在30天内退回。")}</p>
            <h2>{say("What does it cost?", "Сколько это стоит?", "要多少钱？")}</h2>
            <p>{say("Nothing. We pay for the parcel.", "Нисколько. Посылку оплачиваем мы.", "不要钱，运费由我们承担。")}</p>
            <aside class="callout" data-kind="tip"><p>{say("Keep the box.", "Сохраните коробку.", "请保留包装盒。")}</p></aside>
            <aside class="callout" data-kind="warning"><p>{say("Let the bulb cool first.", "Сначала дайте лампочке остыть.", "请先让灯泡冷却。")}</p></aside>
            <p><img src="{picture}" alt="{say("A parcel", "Посылка", "包裹")}" width="320" height="120"></p>
            <h2>{say("How long does it take?", "Сколько ждать?", "要多久？")}</h2>
            <table><thead><tr><th>{say("Country", "Страна", "国家")}</th><th>{say("Days on the way", "Дней в пути", "运输天数")}</th><th>{say("Carrier that brings the parcel", "Перевозчик, который везёт посылку", "承运商")}</th></tr></thead>
            <tbody><tr><td>{say("Sweden", "Швеция", "瑞典")}</td><td>2</td><td>PostNord International Express</td></tr><tr><td>{say("Germany", "Германия", "德国")}</td><td>4</td><td>DHL Paket International Economy</td></tr></tbody></table>
            <h2>{say("For developers", "Для разработчиков", "开发者")}</h2>
            <pre data-language="bash">curl https://api.example.com/returns --data order=NL-10293 --header "Authorization: Bearer secret" --verbose</pre>
            <blockquote><p>{say("Easy.", "Легко.", "很简单。")}</p></blockquote>
            <figure data-video="youtube:dQw4w9WgXcQ"></figure>
            """.ReplaceLineEndings("");
    }

    static async Task<(long Id, string Address)> Picture(IServiceProvider services, Database database)
    {
        // A grey picture of 320 by 120 pixels; browsers draw a GIF that has a size and one colour.
        byte[] gif = [.. "GIF89a"u8, 0x40, 0x01, 0x78, 0x00, 0x80, 0, 0, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
        using var content = new MemoryStream(gif);
        var file = (await services.GetRequiredService<FileStore>().KeepAsync(content, "parcel.gif", "image/gif", Cancellation)).Value;
        file.AttachedAt = TimeProvider.System.Now();
        await database.SaveChangesAsync(Cancellation);
        return (file.Id, HelpAddress.File(file.Sha256, file.Name));
    }
}
