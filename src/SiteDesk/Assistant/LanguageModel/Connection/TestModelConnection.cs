using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SiteDesk.Assistant.LanguageModel.Calling;
using SiteDesk.Assistant.LanguageModel.Wording;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>One step of a live test.</summary>
/// <param name="Name">Key of the step: <c>address</c>, <c>answer</c>, <c>citation</c>.</param>
/// <param name="Error">Key of what went wrong; null when it went well.</param>
/// <param name="Details">A figure or name worth knowing; never the server's own words, which may repeat the key.</param>
public sealed record ModelTestStep(string Name, string? Error, string Details);

/// <summary>Tries the connection with a made-up question and says step by step how it went. No customer's word is sent.</summary>
internal sealed class TestModelConnection(AskModel ask, ModelNetwork network, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Whether what the model says would stand: the passage has two figures and a name.</summary>
    private static readonly WordingRequest Sample = new(
        "How long can I return a lamp?", "en", [new Passage(1, "Returns", "A lamp that was not used can be returned within 14 days. The parcel costs 4.90 EUR.")], [], "Within 14 days.");

    public async Task<IReadOnlyList<ModelTestStep>> RunAsync(ModelConnection connection, CancellationToken cancellation)
    {
        var steps = new List<ModelTestStep>();
        if (!await FindServerAsync(new Uri(connection.Address), steps, cancellation))
            return steps;
        var started = time.GetTimestamp();
        var (instruction, material, mostTokens) = WordAnswers.Prepare(Sample, new PersonalPlaceholders([]));
        var answer = await ask.TryAsync(connection, instruction, material, mostTokens, Longest, cancellation);
        var took = time.GetElapsedTime(started);
        var seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        if (answer.Failure is { } failure)
        {
            steps.Add(new ModelTestStep("answer", ErrorOf(failure, answer.Status), answer.Status is { } status ? $"HTTP {status.ToString(CultureInfo.InvariantCulture)} · {seconds}" : seconds));
            return steps;
        }

        steps.Add(new ModelTestStep("answer", connection.WordsAnswers && took > connection.TimeLimit ? "slow" : null, $"{connection.Model} · {seconds}"));
        var judged = AnswerCheck.Judge(answer.Text!, Sample);
        steps.Add(new ModelTestStep("citation", judged.Failure is null ? null : "check", judged.Failure?.ToString() ?? ""));
        return steps;
    }

    private async Task<bool> FindServerAsync(Uri address, List<ModelTestStep> steps, CancellationToken cancellation)
    {
        IPAddress[] places;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            places = await Dns.GetHostAddressesAsync(address.Host, limit.Token);
        }
        catch (Exception problem) when (problem is SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            steps.Add(new ModelTestStep("address", "unknown-host", address.Host));
            return false;
        }

        if (Array.Exists(places, place => network.IsAllowed(address, place)))
        {
            steps.Add(new ModelTestStep("address", null, address.Authority));
            return true;
        }

        var isPublic = Array.Exists(places, Platform.Web.OutwardCalls.IsPublic);
        steps.Add(new ModelTestStep("address", isPublic ? "not-secure" : "private", $"{address.Host} · {string.Join(", ", places.Take(3).Select(place => place.ToString()))}"));
        return false;
    }

    private static string ErrorOf(CallFailure failure, int? status) => (failure, status) switch
    {
        (CallFailure.TooSlow, _) => "too-slow",
        (CallFailure.Unreachable, 401 or 403) => "key",
        (CallFailure.Unreachable, 404) => "not-found",
        (CallFailure.Unreachable, 429) => "too-many",
        (CallFailure.Unreachable, >= 300 and < 400) => "redirect",
        (CallFailure.Unreachable, >= 400) => "refused",
        (CallFailure.Unreachable, _) => "unreachable",
        _ => "unreadable",
    };
}
