using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenAI;
using OpenAI.Chat;
using SiteDesk.Assistant.LanguageModel.Connection;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;

namespace SiteDesk.Assistant.LanguageModel.Calling;

/// <summary>Why there is no answer of the model.</summary>
internal enum CallFailure
{
    /// <summary>No connection, or it is off, or not for this purpose.</summary>
    NotConnected,

    /// <summary>The month's bound is reached.</summary>
    OverBudget,

    TooSlow,

    /// <summary>It cannot be reached, it refused, or it failed so often that it is left alone for a while.</summary>
    Unreachable,

    /// <summary>What came is no answer.</summary>
    Unreadable,
}

/// <summary>What a model is asked for. Each has a breaker of its own: what is too slow for a visitor may do for an agent.</summary>
internal enum ModelPurpose
{
    Wording,
    Translation,
}

/// <summary>What the model said, or why it did not.</summary>
/// <param name="Status">The HTTP status, where there was one.</param>
internal sealed record ModelAnswer(string? Text, CallFailure? Failure, int? Status = null)
{
    public static ModelAnswer Failed(CallFailure failure, int? status = null) => new(null, failure, status);
}

/// <summary>
/// Asks the model: within the month's bound, a time limit and a size, and not at all while it rests. Whatever goes wrong is a result; nothing
/// of the text, the answer or the key is written to any log. Reads with a scope of its own: never call it within a transaction.
/// </summary>
internal sealed partial class AskModel(IServiceScopeFactory scopes, LiveHub hub, ModelNetwork network, ModelSecrets secrets, ModelBudget budget, TimeProvider time, ILogger<AskModel> log)
{
    /// <summary>A letter of Chinese is about a token, of other scripts about a third; an estimate for servers that do not count.</summary>
    private const int LettersInToken = 3;

    private readonly Dictionary<ModelPurpose, ModelBreaker> _breakers = Enum.GetValues<ModelPurpose>().ToDictionary(purpose => purpose, _ => new ModelBreaker(time));

    private readonly Remembered<ModelConnection?> _connection = new(hub.ClockOf(KeepModelConnection.Topic), time);

    /// <returns>The connection if the model is on for the purpose; else null.</returns>
    public async ValueTask<ModelConnection?> FindAsync(ModelPurpose purpose, CancellationToken cancellation)
    {
        var connection = await _connection.ReadAsync(() => ReadAsync(cancellation));
        return connection is not null && (purpose == ModelPurpose.Wording ? connection.WordsAnswers : connection.TranslatesForStaff) ? connection : null;
    }

    private async Task<ModelConnection?> ReadAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Database>().Set<ModelConnection>().AsNoTracking()
            .FirstOrDefaultAsync(row => row.Id == ModelConnection.OnlyId && row.IsEnabled, cancellation);
    }

    /// <param name="instruction">What is to be done; ours alone.</param>
    /// <param name="material">What it is to be done with, as JSON; masked already.</param>
    /// <param name="mostTokens">How long the answer may become.</param>
    /// <param name="limit">How long it may take, everything included.</param>
    /// <exception cref="OperationCanceledException">The caller gave it up.</exception>
    public async Task<ModelAnswer> RunAsync(ModelPurpose purpose, string instruction, string material, int mostTokens, TimeSpan? limit, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        if (await FindAsync(purpose, cancellation) is not { } connection)
            return ModelAnswer.Failed(CallFailure.NotConnected);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var left = (limit ?? connection.TimeLimit) - time.GetElapsedTime(started);
        timed.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        var breaker = _breakers[purpose];
        if (!breaker.MayAsk(connection.Version))
            return ModelAnswer.Failed(CallFailure.Unreachable);
        var answer = ModelAnswer.Failed(CallFailure.OverBudget);
        var isJudged = false;
        try
        {
            if (await budget.TakeAsync(connection, timed.Token))
            {
                answer = await CallAsync(connection, secrets.Open(connection.SealedKey), instruction, material, mostTokens, timed.Token, cancellation);
                isJudged = true;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            answer = ModelAnswer.Failed(CallFailure.TooSlow); // before it was asked: our own database was slow
        }
        finally
        {
            if (!isJudged)
                breaker.GaveUp(connection.Version);
            else if (answer.Failure is null)
                breaker.Succeeded(connection.Version);
            else
                breaker.Failed(connection.Version);
        }

        if (answer.Failure is { } failure)
            Failed(purpose, failure, answer.Status);
        return answer;
    }

    /// <summary>Asks a connection as it is, without breaker and bound: the settings' test does.</summary>
    public async Task<ModelAnswer> TryAsync(ModelConnection connection, string instruction, string material, int mostTokens, TimeSpan limit, CancellationToken cancellation)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timed.CancelAfter(limit);
        return await CallAsync(connection, secrets.Open(connection.SealedKey), instruction, material, mostTokens, timed.Token, cancellation);
    }

    private async Task<ModelAnswer> CallAsync(
        ModelConnection connection, string? key, string instruction, string material, int mostTokens, CancellationToken timed, CancellationToken cancellation)
    {
        string text;
        long? counted;
        try
        {
            var options = new ChatCompletionOptions { MaxOutputTokenCount = mostTokens };
            var completion = (await ClientOf(connection, key).CompleteChatAsync([new SystemChatMessage(instruction), new UserChatMessage(material)], options, timed)).Value;
            text = string.Concat(completion.Content.Where(part => part.Kind == ChatMessageContentPartKind.Text).Select(part => part.Text));
            counted = completion.Usage?.TotalTokenCount;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ModelAnswer.Failed(CallFailure.TooSlow);
        }
        catch (ClientResultException problem) when (problem.InnerException is not AnswerTooLargeException)
        {
            return ModelAnswer.Failed(CallFailure.Unreachable, problem.Status > 0 ? problem.Status : null);
        }
        catch (HttpRequestException)
        {
            return ModelAnswer.Failed(CallFailure.Unreachable);
        }
        catch (Exception problem) when (problem is ClientResultException or IOException or JsonException or InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException or NullReferenceException or OverflowException)
        {
            // Too large, or JSON that is not what the protocol says: the package's reader answers that with whatever exception it runs into.
            return ModelAnswer.Failed(CallFailure.Unreadable);
        }

        await budget.AddTokensAsync(counted is > 0 ? counted.Value : (instruction.Length + material.Length + text.Length) / LettersInToken, cancellation);
        return string.IsNullOrWhiteSpace(text) ? ModelAnswer.Failed(CallFailure.Unreadable) : new ModelAnswer(text, null);
    }

    private ChatClient ClientOf(ModelConnection connection, string? key)
    {
        var address = new Uri(connection.Address);
        return new ChatClient(connection.Model, new ApiKeyCredential(key ?? "none"), new OpenAIClientOptions
        {
            Endpoint = address,
            Transport = new HttpClientPipelineTransport(network.For(address)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // a visitor waits: the plain answer is there
            NetworkTimeout = Timeout.InfiniteTimeSpan, // each call brings its limit
            UserAgentApplicationId = "SiteDesk",
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The language model gave no answer ({Purpose}: {Failure}, status {Status})")]
    private partial void Failed(ModelPurpose purpose, CallFailure failure, int? status);
}
