using System.Globalization;
using System.Net;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Faults;

/// <summary>An agent who answers one ticket after the other through the workspace's own form, each answer until it is acknowledged.</summary>
internal sealed class AnsweringAgent(Uri desk, string email, string name, Random random) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly DeskClient _client = new(desk, followRedirects: false);
    private readonly List<string> _acknowledged = [];
    private string _token = "";

    /// <summary>Texts of acknowledged answers, in the order they were given.</summary>
    public IReadOnlyList<string> Acknowledged => _acknowledged;

    public async Task SignInAsync()
    {
        await _client.SignInAsync(email, DeskServer.Password);
        _token = await _client.TokenAsync("/agent/tickets");
    }

    /// <param name="tickets">Numbers of the tickets to choose from are 1 to this.</param>
    public async Task AnswerAsync(int tickets, Action acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var ticket = random.Next(1, tickets + 1);
            var submission = Guid.NewGuid().ToString();
            var text = string.Create(CultureInfo.InvariantCulture, $"{name} answers {_acknowledged.Count + 1}");
            while (!await TryAnswerAsync(ticket, submission, text))
                await Task.Delay(Pause, CancellationToken.None);
            _acknowledged.Add(text);
            acknowledged();
            await Task.Delay(Pause, CancellationToken.None); // people read before they write
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> TryAnswerAsync(int ticket, string submission, string text)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("kind", "public"), new("text", text), new("submission", submission), new("anyway", "true"), new("__RequestVerificationToken", _token),
        ]);
        try
        {
            using var answer = await _client.Http.PostAsync(new Uri($"/agent/tickets/{ticket}/messages", UriKind.Relative), form);
            if (answer.StatusCode == HttpStatusCode.SeeOther && answer.Headers.Location?.OriginalString == $"/agent/tickets/{ticket}")
                return true;
            if ((int)answer.StatusCode < 500)
                throw new InvalidOperationException($"The answer was refused with {(int)answer.StatusCode} {answer.Headers.Location}: {await answer.Content.ReadAsStringAsync()}");
            return false;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
