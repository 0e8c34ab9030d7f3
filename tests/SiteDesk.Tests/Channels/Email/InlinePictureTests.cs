using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Mail;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Pictures that stand in the text of an answer, wherever it is read.</summary>
public abstract class InlinePictureTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    // Two by one pixels.
    internal static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGP4z8DwH4QZYAwAR8oH+R1D/j4AAAAASUVORK5CYII=");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_picture_that_stands_in_the_text_is_shown_there_to_everybody_and_leaves_inside_of_the_mail()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Lamp", "Where is the switch?"));
        var ticket = await mail.TicketAsync(raw.TicketId.ShouldNotBeNull());
        var page = $"/agent/tickets/{ticket.Id}";
        var (shown, key) = await UploadAsync(mail.Owner, "switch \"A\".png", "image/png", Png);
        var (beside, _) = await UploadAsync(mail.Owner, "plan.png", "image/png", Png);
        var (paper, none) = await UploadAsync(mail.Owner, "manual.pdf", "application/pdf", "%PDF"u8.ToArray());
        key.ShouldBe(shown[..8]);
        none.ShouldBeNull("no picture");
        var text = $"Here it is:\n\n![the <switch>](picture:{key})\n\nPress it. ![gone](picture:AAAAAAAA)";

        // The preview shows it before it belongs to anything.
        var preview = await mail.Owner.PostFormAsync("/agent/preview", [new("text", text), new("files", $"{shown},{beside}")], page);
        (await preview.Content.ReadAsStringAsync()).ShouldContain($"<img src=\"/agent/files/{shown}\" alt=\"the &lt;switch&gt;\" width=\"2\" height=\"1\">");
        (await mail.Owner.GetAsync($"/agent/files/{shown}")).Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await mail.Owner.GetAsync($"/agent/files/{paper}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "what is no picture needs no preview");

        var answer = await mail.Owner.PostFormAsync($"{page}/messages",
            [new("kind", "reply"), new("text", text), new("submission", "s1"), new("anyway", "true"), new("files", beside), new("files", shown), new("files", paper)], page);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var desk = await mail.Owner.GetTextAsync(page);
        desk.ShouldContain($"<img src=\"/agent/files/{shown}\" alt=\"the &lt;switch&gt;\"");
        Regex.Count(desk, $"/agent/files/{shown}", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBe(1, "not listed below the text again");
        desk.ShouldContain($"/agent/files/{beside}");
        (await mail.Owner.GetTextAsync($"/t/{ticket.Token}")).ShouldContain($"<img src=\"/t/{ticket.Token}/files/{shown}\"");
        (await mail.Owner.GetAsync($"/t/{ticket.Token}/files/{shown}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var sent = (await mail.Sink.ArrivedAsync(2))[1].Message;
        Shape(sent.Root).ShouldBe("mixed(related(alternative(plain, html), png), png, pdf)");
        var inside = sent.Body.Attachments.Where(file => file.IsInline).ShouldHaveSingleItem();
        inside.Content.ToArray().ShouldBe(Png);
        inside.Name.ShouldNotBeNull().ShouldContain("switch");
        sent.Body.Html.ShouldNotBeNull().ShouldContain($"<img src=\"cid:{inside.ContentId}\" alt=\"the &lt;switch&gt;\" width=\"2\" height=\"1\">");
        sent.Body.Html.ShouldContain("Press it. gone");
        sent.Body.Html.ShouldNotContain("picture:");
        sent.Body.Text.ShouldStartWith("Here it is:\n\n[the <switch>]\n\nPress it. [gone]");
        sent.Body.Attachments.Where(file => !file.IsInline).Select(file => file.Name).ShouldBe(["plan.png", "manual.pdf"]);

        // Sent back with its quote, it is the customer's picture, and the thread goes on.
        var back = await mail.ReceiveAsync(
            $"From: Anna <anna@example.com>\nTo: {MailDesk.Address}\nSubject: Re: Lamp\nMessage-ID: <back@example.com>\nIn-Reply-To: <{sent.MessageId}>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
            + $"--b\nContent-Type: text/html\n\n<p>Which one?</p><img src=\"cid:mine@x\"><blockquote><p>Here it is:</p><img src=\"cid:{inside.ContentId}\"></blockquote>\n"
            + $"--b\nContent-Type: image/png\nContent-ID: <mine@x>\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String([.. Png, 0])}\n"
            + $"--b\nContent-Type: image/png\nContent-ID: <{inside.ContentId}>\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(Png)}\n--b--\n");
        (back.Outcome, back.TicketId).ShouldBe((MailOutcome.FollowUp, ticket.Id));
        var last = (await mail.MessagesAsync(ticket.Id))[^1];
        last.Text.ShouldStartWith("Which one?");
        last.Files.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_names_the_picture_of_another_message_and_customers_place_none()
    {
        await using var mail = await start(null);
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Lamp", "![x](picture:AAAAAAAA) <img src=\"picture:AAAAAAAA\" alt=\"\">"));
        var page = $"/agent/tickets/{raw.TicketId}";
        var (shown, key) = await UploadAsync(mail.Owner, "a.png", "image/png", Png);
        await mail.Owner.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", $"One ![a](picture:{key})"), new("submission", "s1"), new("anyway", "true"), new("files", shown)], page);
        await mail.Owner.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", $"Two ![stranger](picture:{key}) and **<img src=\"picture:{key}\" alt=\"\">**"), new("submission", "s2"), new("anyway", "true")], page);
        var desk = await mail.Owner.GetTextAsync(page);
        Regex.Count(desk, $"<img src=\"/agent/files/{shown}\"", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBe(1);
        desk.ShouldContain("Two stranger and");
        desk.ShouldContain("![x](picture:AAAAAAAA)", customMessage: "customers write plain text");
    }

    private static string Shape(MimePart part) => part.MediaType[(part.MediaType.IndexOf('/', StringComparison.Ordinal) + 1)..] + (part.Children.Count > 0 ? $"({string.Join(", ", part.Children.Select(Shape))})" : "");

    private static async Task<(string Token, string? Key)> UploadAsync(DeskClient client, string name, string type, byte[] content)
    {
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        form.Add(part, "file", Uri.EscapeDataString(name));
        part.Headers.ContentDisposition!.FileName = $"\"{name.Replace("\"", "'", StringComparison.Ordinal)}\"";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/agent/files", UriKind.Relative)) { Content = form };
        request.Headers.Add("X-Antiforgery-Token", await client.TokenAsync("/agent/tickets"));
        using var answer = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var kept = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (kept.RootElement.GetProperty("id").GetString()!, kept.RootElement.TryGetProperty("picture", out var picture) ? picture.GetString() : null);
    }
}

public sealed class InlinePictureOnSqliteTests() : InlinePictureTests(replace => MailDesk.StartAsync(null, replace));

public sealed class InlinePictureOnPostgresTests(PostgresServer server)
    : InlinePictureTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(InlinePictureOnPostgresTests), TestContext.Current.CancellationToken), replace));
