using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email;

/// <summary>
/// Keeps the access tokens of mailboxes fresh: before one expires a new one is got with the refresh token (RFC 6749 section 6). One
/// node does it at a time, because many servers give a new refresh token with it and forget the old one.
/// </summary>
public sealed class AccessTokens(IServiceScopeFactory scopes, MailSecrets secrets, Leases leases, TimeProvider time) : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // A token that ends on the way to the server is no use.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    // Which address it is, is the administrator's business, as with mail servers; redirects are not followed with a secret in the hand.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Longest }) { Timeout = Longest, MaxResponseContentBufferSize = MostBytes };

    /// <summary>A token to sign in with now.</summary>
    /// <exception cref="MailTransportException">The token endpoint refuses, or cannot be reached; its words are in the message.</exception>
    public async Task<string> CurrentAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        if (mailbox.Renewal is null)
            return secrets.Open(mailbox.SealedSecret) ?? "";
        while (true)
        {
            if (await KnownAsync(mailbox, cancellation) is { } known)
                return known;
            if (await leases.TryTakeAsync(LeaseOf(mailbox), Longest * 2, cancellation) is not { } fence)
            {
                await Task.Delay(LookAgain, time, cancellation);
                continue;
            }

            try
            {
                return await KnownAsync(mailbox, cancellation) ?? await RenewAsync(mailbox, mailbox.Renewal, cancellation);
            }
            finally
            {
                await leases.HoldAsync(LeaseOf(mailbox), fence, TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

    /// <summary>The mail server did not take the token although it should still be good: the next one is a new one.</summary>
    public async Task ForgetAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        if (mailbox.Renewal is null)
            return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedAccessToken, (string?)null), cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static string LeaseOf(Mailbox mailbox) => System.FormattableString.Invariant($"email.token.{mailbox.Id}");

    private async Task<string?> KnownAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var state = await scope.ServiceProvider.GetRequiredService<Database>().Set<MailboxState>().AsNoTracking().FirstOrDefaultAsync(row => row.MailboxId == mailbox.Id, cancellation);
        return state?.SealedAccessToken is { } token && (state.AccessTokenUntil is null || state.AccessTokenUntil > time.Now() + Margin) ? secrets.Open(token) : null;
    }

    private async Task<string> RenewAsync(Mailbox mailbox, TokenRenewal renewal, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var state = await database.Set<MailboxState>().FirstOrDefaultAsync(row => row.MailboxId == mailbox.Id, cancellation);
        if (state is null)
            database.Add(state = new MailboxState { MailboxId = mailbox.Id });
        var refresh = secrets.Open(state.SealedRefreshToken ?? renewal.SealedRefreshToken)
            ?? throw new MailTransportException(MailTransportError.LoginRefused, "The refresh token cannot be read any more: enter it anew.");
        var answer = await AskAsync(renewal, refresh, cancellation);
        state.SealedAccessToken = secrets.Seal(answer.AccessToken);
        state.AccessTokenUntil = answer.ExpiresIn is { } seconds ? time.Now() + TimeSpan.FromSeconds(seconds) : null;
        if (answer.RefreshToken is { Length: > 0 } next)
            state.SealedRefreshToken = secrets.Seal(next);

        // The old refresh token may be worth nothing from now on: the new one is kept even if the program is told to stop.
        await database.SaveChangesAsync(CancellationToken.None);
        return answer.AccessToken;
    }

    private async Task<Answer> AskAsync(TokenRenewal renewal, string refreshToken, CancellationToken cancellation)
    {
        var fields = new List<KeyValuePair<string, string>> { new("grant_type", "refresh_token"), new("refresh_token", refreshToken), new("client_id", renewal.ClientId) };
        if (secrets.Open(renewal.SealedClientSecret) is { Length: > 0 } secret)
            fields.Add(new("client_secret", secret));
        if (renewal.Scope.Length > 0)
            fields.Add(new("scope", renewal.Scope));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, renewal.Endpoint) { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await _http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            return Read(answer.IsSuccessStatusCode, (int)answer.StatusCode, body);
        }
        catch (HttpRequestException problem)
        {
            throw new MailTransportException(MailTransportError.CannotConnect, $"The token endpoint cannot be reached: {problem.Message}", problem);
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            throw new MailTransportException(MailTransportError.TimedOut, "The token endpoint did not answer in time.", problem);
        }
    }

    private static Answer Read(bool isGood, int status, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (isGood && Text(root, "access_token") is { Length: > 0 } token)
                return new Answer(token, Number(root, "expires_in"), Text(root, "refresh_token"));

            // RFC 6749 section 5.2: a short name, and words for the developer.
            if (Text(root, "error") is { Length: > 0 } error)
                throw new MailTransportException(MailTransportError.LoginRefused, $"The token endpoint refused: {error.UpTo(300)} {(Text(root, "error_description") ?? "").UpTo(300)}".TrimEnd());
        }
        catch (JsonException problem)
        {
            throw new MailTransportException(MailTransportError.ProtocolViolated, $"The token endpoint answered {status} with something that is not JSON.", problem);
        }

        throw new MailTransportException(MailTransportError.ProtocolViolated, $"The token endpoint answered {status} without a token.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Some servers write the number as a text.</summary>
    private static long? Number(JsonElement root, string name)
    {
        const long mostSeconds = 366L * 24 * 3600;
        if (!root.TryGetProperty(name, out var value))
            return null;
        long? seconds = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.String when long.TryParse(value.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
        return seconds is { } known ? Math.Clamp(known, 0, mostSeconds) : null;
    }

    private sealed record Answer(string AccessToken, long? ExpiresIn, string? RefreshToken);
}
