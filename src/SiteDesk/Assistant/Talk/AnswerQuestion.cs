using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Channels.Chat;
using SiteDesk.Channels.Email;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>
/// Answers what a customer has written since the last answer. The message, what is remembered and the turn are stored together; a repeat
/// after a crash finds the message there and says nothing again.
/// </summary>
internal sealed class AnswerQuestion(
    Database database, LiveKnowledge knowledge, SiteDirectory sites, TalkEngine engine, WordReply word, ReplyAsAssistant reply, TextCatalog texts, TimeProvider time)
{
    /// <summary>Messages that are read as one: who writes in short lines means them together.</summary>
    private const int MostAtOnce = 20;

    private const int Tries = 5;

    /// <summary>Answers, or finds that there is nothing to answer any more.</summary>
    public async Task RunAsync(long ticketId, CancellationToken cancellation)
    {
        while (await SituationAsync(ticketId, cancellation) is { } situation)
        {
            var said = await word.RunAsync(situation, await engine.ReplyAsync(situation, cancellation), cancellation);
            if (await StoreAsync(situation, said, cancellation))
                return;
            // More was written while the answer was made: it is read as well.
            database.ChangeTracker.Clear();
        }
    }

    /// <summary>The assistant was not able to answer: the conversation is a person's.</summary>
    public async Task GiveUpAsync(long ticketId, CancellationToken cancellation)
    {
        database.ChangeTracker.Clear();
        var talk = await database.Set<AssistantTalk>().AsNoTracking().FirstAsync(row => row.TicketId == ticketId, cancellation);
        var ticket = await TicketAsync(ticketId, cancellation);
        if (await sites.FindAsync(talk.SiteId, cancellation) is not { } site || await HeardAsync(talk, cancellation) is not { Count: > 0 } heard)
        {
            // Nobody's question: left waiting, it would be taken up again and again, and keep others from their turn.
            await CloseAsync(ticketId, talk.HeardId, ticket.IsWithAssistant, cancellation);
            return;
        }

        var now = time.Now();
        var timeZone = TimeZones.Find(ticket.Customer!.TimeZone ?? site.Hours.TimeZone);
        var words = new TalkWords(new Texts(texts, talk.Language, timeZone));
        var goesOn = Handing.WhoGoesOn(words, timeZone, site.Hours.IsOpenAt(now), site.Hours.NextOpening(now), ticket.Customer.Contacts.Count > 0);
        var said = new TalkReply
        {
            Kind = TurnKind.HandOver,
            Language = talk.Language,
            Text = ticket.Channel != ChatModule.Channel ? "" : words["cause.silent"] + "\n\n" + goesOn,
            Memory = talk.Memory,
            Cause = HandOverCause.Silent,
        };
        await database.AgainOnConflictAsync(Tries, () => database.InTransactionAsync(
            () => StoreOnceAsync(site, ticket, heard, number: 0, said, cancellation), cancellation), cancellation);
    }

    /// <returns>Null when nothing waits.</returns>
    private async Task<TalkSituation?> SituationAsync(long ticketId, CancellationToken cancellation)
    {
        var talk = await database.Set<AssistantTalk>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticketId, cancellation);
        if (talk is not { IsWaiting: true } || await sites.FindAsync(talk.SiteId, cancellation) is not { } site)
            return null;
        var heard = await HeardAsync(talk, cancellation);
        var ticket = await TicketAsync(ticketId, cancellation);
        if (heard.Count == 0 || !ticket.IsWithAssistant)
        {
            await CloseAsync(ticketId, talk.HeardId, ticket.IsWithAssistant, cancellation);
            return null;
        }

        var now = time.Now();
        return new TalkSituation(
            site, ticket, talk.Language, talk.Memory, heard, ticket.Channel == ChatModule.Channel || heard[^1].Choice is not null, site.Hours.IsOpenAt(now),
            site.Hours.NextOpening(now), ticket.Customer!.Contacts.Count > 0, TimeZones.Find(ticket.Customer.TimeZone ?? site.Hours.TimeZone),
            heard[^1].Choice is { Key: MessageChoice.Person } ? knowledge.Find(site.Id) : await knowledge.ReadAsync(site.Id, cancellation));
    }

    private Task<Ticket> TicketAsync(long ticketId, CancellationToken cancellation) =>
        database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Tags).Include(ticket => ticket.Followers)
            .Include(ticket => ticket.Customer).ThenInclude(customer => customer!.Contacts).AsSplitQuery().FirstAsync(ticket => ticket.Id == ticketId, cancellation);

    private async Task<List<HeardMessage>> HeardAsync(AssistantTalk talk, CancellationToken cancellation)
    {
        var heard = await database.Set<Message>().AsNoTracking()
            .Where(message => message.TicketId == talk.TicketId && message.Id > talk.HandledId && message.Kind == MessageKind.Public && message.AuthorKind == ActorKind.Customer)
            // What a customer's machine wrote ("I am away until Monday") is nobody's question.
            .Where(message => !database.Set<MessageMail>().Any(mail => mail.MessageId == message.Id && mail.AutomaticReason != null))
            .OrderByDescending(message => message.Id).Take(MostAtOnce).Select(message => new { message.Id, message.Text, message.Choice, HasFiles = message.Files.Any() }).ToListAsync(cancellation);
        heard.Reverse();
        return heard.ConvertAll(message => new HeardMessage(message.Id, message.Text, message.Choice, message.HasFiles));
    }

    /// <summary>There is nothing to say: nothing was written, or a person has the conversation.</summary>
    private async Task CloseAsync(long ticketId, long heardId, bool isWithAssistant, CancellationToken cancellation) =>
        await database.AgainOnConflictAsync(Tries, async () =>
        {
            var talk = await database.Set<AssistantTalk>().FirstAsync(row => row.TicketId == ticketId, cancellation);
            if (!isWithAssistant)
                talk.TakeOver(time.Now());
            talk.Handle(heardId);
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);

    /// <returns>False when more was written meanwhile, and nothing was said.</returns>
    private Task<bool> StoreAsync(TalkSituation situation, TalkReply said, CancellationToken cancellation) =>
        database.AgainOnConflictAsync(Tries, () => database.InTransactionAsync(
            () => StoreOnceAsync(situation.Site, situation.Ticket, situation.Heard, situation.Known?.Model.Number ?? 0, said, cancellation), cancellation), cancellation);

    private async Task<bool> StoreOnceAsync(Site site, Ticket ticket, IReadOnlyList<HeardMessage> heard, int number, TalkReply said, CancellationToken cancellation)
    {
        var now = time.Now();
        var answeredId = heard[^1].Id;
        var talk = await database.Set<AssistantTalk>().FirstAsync(row => row.TicketId == ticket.Id, cancellation);
        var outcome = await reply.RunAsync(
            new ReplyAsAssistant.Request(
                ticket.Id, answeredId, NameAt(site, said.Language), said.Text, string.Create(CultureInfo.InvariantCulture, $"assistant:{answeredId}"), ticket.Channel, said.Offer, ConsequenceOf(said)),
            cancellation);
        if (!outcome.Succeeded)
        {
            if (outcome.Problems.Any(problem => problem.Text == ReplyAsAssistant.Moved))
                return false;
            if (outcome.Problems.All(problem => problem.Text != ReplyAsAssistant.NotItsTurn))
                throw new InvalidOperationException($"The answer was refused: {string.Join(", ", outcome.Problems.Select(problem => problem.Text))}");
            talk.TakeOver(now);
            talk.Handle(answeredId);
            await database.SaveChangesAsync(cancellation);
            return true;
        }

        var heardAt = talk.HeardAt;
        await JudgeLastAsync(ticket.Id, said.Helped, cancellation);
        await KeepContactAsync(ticket.CustomerId, said, cancellation);
        talk.Language = said.Language;
        talk.Memory = said.Memory;
        talk.Handle(answeredId);
        talk.AnsweredAt = said.Kind is TurnKind.Answer or TurnKind.Action ? now : null;
        if (said.Cause is { } cause)
            talk.HandOver(cause, now);
        else if (said.IsSolved)
            talk.Solve(TalkResolution.Confirmed, now);
        if (!outcome.Value.IsRepeat && !await database.Set<AssistantTurn>().AnyAsync(row => row.QuestionId == answeredId, cancellation))
            database.Add(TurnOf(ticket.Id, site.Id, answeredId, outcome.Value.Message?.Id, number, said, heardAt, now));
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    private static AssistantTurn TurnOf(long ticketId, long siteId, long questionId, long? replyId, int number, TalkReply said, DateTime heardAt, DateTime now) => new()
    {
        TicketId = ticketId,
        SiteId = siteId,
        QuestionId = questionId,
        ReplyId = replyId,
        At = now,
        Kind = said.Kind,
        Language = said.Language,
        Candidate = said.Candidate,
        ArticleId = said.ArticleId,
        Probability = said.Probability,
        KnowledgeNumber = number,
        Milliseconds = (int)Math.Clamp((now - heardAt).TotalMilliseconds, 0, int.MaxValue),
        IsOpen = said.IsToTeach,
    };

    /// <summary>What the customer says of an answer is noted with it; one that did not help is to be taught.</summary>
    private async Task JudgeLastAsync(long ticketId, bool? helped, CancellationToken cancellation)
    {
        if (helped is not { } verdict)
            return;
        var last = await database.Set<AssistantTurn>().Where(row => row.TicketId == ticketId && row.Kind == TurnKind.Answer).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellation);
        if (last is null)
            return;
        last.Helped = verdict;
        last.IsOpen |= !verdict;
    }

    /// <summary>An address given here is claimed, as one given in the widget is.</summary>
    private async Task KeepContactAsync(long customerId, TalkReply said, CancellationToken cancellation)
    {
        var given = new[] { Slot.Contact, Slot.Phone }.Select(slot => said.Memory.Facts.GetValueOrDefault(slot)).OfType<string>()
            .Select(value => ContactAddress.Parse(value, ContactAddress.CountryOf(said.Language))).OfType<ContactAddress>().ToList();
        if (given.Count == 0)
            return;
        var customer = await database.Set<Customer>().Include(row => row.Contacts).FirstAsync(row => row.Id == customerId, cancellation);
        foreach (var contact in given)
            customer.AddContact(contact, time.Now());
    }

    private static ReplyAsAssistant.Consequence ConsequenceOf(TalkReply said) => said switch
    {
        { Cause: { } cause } => new ReplyAsAssistant.Consequence.HandOver(Handing.PriorityOf(cause), said.TeamId, said.Tags),
        { IsSolved: true } => new ReplyAsAssistant.Consequence.Solve(),
        _ => new ReplyAsAssistant.Consequence.Stay(),
    };

    private string NameAt(Site site, string language) =>
        site.Assistant.Name.GetValueOrDefault(language) is { Length: > 0 } own ? own : texts.Get(language, "assistant.name");
}
