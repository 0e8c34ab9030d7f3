using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Several mails in one transaction come out as if each had been read by itself.</summary>
public abstract class ReadingTogetherTests(Func<Task<MailDesk>> start)
{
    [Fact]
    public async Task Mails_that_wait_together_thread_repeat_and_break_as_they_would_alone()
    {
        await using var mail = await start();
        List<string> letters =
        [
            MailDesk.Letter("One", "First question about my order", id: "m1"),
            MailDesk.Letter("Re: One", "And one more thing about it", fields: "References: <m1@example.com>\n", id: "m2"),
            "Received: elsewhere\n" + MailDesk.Letter("One", "First question about my order", id: "m1"),
            MailDesk.Letter("Two", "Somebody else has a question", "Boris <boris@example.com>", id: "m3"),
            "Subject: nobody\n\nfrom no one",
            WithFile("m4"),
            MailDesk.Letter("Three", "The same person has another question", "Boris <boris@example.com>", id: "m5"),
        ];
        var read = await TakeInAsync(mail, letters);

        read.ConvertAll(row => row.Outcome).ShouldBe([MailOutcome.Ticket, MailOutcome.FollowUp, MailOutcome.Repeat, MailOutcome.Ticket, MailOutcome.NoSender, MailOutcome.Ticket, MailOutcome.Ticket]);
        read[1].TicketId.ShouldBe(read[0].TicketId);
        read[2].TicketId.ShouldBe(read[0].TicketId);
        (await mail.MessagesAsync(read[5].TicketId!.Value)).ShouldHaveSingleItem().Files.ShouldHaveSingleItem().File.Name.ShouldBe("list.csv");
        var (three, two) = (await mail.TicketAsync(read[6].TicketId!.Value), await mail.TicketAsync(read[3].TicketId!.Value));
        three.CustomerId.ShouldBe(two.CustomerId, "the customer the mail before has made");
        (await mail.OutgoingAsync()).Count(row => row.Kind == OutgoingKind.Confirmation).ShouldBe(4);
    }

    [Fact]
    public async Task A_mail_that_breaks_is_put_aside_alone_and_those_around_it_become_tickets_once()
    {
        await using var mail = await start();
        await RefuseAsync(mail);
        var letters = Enumerable.Range(1, 5).Select(number => MailDesk.Letter(number == 3 ? "Broken" : $"Question {number}", $"Question number {number}", $"person{number}@example.com", id: $"c{number}")).ToList();
        var read = await TakeInAsync(mail, letters);

        read.ConvertAll(row => row.State).ShouldBe([RawMailState.Done, RawMailState.Done, RawMailState.Quarantined, RawMailState.Done, RawMailState.Done]);
        read[2].Outcome.ShouldBe(MailOutcome.Failed);
        read[2].Step.ShouldBe("ticket");
        read[2].Reason.ShouldNotBeNullOrEmpty();
        (await mail.Desk.InDatabaseAsync(database => database.Set<SiteDesk.Tickets.Ticket>().CountAsync())).ShouldBe(4);
        (await mail.OutgoingAsync()).Count.ShouldBe(4, "nobody is confirmed twice");
    }

    /// <summary>The database refuses tickets with the subject "Broken".</summary>
    private static Task<int> RefuseAsync(MailDesk mail) => mail.Desk.InDatabaseAsync(database => database.Engine == DatabaseEngine.Sqlite
        ? database.Database.ExecuteSqlRawAsync("CREATE TRIGGER refuse BEFORE INSERT ON tickets_tickets WHEN NEW.\"Subject\" = 'Broken' BEGIN SELECT RAISE(ABORT, 'refused'); END")
        : database.Database.ExecuteSqlRawAsync("ALTER TABLE tickets_tickets ADD CONSTRAINT refuse CHECK (\"Subject\" <> 'Broken')"));

    /// <summary>Stores mails so that they wait together, and lets them be read.</summary>
    private static async Task<List<RawMail>> TakeInAsync(MailDesk mail, List<string> letters, Func<int, string>? mailboxOf = null)
    {
        var bytes = letters.ConvertAll(letter => Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n")));
        var hashes = bytes.ConvertAll(raw => MailHashes.OfContent(raw));
        await mail.Desk.InDatabaseAsync(async database =>
        {
            var mailboxes = await database.Set<Mailbox>().AsNoTracking().ToListAsync();
            for (var number = 0; number < bytes.Count; number++)
            {
                var mailbox = mailboxes.First(row => row.AddressKey == (mailboxOf?.Invoke(number) ?? MailDesk.Address));
                database.Add(new RawMail
                {
                    MailboxId = mailbox.Id, SiteId = mailbox.SiteId, ReceivedAt = mail.Desk.Services.GetRequiredService<TimeProvider>().Now(), Size = bytes[number].Length, ContentHash = hashes[number],
                    Content = new RawMailContent { Bytes = bytes[number] },
                });
            }

            return await database.SaveChangesAsync();
        });
        mail.Desk.Services.GetRequiredService<WakeSignal<MailProcessor>>().Wake();
        foreach (var hash in hashes)
            await mail.UntilReadAsync(hash);
        return await mail.Desk.InDatabaseAsync(database => database.Set<RawMail>().AsNoTracking().Where(row => hashes.Contains(row.ContentHash)).OrderBy(row => row.Id).ToListAsync());
    }

    private static string WithFile(string id) =>
        $"From: Dora <dora@example.com>\nTo: {MailDesk.Address}\nSubject: Four\nDate: Tue, 05 Mar 2024 10:00:00 +0000\nMessage-ID: <{id}@example.com>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        + "--b\nContent-Type: text/plain\n\nHere is my list\n--b\nContent-Type: text/csv; name=list.csv\nContent-Disposition: attachment; filename=list.csv\n\na,b\n--b--\n";
}

public sealed class ReadingTogetherOnSqliteTests() : ReadingTogetherTests(() => MailDesk.StartAsync());

public sealed class ReadingTogetherOnPostgresTests(PostgresServer server)
    : ReadingTogetherTests(async () => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReadingTogetherOnPostgresTests), TestContext.Current.CancellationToken)));
