using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant;

/// <summary>What happened when one line of a story was said.</summary>
/// <param name="Said">What the assistant said to it; null when it said nothing.</param>
/// <param name="Articles">Keys of the articles it named as sources.</param>
internal sealed record PlayedTurn(DialogueTurn Line, AssistantTurn? Turn, Message? Said, IReadOnlyList<string> Articles, HandOverCause? Cause)
{
    /// <summary>Whether what the story says came true; the reason of a hand-over is told apart.</summary>
    public bool IsAsWritten => Line.Expected.All(expected => expected switch
    {
        ExpectedAnswer answer => Turn?.Kind == TurnKind.Answer && Articles.Any(article => answer.Articles.Contains(article, StringComparer.Ordinal)),
        ExpectedQuestion { Intents: ["something-else"] } => Turn?.Kind is TurnKind.Rephrase or TurnKind.Ask,
        ExpectedQuestion question => Turn?.Kind == TurnKind.Ask && Said?.Offer?.Choices.Any(choice => question.Intents.Contains(choice.Key[2..], StringComparer.Ordinal)) == true,
        ExpectedForm => Turn?.Kind == TurnKind.Collect,
        ExpectedCourtesy => Turn?.Kind == TurnKind.Courtesy,
        ExpectedHandOver => Turn?.Kind == TurnKind.HandOver,
        _ => Said is null && Turn is null,
    });

    public override string ToString() =>
        $"{(IsAsWritten ? "  " : "✗ ")}{Line.Text}\n      expected {string.Join(", ", Line.Expected)}\n      got {Turn?.Kind} {Turn?.Candidate} p={Turn?.Probability:0.00} [{string.Join(", ", Articles)}] {Cause} {Said?.Text.ReplaceLineEndings(" ")}";
}

internal sealed record PlayedDialogue(Dialogue Dialogue, IReadOnlyList<PlayedTurn> Turns);

/// <summary>Plays stories against the running program, each as a visitor of its own who writes in the widget.</summary>
internal sealed class DialoguePlayer(DeskServer server, IReadOnlyDictionary<string, Site> sites, IReadOnlyDictionary<(string Site, string Title), string> articleKeys)
{
    public async Task<PlayedDialogue> PlayAsync(Dialogue dialogue, CancellationToken cancellation)
    {
        var site = sites[dialogue.Site];
        using var widget = new Widget(server.Address, site.Key, dialogue.Language, $"https://{site.Domains[0]}");
        var (turns, ticket, seen) = (new List<PlayedTurn>(), 0L, 0L);
        foreach (var line in dialogue.Turns)
        {
            if (line.IsAgent)
            {
                await AnswerAsAgentAsync(ticket, line.Text, cancellation);
                continue;
            }

            var answer = await widget.SayAsync(line.Text);
            ticket = Widget.TicketOf(answer);
            var message = answer.GetProperty("message").GetProperty("id").GetInt64();
            var talk = await UntilHandledAsync(ticket, message, cancellation);
            var (turn, said) = await server.InDatabaseAsync(async database => (
                await database.Set<AssistantTurn>().AsNoTracking().FirstOrDefaultAsync(row => row.QuestionId == message, cancellation),
                await database.Set<Message>().AsNoTracking().Where(row => row.TicketId == ticket && row.Id > message && row.AuthorKind == ActorKind.Assistant).OrderBy(row => row.Id).FirstOrDefaultAsync(cancellation)));
            seen = Math.Max(seen, said?.Id ?? 0);
            turns.Add(new PlayedTurn(line, turn, said, [.. (said?.Offer?.Sources ?? []).Select(source => articleKeys.GetValueOrDefault((dialogue.Site, source.Title), source.Title))], turn is null ? null : talk?.Cause));
        }

        return new PlayedDialogue(dialogue, turns);
    }

    private async Task<AssistantTalk?> UntilHandledAsync(long ticket, long message, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var (talk, isWithAssistant) = await server.InDatabaseAsync(async database => (
                await database.Set<AssistantTalk>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket, cancellation),
                await database.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.IsWithAssistant).FirstAsync(cancellation)));
            if (talk is not null && (talk.HandledId >= message || !isWithAssistant))
                return talk;
            limit.Token.IsCancellationRequested.ShouldBeFalse($"ticket {ticket} was not answered");
            await Task.Delay(10, cancellation);
        }
    }

    private async Task AnswerAsAgentAsync(long ticket, string text, CancellationToken cancellation)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var member = await scope.ServiceProvider.GetRequiredService<Database>().Set<SiteDesk.Accounts.StaffMember>().AsNoTracking().FirstAsync(row => row.Role == Role.Owner, cancellation);
        var staff = new Staff(member.Id, member.DisplayName, member.Email!, Role.Owner, "en", "Etc/UTC", null, null, [], MasksContacts: false);
        var outcome = await scope.ServiceProvider.GetRequiredService<ReplyToTicket>().RunAsync(
            new ReplyToTicket.Request(ticket, MessageKind.Public, text, Guid.NewGuid().ToString("N")), staff, cancellation);
        outcome.Succeeded.ShouldBeTrue();
    }
}
