using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>What the assistant says, read in a mail program.</summary>
public abstract class AssistantMailTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("en", "Nora · automatic answer:", "From: Returning a lamp", "From: 返品 (in Chinese)", "Answer here, or simply reply to this mail; a person reads on if you write that you want one.")]
    [InlineData("ru", "Nora · автоматический ответ:", "Источник: Returning a lamp", "Источник: 返品 (на китайском)", "Ответьте на этой странице или просто ответным письмом; напишите, что хотите говорить с человеком, и дальше ответит он.")]
    [InlineData("zh-Hans", "Nora · 自动回复:", "来源：Returning a lamp", "来源：返品 (中文)", "在此页面回复，或直接回复此邮件；如需人工客服，请在回复中说明。")]
    public async Task It_is_marked_names_its_sources_and_leads_to_where_it_is_answered(string language, string mark, string source, string foreign, string way)
    {
        await using var mail = await StartAsync();
        var ticket = await AskAsync(mail, language);

        await mail.Desk.SayAsAssistantAsync(ticket.Id, "Within **14 days**.", AssistantStory.Choices, channel: "email");

        var (sent, text, html) = await ArrivedAsync(mail);
        var desk = mail.Desk.Address.ToString().TrimEnd('/');
        var link = $"{desk}/t/{ticket.Token}?language={language}";
        text.ShouldStartWith(mark);
        text.ShouldContain($"{source}\n{desk}/help/nordlight/en/returns\n{foreign}\n{desk}/help/nordlight/zh-Hans/returns\n");
        text.ShouldContain("- Return an order\n- Exchange it <b>\n");
        text.ShouldContain($"{way}\n{link}\n");
        html.ShouldContain(mark);
        html.ShouldContain("Within <strong>14 days</strong>.");
        html.ShouldContain($"<a href=\"{desk}/help/nordlight/en/returns\">Returning a lamp</a>");
        html.ShouldContain("<li>Exchange it &lt;b&gt;</li>");
        var here = way.Split([',', '，'])[0].Split(" или ")[0];
        html.ShouldContain($"<a href=\"{link}\">{here}</a>{way[here.Length..]}");
        sent.Message.Headers.Value("From").ShouldNotBeNull().ShouldContain("Nora");
        sent.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-replied", "two machines shall not answer each other");
    }

    [Fact]
    public async Task A_form_lists_what_is_asked_and_what_a_person_goes_on_with_promises_no_other()
    {
        await using var mail = await StartAsync();
        var ticket = await AskAsync(mail, "en");
        await mail.Desk.SayAsAssistantAsync(ticket.Id, "Which order is it?", AssistantStory.Form, channel: "email");
        (await ArrivedAsync(mail)).Text.ShouldContain("- Order number\n- E-mail or phone?\n- Anything else\n\nAnswer here, or simply reply");

        await mail.Desk.SayAsAssistantAsync(ticket.Id, "A colleague reads on.", then: new ReplyAsAssistant.Consequence.HandOver(null, null, []), channel: "email");
        var handedOver = (await ArrivedAsync(mail, 2)).Text;
        handedOver.ShouldStartWith("Nora · automatic answer:");
        handedOver.ShouldNotContain("if you write that you want one");

        await mail.AnswerAsync(ticket.Id, "Anna here.");
        var (person, text, _) = await ArrivedAsync(mail, 3);
        text.ShouldNotContain("automatic answer");
        person.Message.Headers.Value("Auto-Submitted").ShouldBeNull();
    }

    [Fact]
    public async Task A_plain_answer_says_how_a_person_is_had()
    {
        await using var mail = await StartAsync();
        var ticket = await AskAsync(mail, "en");
        await mail.Desk.SayAsAssistantAsync(ticket.Id, "We open at nine.", channel: "email");
        (await ArrivedAsync(mail)).Text.ShouldContain("We open at nine.\n\nSimply reply to this mail; a person reads on if you write that you want one.\n");
    }

    private async Task<MailDesk> StartAsync()
    {
        var mail = await start(services => services.SilenceAssistant().Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
        await mail.Desk.LetAssistantAnswerAsync(settings => settings with { AnswersMail = true });
        return mail;
    }

    private static async Task<Ticket> AskAsync(MailDesk mail, string language)
    {
        var question = language switch { "ru" => "Здравствуйте! Можно ли вернуть лампу?", "zh-Hans" => "你好，台灯可以退货吗？", _ => "Hello, may I return the lamp?" };
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Lamp", question));
        var ticket = await mail.TicketAsync(raw.TicketId.ShouldNotBeNull());
        ticket.Language.ShouldBe(language);
        return ticket;
    }

    /// <summary>The answer with this number, once its time to be taken back has passed.</summary>
    private async Task<(SunkMail Sent, string Text, string Html)> ArrivedAsync(MailDesk mail, int number = 1)
    {
        await mail.UntilOutgoingAsync(mails => mails.Count(row => row.Kind == OutgoingKind.Answer) == number);
        mail.Pass(_clock, QueueMail.UndoTime + TimeSpan.FromSeconds(1));
        var sent = (await mail.Sink.ArrivedAsync(number + 1))[^1];
        return (sent, sent.Message.Body.Text.ReplaceLineEndings("\n"), sent.Message.Body.Html.ShouldNotBeNull());
    }
}

public sealed class AssistantMailOnSqliteTests() : AssistantMailTests(replace => MailDesk.StartAsync(null, replace));

public sealed class AssistantMailOnPostgresTests(PostgresServer server)
    : AssistantMailTests(async replace => await MailDesk.StartAsync(await server.CreateDatabaseAsync(typeof(AssistantMailOnPostgresTests), TestContext.Current.CancellationToken), replace));
