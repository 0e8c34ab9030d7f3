using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Assistant;

/// <summary>Every story is played through the front door, in the demonstration's shop and with its articles.</summary>
public sealed class PlayedDialogueTests(PlayedDialogueTests.Stage stage, ITestOutputHelper output) : IClassFixture<PlayedDialogueTests.Stage>
{
    public static TheoryData<string> Languages => [.. PhraseBank.Languages];

    [Theory, MemberData(nameof(Languages))]
    public async Task Stories_of_people_are_played_as_they_are_written(string language)
    {
        var played = await stage.PlayAsync(language);

        var turns = played.SelectMany(story => story.Turns).ToList();
        foreach (var story in played.Where(story => story.Turns.Any(turn => !turn.IsAsWritten)))
            output.WriteLine($"{story.Dialogue.Language}/{story.Dialogue.Name} ({story.Dialogue.Site})\n{string.Join('\n', story.Turns.Select(turn => "   " + turn))}\n");
        output.WriteLine(stage.Expectations);
        output.WriteLine($"{language}: {turns.Count(turn => turn.IsAsWritten)} of {turns.Count} turns and {played.Count(story => story.Turns.All(turn => turn.IsAsWritten))} of {played.Count} stories as written");
        (turns.Count(turn => turn.IsAsWritten) / (double)turns.Count).ShouldBeGreaterThan(0.5);
    }

    public sealed class Stage : IAsyncLifetime
    {
        private readonly Dictionary<string, Lazy<Task<List<PlayedDialogue>>>> _played;
        private DeskServer? _server;
        private DialoguePlayer? _player;

        internal string Expectations { get; private set; } = "";

        public Stage() => _played = PhraseBank.Languages.ToDictionary(language => language, language => new Lazy<Task<List<PlayedDialogue>>>(() => PlayNowAsync(language)), StringComparer.Ordinal);

        internal Task<List<PlayedDialogue>> PlayAsync(string language) => _played[language].Value;

        public async ValueTask InitializeAsync()
        {
            _server = await DeskServer.StartAsync(null, services => services
                .AddSingleton(new AbuseLimits { Messages = 100_000, Conversations = 100_000, Files = 100_000, Requests = 100_000, Streams = 100_000, MessagesOfSite = 100_000 })
                .AddSingleton(new AssistantLimits { Answer = TimeSpan.FromMinutes(1) }), "--demo");
            var sites = await _server.InDatabaseAsync(async database =>
            {
                var all = await database.Set<Site>().ToListAsync();
                foreach (var site in all)
                {
                    site.Assistant = site.Assistant with { AnswersInWidget = true, AnswersMail = true };
                    site.Hours = BusinessHours.AroundTheClock("Etc/UTC");
                }
                await database.SaveChangesAsync();
                return all.ToDictionary(site => site.Name.StartsWith("Halyard", StringComparison.Ordinal) ? "halyard" : "nordlight", StringComparer.Ordinal);
            });
            await using var scope = _server.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
            foreach (var site in sites.Values)
                await _server.Services.GetRequiredService<LiveKnowledge>().FreshAsync(site.Id, TestContext.Current.CancellationToken);
            foreach (var site in sites.Values)
            {
                var knowledge = await _server.Services.GetRequiredService<LiveKnowledge>().ReadAsync(site.Id, TestContext.Current.CancellationToken);
                Expectations += $"{site.Name}: {knowledge.Expectation} {knowledge.Thresholds}\n";
            }
            _player = new DialoguePlayer(_server, sites, Titles());
        }

        public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

        private async Task<List<PlayedDialogue>> PlayNowAsync(string language)
        {
            var played = new List<PlayedDialogue>();
            foreach (var dialogue in Dialogue.LoadAll(language).Where(dialogue => dialogue.Channel == "widget"))
                played.Add(await _player!.PlayAsync(dialogue, TestContext.Current.CancellationToken));
            return played;
        }

        private static Dictionary<(string, string), string> Titles()
        {
            var keys = new Dictionary<(string, string), string>();
            foreach (var language in PhraseBank.Languages)
            {
                using var stream = typeof(PhraseBank).Assembly.GetManifestResourceStream($"SiteDesk.Demo.articles.{language}.json").ShouldNotBeNull();
                using var articles = JsonDocument.Parse(stream);
                foreach (var article in articles.RootElement.EnumerateArray())
                    keys[(article.GetProperty("site").GetString()!, article.GetProperty("title").GetString()!)] = article.GetProperty("key").GetString()!;
            }
            return keys;
        }
    }
}
