using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Demo;

/// <summary>Publishes the sites' articles as their authors would have, and lets four weeks of readers come by.</summary>
internal sealed class DemoHelpCenter(Database database, AuditLog audit, DemoScript script, DemoCast cast, DateTime now)
{
    /// <summary>Days of readers before today.</summary>
    private const int Days = 28;

    /// <summary>The older articles are about as old as the desk.</summary>
    private const int OldestDays = 80;

    private readonly StoryTime _time = new(now.AddDays(-OldestDays));
    private readonly HashSet<(long, int, string, string)> _searched = [];
    private readonly Random _chance = new(DemoData.Seed);

    public async Task AddAsync(CancellationToken cancellation)
    {
        // Thousands of rows of the conversations are tracked and done with; each save would look through them all.
        database.ChangeTracker.Clear();
        var articles = Languages.All.ToDictionary(language => language, DemoArticle.Load, StringComparer.Ordinal);
        foreach (var site in script.Sites)
        {
            var published = await PublishAsync(cast.Sites[site.Key], site.Key, articles, cancellation);
            AddReaders(cast.Sites[site.Key], published);
            await database.SaveChangesAsync(cancellation);
        }
    }

    private async Task<List<Published>> PublishAsync(Site site, string key, Dictionary<string, List<DemoArticle>> articles, CancellationToken cancellation)
    {
        var stamp = new HelpStamp(database, _time);
        var keep = new KeepSection(database, stamp);
        var start = new StartArticle(database, _time);
        var publish = new PublishArticle(database, stamp, audit, _time);
        var author = cast.Staff[script.People.First(person => person.Sites is null || person.Sites.Contains(key)).Key];
        var published = new List<Published>();
        var source = site.DefaultLanguage;
        foreach (var group in articles[source].Where(article => article.Site == key).GroupBy(article => article.Section, StringComparer.Ordinal))
        {
            var names = site.Languages.ToDictionary(language => language, language => new KeepSection.Words(InLanguage(articles, group.First(), language).Section), StringComparer.Ordinal);
            var section = Required(await keep.RunAsync(site, section: null, new KeepSection.Request(ParentId: null, names), cancellation));
            foreach (var written in group)
            {
                _time.Pass(TimeSpan.FromHours(_chance.Next(6, 30)));
                var article = Required(await start.RunAsync(site, section, source, WordsOf(written), author.Id!.Value, cancellation));
                await publish.RunAsync(article, article.Source!, author, at: null, remark: "", cancellation);
                foreach (var language in site.Languages.Where(language => language != source))
                {
                    _time.Pass(TimeSpan.FromMinutes(_chance.Next(20, 200)));
                    var text = Required(await start.TranslateAsync(article, language, WordsOf(InLanguage(articles, written, language)), author.Id.Value, cancellation));
                    await publish.RunAsync(article, text, author, at: null, remark: "", cancellation);
                }

                published.Add(new Published(article, site.Languages.ToDictionary(language => language, language => InLanguage(articles, written, language), StringComparer.Ordinal)));
            }
        }

        return published;
    }

    private static DemoArticle InLanguage(Dictionary<string, List<DemoArticle>> articles, DemoArticle article, string language) => articles[language].First(other => other.Key == article.Key);

    private static StartArticle.Words WordsOf(DemoArticle article) => new(article.Title, Summary: "", Required(ArticleMarkdown.Read(article.Body)), article.Questions);

    private static TValue Required<TValue>(Outcome<TValue> outcome) => outcome.Value;

    /// <summary>Some articles are read by many and some by few; mornings and weekends are not told apart.</summary>
    private void AddReaders(Site site, List<Published> published)
    {
        foreach (var (index, entry) in published.Index())
        {
            var popularity = 40.0 / (index % 9 + 1);
            foreach (var language in site.Languages)
            {
                AddReadings(entry, language, popularity);
                AddVotes(entry, language, popularity);
                AddSearches(site, entry, language, popularity);
                AddDeflections(site, entry, language, popularity);
            }
        }

        foreach (var language in site.Languages)
        {
            foreach (var words in MissedWords[language])
            {
                for (var day = _chance.Next(1, 6); day <= Days; day += _chance.Next(2, 9))
                {
                    var times = _chance.Next(1, 4);
                    Add(site, language, day, words, times, empty: times, opened: 0);
                }
            }
        }
    }

    private void AddReadings(Published entry, string language, double popularity)
    {
        for (var day = 1; day <= Days; day++)
        {
            var times = (int)(popularity * (0.4 + _chance.NextDouble()) / (language == Languages.English ? 1 : 2));
            if (times > 0)
                database.Add(new ArticleReading { ArticleId = entry.Article.Id, Language = language, Day = DayBefore(day), Times = times, FromSearch = (int)(times * 0.35) });
        }
    }

    private void AddVotes(Published entry, string language, double popularity)
    {
        var text = entry.Article.Texts.Find(text => text.Language == language)!;
        for (var vote = _chance.Next((int)(popularity / 3) + 2); vote > 0; vote--)
        {
            // One article in seven is one that people do not get on with.
            var helped = _chance.NextDouble() < (entry.Article.Id % 7 == 3 ? 0.35 : 0.82);
            database.Add(new ArticleVote
            {
                ArticleId = entry.Article.Id, Language = language, VersionId = text.PublishedVersionId!.Value, Helped = helped, Token = Tokens.New(),
                Reason = helped || _chance.Next(4) == 0 ? null : Enum.GetValues<VoteReason>()[_chance.Next(4)],
                CreatedAt = now.AddDays(-_chance.Next(1, Days)).AddMinutes(-_chance.Next(600)),
            });
        }
    }

    private void AddSearches(Site site, Published entry, string language, double popularity)
    {
        foreach (var question in entry.Words[language].Questions.Select(SearchWords.Of).Where(words => words.Length > 0).Take(popularity > 12 ? 3 : 1))
        {
            for (var day = _chance.Next(1, 9); day <= Days; day += _chance.Next(3, 12))
            {
                var times = _chance.Next(1, 5);
                Add(site, language, day, question, times, empty: 0, opened: _chance.Next(times + 1));
            }
        }
    }

    private void AddDeflections(Site site, Published entry, string language, double popularity)
    {
        for (var opening = _chance.Next((int)(popularity / 5) + 1); opening > 0; opening--)
        {
            var deflection = new Deflection
            {
                SiteId = site.Id, ArticleId = entry.Article.Id, Language = language, Place = _chance.Next(3) == 0 ? "widget" : "form", Visit = Tokens.New(),
                OpenedAt = now.AddDays(-_chance.Next(1, Days)).AddMinutes(-_chance.Next(600)),
            };
            if (_chance.Next(3) == 0)
                deflection.SendTicket(deflection.OpenedAt.AddMinutes(4));
            else if (_chance.Next(2) == 0)
                deflection.Answer(deflection.OpenedAt.AddMinutes(1));
            database.Add(deflection);
        }
    }

    private void Add(Site site, string language, int day, string words, int times, int empty, int opened)
    {
        if (_searched.Add((site.Id, day, language, words)))
            database.Add(new HelpSearch { SiteId = site.Id, Language = language, Day = DayBefore(day), Words = words, Times = times, Empty = empty, Opened = opened });
    }

    private DateOnly DayBefore(int days) => DateOnly.FromDateTime(now.AddDays(-days));

    /// <summary>What people of both sites look for in vain.</summary>
    private static readonly Dictionary<string, string[]> MissedWords = new(StringComparer.Ordinal)
    {
        [Languages.English] = ["gift wrapping", "student discount", "dark mode", "carbon footprint", "bulk import from jira", "crypto payment"],
        [Languages.Russian] = ["подарочная упаковка", "скидка студентам", "темная тема", "оплата долями", "рассрочка", "импорт из битрикса"],
        [Languages.Chinese] = ["礼品包装", "学生优惠", "深色模式", "分期付款", "花呗", "导入飞书"],
    };

    /// <summary>An article with what was written of it.</summary>
    private sealed record Published(Article Article, Dictionary<string, DemoArticle> Words);

    /// <summary>The moment in the story at which something is written.</summary>
    private sealed class StoryTime(DateTime start) : TimeProvider
    {
        private DateTime _now = start;

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => new(_now);
    }
}
