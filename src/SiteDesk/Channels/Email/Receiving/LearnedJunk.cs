using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// A small filter that learns from what agents did: mail they marked as junk, and mail they answered. Naive Bayes over the words
/// of the three languages' analyser; it judges only when it has seen enough of both, and only when the odds are overwhelming.
/// </summary>
public sealed class LearnedJunk(IServiceScopeFactory scopes, MailIntakeLimits limits, TimeProvider time)
{
    private const int MostExamples = 500;
    private const int MostTellingWords = 25;

    // Ninety-nine to one, in natural logarithms.
    private const double Overwhelming = 4.6;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private Model? _model;

    /// <summary>Whether a first message looks like what agents have marked.</summary>
    public async Task<bool> IsJunkAsync(string text, CancellationToken cancellation)
    {
        var model = _model;
        if (model is null || time.Now() - model.BuiltAt > Remembered)
            _model = model = await BuildAsync(cancellation);
        return model.JunkCount >= limits.JunkExamples && model.GoodCount >= limits.JunkExamples && model.LogOdds(WordsOf(SearchText.ForIndex(text))) > Overwhelming;
    }

    private async Task<Model> BuildAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var junk = await ReadAsync(database, database.Set<Ticket>().Where(ticket => ticket.Junk != null && ticket.Junk.Reason == "manual"), cancellation);
        var good = await ReadAsync(database, database.Set<Ticket>().Where(ticket => ticket.Junk == null && ticket.FirstRepliedAt != null), cancellation);
        return new Model(time.Now(), junk, good);
    }

    /// <summary>The newest examples: what is sent as junk changes.</summary>
    private static async Task<List<HashSet<string>>> ReadAsync(Database database, IQueryable<Ticket> tickets, CancellationToken cancellation)
    {
        var newest = tickets.Where(ticket => ticket.Channel == EmailModule.Channel).OrderByDescending(ticket => ticket.Id).Take(MostExamples);
        var tokens = await (
            from ticket in newest
            join message in database.Set<Message>() on ticket.Id equals message.TicketId
            where !database.Set<Message>().Any(earlier => earlier.TicketId == ticket.Id && earlier.Id < message.Id) && message.Tokens != null
            select message.Tokens!.Tokens).ToListAsync(cancellation);
        return tokens.ConvertAll(WordsOf);
    }

    private static HashSet<string> WordsOf(string tokens) => tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    private sealed class Model
    {
        private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
        private readonly double _prior;

        public Model(DateTime builtAt, List<HashSet<string>> junk, List<HashSet<string>> good)
        {
            (BuiltAt, JunkCount, GoodCount) = (builtAt, junk.Count, good.Count);
            var counts = new Dictionary<string, (int Junk, int Good)>(StringComparer.Ordinal);
            foreach (var word in junk.SelectMany(words => words))
                counts[word] = (counts.GetValueOrDefault(word).Junk + 1, counts.GetValueOrDefault(word).Good);
            foreach (var word in good.SelectMany(words => words))
                counts[word] = (counts.GetValueOrDefault(word).Junk, counts.GetValueOrDefault(word).Good + 1);

            // A word seen once says nothing yet; one is added to every count, so that no word alone decides.
            foreach (var (word, (inJunk, inGood)) in counts.Where(pair => pair.Value.Junk + pair.Value.Good > 1))
                _weights[word] = Math.Log((inJunk + 1.0) / (junk.Count + 2.0)) - Math.Log((inGood + 1.0) / (good.Count + 2.0));

            // Junk must not become likelier because agents mark more than they answer.
            _prior = Math.Min(0, Math.Log((junk.Count + 1.0) / (good.Count + 1.0)));
        }

        public DateTime BuiltAt { get; }

        public int JunkCount { get; }

        public int GoodCount { get; }

        public double LogOdds(HashSet<string> words) =>
            _prior + words.Select(word => _weights.GetValueOrDefault(word)).OrderByDescending(Math.Abs).Take(MostTellingWords).Sum();
    }
}
