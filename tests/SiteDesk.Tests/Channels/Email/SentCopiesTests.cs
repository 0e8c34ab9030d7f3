using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>A mailbox that keeps copies of what is sent: what comes back proves that the server took a mail whose end nobody heard.</summary>
public abstract class SentCopiesTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Address = "orders@shop.example.com";

    private readonly ManualClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_goes_to_the_mailbox_is_named_in_no_field_and_comes_back_without_a_trace_among_the_mails()
    {
        await using var mail = await StartAsync();
        var (path, sent, bytes) = await ConfirmedAsync(mail);
        mail.Sink.Mails.ShouldHaveSingleItem().Recipients.ShouldBe(["anna@example.com", Address]);
        foreach (var field in new[] { "To", "Cc", "Bcc" })
            MimeMessage.Read(bytes).Addresses(field).ShouldNotContain(address => address.Address == Address);
        sent.Recipients.ShouldHaveSingleItem().State.ShouldBe(RecipientState.Accepted);

        var copy = await ReturnAsync(mail, path, bytes);
        (copy.Outcome, copy.State).ShouldBe((MailOutcome.Copy, RawMailState.Done));
        (await mail.Desk.InDatabaseAsync(database => database.Set<RawMailContent>().CountAsync(content => content.RawMailId == copy.Id))).ShouldBe(0, "the mail is in its mailbox");
        (await mail.Owner.GetTextAsync("/agent/mail-log")).ShouldNotContain(copy.Subject);
        (await mail.Desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(1);
        (await mail.OutgoingAsync()).ShouldHaveSingleItem().ReturnedAt.ShouldBeNull("nothing was in doubt");
    }

    [Fact]
    public async Task A_mail_in_doubt_whose_copy_came_back_is_sent_and_does_not_leave_again()
    {
        await using var mail = await StartAsync();
        var (path, sent, bytes) = await ConfirmedAsync(mail);
        await DoubtAsync(mail, sent.Id);
        await ReturnAsync(mail, path, bytes);
        (await mail.OutgoingAsync())[0].State.ShouldBe(OutgoingState.Sending, "the try may still be under way");
        _clock.Advance(SendMail.LongestTry + TimeSpan.FromSeconds(1));
        await RecoverAsync(mail);
        var known = (await mail.OutgoingAsync())[0];
        (known.State, known.LastAnswer, known.Recipients[0].State).ShouldBe((OutgoingState.Sent, "copy-returned", RecipientState.Accepted));
        mail.Sink.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_in_doubt_waits_until_its_mailbox_was_looked_through_or_an_hour_is_over()
    {
        await using var mail = await StartAsync();
        var (_, sent, _) = await ConfirmedAsync(mail);
        await DoubtAsync(mail, sent.Id);
        _clock.Advance(SendMail.LongestTry + TimeSpan.FromSeconds(1));
        await RecoverAsync(mail);
        (await mail.OutgoingAsync())[0].State.ShouldBe(OutgoingState.Sending, "its mailbox was not fetched since");

        var fetched = _clock.GetUtcNow().UtcDateTime;
        await mail.Desk.InDatabaseAsync(database => database.Set<MailboxState>().ExecuteUpdateAsync(set => set.SetProperty(state => state.FetchedAt, fetched)));
        await RecoverAsync(mail);
        await mail.Sink.ArrivedAsync(2);
        await mail.UntilOutgoingAsync(mails => mails[0].State == OutgoingState.Sent);

        await DoubtAsync(mail, sent.Id);
        await mail.Desk.InDatabaseAsync(database => database.Set<OutgoingMail>().ExecuteUpdateAsync(set => set.SetProperty(row => row.UnknownEnds, 0)));
        _clock.Advance(SentCopies.LongestWait);
        await RecoverAsync(mail);
        await mail.Sink.ArrivedAsync(3);
    }

    [Fact]
    public async Task A_copy_speaks_only_for_receivers_the_server_had_taken_and_notes_are_tidied()
    {
        await using var mail = await StartAsync();
        var (path, sent, bytes) = await ConfirmedAsync(mail);
        await DoubtAsync(mail, sent.Id, new MailRecipient("anna@example.com", "", RecipientField.To), new MailRecipient("full@example.com", "", RecipientField.Cc));
        var words = mail.Desk.Services.GetRequiredService<ServerWords>();
        var inDoubt = (await mail.OutgoingAsync())[0];
        words.NoteTaken(inDoubt, [inDoubt.Recipients[0] with { State = RecipientState.Accepted }, inDoubt.Recipients[1] with { State = RecipientState.Refused, Answer = "552 full" }]);
        (await words.TidyAsync(ids => Task.FromResult<IReadOnlySet<long>>(ids.ToHashSet()))).ShouldBe(0);
        await ReturnAsync(mail, path, bytes);
        _clock.Advance(SendMail.LongestTry + TimeSpan.FromSeconds(1));
        await RecoverAsync(mail);
        var known = (await mail.OutgoingAsync())[0];
        (known.State, known.Recipients[0].State, known.Recipients[1].State).ShouldBe((OutgoingState.Sent, RecipientState.Accepted, RecipientState.Refused));
        mail.Sink.Mails.Count.ShouldBe(1);

        words.Note(known);
        (await words.TidyAsync(_ => Task.FromResult<IReadOnlySet<long>>(new HashSet<long>()))).ShouldBe(1);
        words.RecallTaken(known).ShouldBeNull();
    }

    [Theory]
    [InlineData("Here: [cid:a@x]\nEnd", null, "Here: ![plan](picture:AbCdEfGh)\nEnd")]
    [InlineData("Here: [image: plan.png]", null, "Here: ![plan](picture:AbCdEfGh)")]
    [InlineData("Look", "<p>Look</p><img src=\"cid:a@x\"><blockquote>old</blockquote>", "Look\n\n![plan](picture:AbCdEfGh)")]
    [InlineData("Look", "<p>Look</p><blockquote><img src=\"cid:a@x\"></blockquote>", "Look")]
    [InlineData("Look", null, "Look")]
    public void A_colleague_s_picture_is_placed_where_their_program_says(string text, string? html, string placed) =>
        PlacedPictures.Place(text, html, [(new MailAttachment("plan.png", "image/png", "a@x", true, default), "AbCdEfGh")]).ShouldBe(placed);

    private Task<MailDesk> StartAsync() => start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    /// <summary>A mailbox that keeps copies, and a request to it that was confirmed. Nobody listens on its incoming port: mail is posted.</summary>
    private static async Task<(string Path, OutgoingMail Sent, byte[] Bytes)> ConfirmedAsync(MailDesk mail)
    {
        var path = await mail.AddMailboxAsync(Address, 1, new("KeepsCopies", "true"), new("IncomingHost", "127.0.0.1"), new("IncomingPort", "1"), new("IncomingSecurity", "None"));
        await mail.ReceiveAsync(MailDesk.Letter("Lamp", "Where is it?", to: Address), path);
        var sent = await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sent }]);
        return (path, sent[0], (await mail.Sink.ArrivedAsync(1))[0].Message.Raw.ToArray());
    }

    /// <summary>As if the program had been killed after the last byte and before the server's word.</summary>
    private async Task DoubtAsync(MailDesk mail, long id, params MailRecipient[] recipients)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        await mail.Desk.InDatabaseAsync(async database =>
        {
            var row = await database.Set<OutgoingMail>().FirstAsync(found => found.Id == id);
            (row.State, row.SentAt, row.ClaimedAt) = (OutgoingState.Sending, null, now);
            row.Recipients = recipients.Length > 0 ? [.. recipients] : row.Recipients.ConvertAll(recipient => recipient with { State = RecipientState.Waiting });
            return await database.SaveChangesAsync();
        });
    }

    private static Task<RawMail> ReturnAsync(MailDesk mail, string path, byte[] bytes) =>
        mail.ReceiveAsync("Received: from mx.shop.example.com\n" + System.Text.Encoding.UTF8.GetString(bytes), path);

    private static async Task RecoverAsync(MailDesk mail)
    {
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SendMail>().RecoverAsync(Cancellation);
    }
}

public sealed class SentCopiesOnSqliteTests() : SentCopiesTests(replace => MailDesk.StartAsync(null, replace));

public sealed class SentCopiesOnPostgresTests(PostgresServer server)
    : SentCopiesTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SentCopiesOnPostgresTests), TestContext.Current.CancellationToken), replace));
