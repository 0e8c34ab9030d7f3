using System.Globalization;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Demo;

/// <summary>
/// Plays a story on the ticket's own methods, so that history, status, counters and search words come about as they do
/// when people work.
/// </summary>
internal sealed class DemoTickets(DemoScript script, DemoCast cast, MessageComposer composer, FileStore files, DemoAssistant assistant, Database database)
{
    /// <summary>The ticket and what was said in it. Neither is stored yet.</summary>
    public async Task<(Ticket Ticket, List<Message> Messages)> PlayAsync(DemoStory story, CancellationToken cancellation)
    {
        var conversation = story.Conversation;
        var customer = cast.Customers[story.Customer.Key];
        var ticket = new Ticket
        {
            Token = Tokens.New(),
            SiteId = cast.Sites[conversation.Site].Id,
            CustomerId = customer.Id,
            Channel = story.Channel,
            Subject = conversation.Subject ?? FirstWords(story.Steps[0].Line.Text),
            Language = conversation.Language,
            CreatedAt = story.BeganAt,
            UpdatedAt = story.BeganAt,
        };
        var messages = new List<Message>();
        foreach (var (step, index) in story.Steps.Select((step, index) => (step, index)))
        {
            if (step.Line.IsByAssistant)
            {
                messages.Add(await SpeakAsync(ticket, story, index, messages[^1], cancellation));
                continue;
            }

            var actor = step.Line.IsByCustomer ? Actor.Customer(customer.Id, customer.DisplayName) : cast.Staff[step.Line.Who];
            if (step.Line.Kind == DemoLineKind.Sets)
            {
                Set(ticket, step.Line.Text, actor, step.At);
                continue;
            }

            if (!step.Line.IsByCustomer)
                TakeUp(ticket, conversation, actor, step);
            var message = await ComposeAsync(ticket, story, index, actor, cancellation);
            messages.Add(message);
            ticket.Received(message);
            if (index == 0 && conversation.Talk is not null)
                ticket.GiveToAssistant(step.At);
            Move(ticket, step, actor, isFirst: index == 0, isLast: index == story.Steps.Count - 1, conversation.Status);
        }

        Finish(ticket, story);
        return (ticket, messages);
    }

    /// <summary>The assistant answers, and gives the ticket to a person where the script says so.</summary>
    private async Task<Message> SpeakAsync(Ticket ticket, DemoStory story, int index, Message question, CancellationToken cancellation)
    {
        var (at, line) = story.Steps[index];
        var (actor, speech) = (assistant.ActorIn(story.Conversation.Language), assistant.Speak(story, line, question.Text));
        var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
            MessageKind.Public, actor, ClientIdOf(story, index), speech.Text, story.Channel, IsMarkdown: true, Offer: speech.Offer), at, cancellation);
        if (!composed.Succeeded)
            throw new InvalidOperationException($"Conversation {story.Conversation.Number}, line {index}: {composed.Problems[0].Text}");
        ticket.Received(composed.Value);
        if (speech.Kind == TurnKind.HandOver)
            ticket.HandOverToPerson(actor, at);
        assistant.Note(story, speech, question, composed.Value);
        return composed.Value;
    }

    private static string ClientIdOf(DemoStory story, int index) =>
        $"demo-{story.Conversation.Number.ToString(CultureInfo.InvariantCulture)}-{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What an agent does before the first word: puts the ticket where it belongs, one click after the other.</summary>
    private void TakeUp(Ticket ticket, DemoConversation conversation, Actor agent, DemoStep step)
    {
        var at = step.At.AddSeconds(-9);
        if (conversation.Talk is not null)
            ticket.TakeFromAssistant(agent, at);
        ticket.HandTo(ticket.TeamId ?? cast.Teams[conversation.Team], agent, at);
        if (step.Line.Kind == DemoLineKind.Says && (ticket.AssigneeId is null || step.Line.Who == conversation.Agent))
            ticket.Assign(agent.Id, agent, at = at.AddSeconds(1));
        foreach (var tag in conversation.Tags)
            ticket.Tag(tag, agent, at = at.AddSeconds(1));
        if (conversation.Field is { } value)
            ticket.SetField(cast.Fields[conversation.Site], value, agent, at = at.AddSeconds(1));
        if (ticket.Priority == TicketPriority.Normal)
            ticket.SetPriority(Enum.Parse<TicketPriority>(conversation.Priority, ignoreCase: true), agent, at.AddSeconds(1));
    }

    private async Task<Message> ComposeAsync(Ticket ticket, DemoStory story, int index, Actor author, CancellationToken cancellation)
    {
        var (at, line) = story.Steps[index];
        var isNote = line.Kind == DemoLineKind.Notes;
        var mentioned = isNote ? line.Mentions.Select(key => cast.Staff[key]).ToList() : [];
        var tokens = await KeepFilesAsync(line, cancellation);
        var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
            isNote ? MessageKind.Note : MessageKind.Public, author,
            ClientIdOf(story, index),
            WithNames(line.IsByCustomer ? assistant.WordsOf(line, story.Conversation.Language) : line.Text, line.Mentions), line.IsByCustomer ? story.Channel : "workspace", tokens,
            Report: index == 0 ? ReportOf(story) : null,
            MentionedIds: mentioned.ConvertAll(colleague => colleague.Id!.Value),
            AlsoSearched: index == 0 ? $"{ticket.Subject}\n{story.Conversation.Field}" : ""), at, cancellation);
        if (!composed.Succeeded)
            throw new InvalidOperationException($"Conversation {story.Conversation.Number}, line {index}: {composed.Problems[0].Text}");
        foreach (var colleague in mentioned)
            ticket.Follow(colleague.Id!.Value);
        return composed.Value;
    }

    /// <returns>Tokens of the files sent with a line, stored as every upload is.</returns>
    private async Task<List<string>> KeepFilesAsync(DemoLine line, CancellationToken cancellation)
    {
        var tokens = new List<string>();
        foreach (var name in line.Files)
        {
            var (content, type) = DemoFiles.Make(name, line.Text);
            var kept = await files.KeepAsync(new MemoryStream(content), name, type, cancellation);
            if (!kept.Succeeded)
                throw new InvalidOperationException($"{name}: {kept.Problems[0].Text}");
            tokens.Add(kept.Value.Token);
        }

        if (tokens.Count > 0)
            await database.SaveChangesAsync(cancellation);
        return tokens;
    }

    /// <summary>In the script colleagues are named by key, in the workspace by name.</summary>
    private string WithNames(string text, IEnumerable<string> mentions) =>
        mentions.Aggregate(text, (whole, key) => whole.Replace($"@{key}", $"@{cast.Staff[key].Name}", StringComparison.Ordinal));

    private ProblemReport? ReportOf(DemoStory story)
    {
        if (story.Conversation.Problem is not { } problem)
            return null;
        var site = script.Sites.First(site => site.Key == story.Conversation.Site);
        return new ProblemReport
        {
            Page = $"https://{site.Domain}{story.Conversation.Page}",
            Browser = DemoCustomers.UserAgentOf(story.Customer.Browser),
            Screen = problem.Screen,
            Language = story.Conversation.Language == Languages.Chinese ? "zh-CN" : story.Conversation.Language,
            Time = story.BeganAt.ToString("O", CultureInfo.InvariantCulture),
            Errors = problem.Errors,
            FailedRequests = problem.FailedRequests,
        };
    }

    /// <summary>The status follows the last word: the customer's opens, the agent's waits for the customer or solves.</summary>
    private static void Move(Ticket ticket, DemoStep step, Actor actor, bool isFirst, bool isLast, string ends)
    {
        if (step.Line.IsByCustomer && !isFirst)
            ticket.ReopenFor(actor, step.At);
        else if (!step.Line.IsByCustomer && step.Line.Kind == DemoLineKind.Says)
            ticket.SetStatus(isLast && ends is ("solved" or "closed") ? StandardStatus.Solved : StandardStatus.Pending, null, actor, step.At);
    }

    /// <exception cref="FormatException">The script sets something unknown.</exception>
    private void Set(Ticket ticket, string what, Actor by, DateTime at)
    {
        switch (what.Split(' ', 2))
        {
            case ["assignee", var key]:
                ticket.Assign(cast.Staff[key].Id, by, at);
                break;
            case ["team", var key]:
                ticket.HandTo(cast.Teams[key], by, at);
                break;
            case ["tag", var name]:
                ticket.Tag(name, by, at);
                break;
            case ["priority", var name]:
                ticket.SetPriority(Enum.Parse<TicketPriority>(name, ignoreCase: true), by, at);
                break;
            default:
                throw new FormatException($"A conversation cannot set “{what}”.");
        }
    }

    private void Finish(Ticket ticket, DemoStory story)
    {
        var conversation = story.Conversation;
        var last = story.Steps[^1];
        if (conversation.Talk is { IsSolved: true } talk)
        {
            // At once when the customer says so; after a day of silence otherwise.
            ticket.SetStatus(StandardStatus.Solved, null, assistant.ActorIn(conversation.Language), talk.IsConfirmed ? last.At : last.At.AddHours(24));
            return;
        }

        var agent = ticket.AssigneeId is { } id ? cast.Staff.Values.First(actor => actor.Id == id) : AnyoneSpeaking(conversation.Language);
        var soon = last.At.AddMinutes(last.Line.IsByCustomer ? 4 : 0);
        switch (conversation.Status)
        {
            case "solved":
                ticket.SetStatus(StandardStatus.Solved, null, agent, soon);
                break;
            case "closed":
                ticket.SetStatus(StandardStatus.Solved, null, agent, soon);
                ticket.SetStatus(StandardStatus.Closed, null, agent, soon.AddDays(14));
                break;
            case "on-hold":
                ticket.SetStatus(StandardStatus.OnHold, conversation.Team == "delivery" ? cast.AtWarehouse : null, agent, soon.AddSeconds(40));
                break;
            case "junk":
                ticket.MarkJunk("manual", agent, last.At.AddMinutes(35));
                break;
        }
    }

    private Actor AnyoneSpeaking(string language) =>
        cast.Staff[script.People.First(person => person.Interface == language && person.Role is ("agent" or "lead")).Key];

    private static string FirstWords(string text)
    {
        const int longest = 90;
        if (text.Length <= longest)
            return text;
        var space = text.LastIndexOf(' ', longest);
        return string.Concat(text.AsSpan(0, space > longest / 2 ? space : longest), "…");
    }
}
