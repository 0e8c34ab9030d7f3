using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Answers;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Talk;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Demo;

/// <summary>
/// Speaks the assistant's lines as it would have spoken them, with its own sentences and the passages of the demonstration's articles, and
/// keeps the talks and turns that its figures, its summaries and the teaching desk are read from.
/// </summary>
internal sealed class DemoAssistant(Database database, TextCatalog catalog, DemoCast cast, DateTime now)
{
    private readonly Dictionary<string, List<DemoArticle>> _articles = new(StringComparer.Ordinal);
    private readonly List<Spoken> _spoken = [];

    /// <summary>A line of the assistant, ready to be said.</summary>
    /// <param name="Article">Key of the article it answers from; null for none.</param>
    public sealed record Speech(TurnKind Kind, string Text, MessageOffer? Offer, string? Intent, string? Article);

    private sealed record Spoken(DemoStory Story, Speech Speech, Message Question, Message Reply);

    public Actor ActorIn(string language) => new(ActorKind.Assistant, null, catalog.Get(language, "assistant.name"));

    /// <summary>What a customer's line says: pressed buttons have the button's words.</summary>
    public string WordsOf(DemoLine line, string language) => line.Text switch
    {
        "[yes]" => WordsIn(language)["helped.yes"],
        "[no]" => WordsIn(language)["helped.no"],
        "[person]" => WordsIn(language)["person"],
        _ => line.Text,
    };

    /// <exception cref="FormatException">The script has the assistant do something unknown.</exception>
    public Speech Speak(DemoStory story, DemoLine line, string question)
    {
        var language = story.Conversation.Language;
        var words = WordsIn(language);
        return line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["answer", var article, .. var intent] => Answer(story, article, intent.FirstOrDefault(), question, words),
            ["hello"] => new Speech(TurnKind.Courtesy, words["hello"], null, null, null),
            ["solved"] => new Speech(TurnKind.Courtesy, words["thanks.solved"], null, null, null),
            ["rephrase"] => new Speech(TurnKind.Rephrase, words["rephrase"], PersonOffered(words), null, null),
            ["not-helped"] => new Speech(TurnKind.Rephrase, words["not-helped"], PersonOffered(words), null, null),
            ["collect", .. var slots] => new Speech(TurnKind.Collect, words["collect"], FormOf(slots, words), null, null),
            ["hand", var cause] => new Speech(TurnKind.HandOver, HandOverWords(Enum.Parse<HandOverCause>(cause, ignoreCase: true), words), null, null, null),
            _ => throw new FormatException($"The assistant cannot “{line.Text}”."),
        };
    }

    /// <summary>A line was said: it becomes a turn once everything has its key.</summary>
    public void Note(DemoStory story, Speech speech, Message question, Message reply) => _spoken.Add(new Spoken(story, speech, question, reply));

    /// <summary>Keeps talks and turns, once tickets, messages and articles are stored.</summary>
    public async Task AddAsync(IReadOnlyDictionary<DemoStory, Ticket> tickets, CancellationToken cancellation)
    {
        var versions = await database.Set<ArticleVersion>().AsNoTracking()
            .Join(database.Set<ArticleText>(), version => version.ArticleTextId, text => text.Id, (version, text) => new { text.SiteId, text.Language, version.Title, text.ArticleId }).ToListAsync(cancellation);
        var ids = versions.ToLookup(row => (row.SiteId, row.Language, row.Title), row => row.ArticleId);
        foreach (var talk in _spoken.GroupBy(spoken => spoken.Story).OrderBy(talk => talk.First().Question.Id))
            Add(talk.Key, tickets[talk.Key], [.. talk], key => ids[(tickets[talk.Key].SiteId, talk.Key.Conversation.Language, ArticleOf(talk.Key, key).Title)].First());
        await database.SaveChangesAsync(cancellation);
    }

    private void Add(DemoStory story, Ticket ticket, List<Spoken> spoken, Func<string, long> idOf)
    {
        var (conversation, chance) = (story.Conversation, new Random(DemoData.Seed + story.Conversation.Number));
        var written = conversation.Talk!;
        var talk = new AssistantTalk { TicketId = ticket.Id, SiteId = ticket.SiteId, Language = conversation.Language, StartedAt = story.BeganAt };
        talk.Hear(spoken[^1].Question.Id, spoken[^1].Question.CreatedAt);
        talk.Handle(spoken[^1].Question.Id);
        var answered = spoken.Where(one => one.Speech.Article is not null).Select(one => CandidateOf(one.Speech, idOf)).ToList();
        talk.Memory = new TalkMemory
        {
            Answered = answered, Articles = [.. spoken.Select(one => one.Speech.Article).OfType<string>().Select(idOf)], Matter = answered.LastOrDefault(), Question = spoken[0].Question.Text,
            NotHelped = spoken.Count(one => WasOfNoHelp(one, spoken)), Facts = written.Facts,
        };
        var last = spoken[^1].Reply.CreatedAt;
        if (written.IsConfirmed)
            talk.Solve(TalkResolution.Confirmed, last);
        else if (written.IsAssumed)
            talk.Solve(TalkResolution.Assumed, ticket.SolvedAt!.Value);
        else if (written.Cause is { } cause)
            talk.HandOver(cause, last);
        else if (written.IsTaken)
            talk.TakeOver(story.Steps.First(step => !step.Line.IsByCustomer && !step.Line.IsByAssistant).At);
        else
            talk.AnsweredAt = last;
        database.Add(talk);

        foreach (var (index, one) in spoken.Index())
        {
            var wrong = one.Speech.Kind == TurnKind.Answer && written.Wrong is not null;
            bool? helped = one.Speech.Kind != TurnKind.Answer ? null : WasOfNoHelp(one, spoken) ? false : written.IsConfirmed ? true : null;
            database.Add(new AssistantTurn
            {
                TicketId = ticket.Id, SiteId = ticket.SiteId, QuestionId = one.Question.Id, ReplyId = one.Reply.Id, At = one.Reply.CreatedAt, Kind = one.Speech.Kind, Language = conversation.Language,
                Candidate = one.Speech.Article is null ? null : CandidateOf(one.Speech, idOf), ArticleId = one.Speech.Article is { } key ? idOf(key) : null,
                Probability = one.Speech.Article is null ? 0.2 + 0.3 * chance.NextDouble() : 0.9 + 0.09 * chance.NextDouble(), KnowledgeNumber = 0, Milliseconds = chance.Next(35, 320), Helped = helped,
                // What was not understood stands at the teaching desk, and so does what did not help or was called wrong.
                IsOpen = helped == false || wrong || one.Speech.Kind == TurnKind.Rephrase && index == 0,
                Correction = wrong ? CorrectionOf(written.Wrong!, conversation, one.Reply.CreatedAt, idOf) : null,
            });
        }
    }

    private TurnCorrection CorrectionOf(string right, DemoConversation conversation, DateTime at, Func<string, long> idOf)
    {
        var colleague = cast.Staff[conversation.Agent!];
        var candidate = right.Split(':') is ["article", var key] ? IntentRanking.KeyOf(idOf(key)) : right;
        return new TurnCorrection(candidate, colleague.Id!.Value, colleague.Name, Earlier(at.AddHours(2)));
    }

    private DateTime Earlier(DateTime at) => at < now ? at : now;

    /// <summary>Whether the customer's next word was that it had not helped.</summary>
    private static bool WasOfNoHelp(Spoken answer, List<Spoken> spoken)
    {
        var after = spoken.ElementAtOrDefault(spoken.IndexOf(answer) + 1);
        return answer.Speech.Kind == TurnKind.Answer && after is not null && after.Speech.Kind is TurnKind.Collect or TurnKind.Rephrase;
    }

    private static string CandidateOf(Speech speech, Func<string, long> idOf) => speech.Intent ?? IntentRanking.KeyOf(idOf(speech.Article!));

    private Speech Answer(DemoStory story, string key, string? intent, string question, TalkWords words)
    {
        var article = ArticleOf(story, key);
        var passages = Passage.Of(ArticleMarkdown.Read(article.Body).Value);
        var weights = Passage.Weigh(question, passages);
        var passage = passages.OrderByDescending(passage => passage.FitTo(weights)).ThenBy(passage => passage.Place).First();
        var site = cast.Sites[story.Conversation.Site];
        var address = HelpAddress.Encoded(HelpAddress.Of(site).Article(story.Conversation.Language, Slugs.Of(article.Title)));
        return new Speech(TurnKind.Answer, passage.Text, new MessageOffer { Sources = [new OfferedSource(article.Title, address)], Choices = [.. words.DidItHelp] }, intent, key);
    }

    private DemoArticle ArticleOf(DemoStory story, string key)
    {
        var language = story.Conversation.Language;
        if (!_articles.TryGetValue(language, out var articles))
            _articles.Add(language, articles = DemoArticle.Load(language));
        return articles.First(article => article.Key == key && article.Site == story.Conversation.Site);
    }

    private static MessageOffer PersonOffered(TalkWords words) => new() { Choices = [new OfferedChoice(MessageChoice.Person, words["person"])] };

    private static MessageOffer FormOf(string[] slots, TalkWords words) =>
        new() { Form = new OfferedForm("facts", [.. slots.Select(slot => words.Field(slot, slot, isRequired: true, value: null, problem: null))], words["send"], words["back"]) };

    private static string HandOverWords(HandOverCause cause, TalkWords words)
    {
        var why = cause switch
        {
            HandOverCause.Anger or HandOverCause.Threat => words["cause.anger"],
            HandOverCause.Failed => words["cause.failed"],
            HandOverCause.Order => words["cause.order"],
            _ => "",
        };
        return string.Join("\n\n", new[] { why, words["person.open"] }.Where(part => part.Length > 0));
    }

    private TalkWords WordsIn(string language) => new(new Texts(catalog, language, TimeZoneInfo.Utc));
}
