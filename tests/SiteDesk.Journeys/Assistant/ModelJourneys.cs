using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;

namespace SiteDesk.Journeys.Assistant;

/// <summary>An owner connects a language model, an agent has a conversation and a reply translated. The model is a server on this machine.</summary>
public sealed class ModelJourneys(SharedBrowser browser) : IAsyncLifetime
{
    const string Settings = "/agent/settings/assistant/model";

    WebApplication _model = null!;
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _model = builder.Build();
        _model.Run(Answer);
        await _model.StartAsync();
        _desk = await DeskAtWork.Start("--model-networks", "127.0.0.1");
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _model.StopAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task An_owner_connects_a_model_and_sees_step_by_step_that_it_works()
    {
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await Connect(visit);
        await page.ClickAsync("button:has-text('Test the connection')");
        await page.WaitForSelectorAsync("#model-test .test-steps li:nth-child(3)");
        (await page.Locator("#model-test .error").CountAsync()).ShouldBe(0);
        (await page.InputValueAsync("#Key")).ShouldBeEmpty();
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "model-connected", fullPage: true);
    }

    [Fact]
    public async Task The_settings_look_right_to_everybody()
    {
        await _desk.Join("Ольга", "ru@example.com", "ru");
        await _desk.Join("李娜", "zh-Hans@example.com", "zh-Hans");
        await using (var first = await browser.Visit(_desk.Address, new Reader()))
            await Connect(first);
        foreach (var reader in Reader.Everyone())
        {
            await using var visit = await browser.Visit(_desk.Address, reader);
            var page = await SignIn(visit, Settings, EmailOf(reader));
            await page.ShouldBeAccessible();
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(reader.Width, reader.ToString());
            await visit.Screenshot(page, "model-settings", fullPage: true);
        }
    }

    [Theory]
    [InlineData(Theme.Light, 1440)]
    [InlineData(Theme.Dark, 1024)]
    [InlineData(Theme.Light, 390)]
    public async Task An_agent_reads_a_conversation_in_their_language_and_answers_in_the_customer_s(Theme theme, int width)
    {
        var ticket = await _desk.Ask("Анна Соколова", "Не проходит оплата заказа 10293: «ошибка 3-D Secure». Деньги не списались.", "ru", email: "anna.sokolova@example.ru");
        await _desk.Add(ticket, "Завтра день рождения, очень нужно успеть.");
        await using var visit = await browser.Visit(_desk.Address, new Reader("en", theme, width));
        await Connect(visit);
        var page = await visit.Open($"/agent/tickets/{ticket}");
        await DeskAtWork.Ready(page);

        await page.ClickAsync(".translation-bar button:has-text('Translate the conversation')");
        await page.WaitForSelectorAsync(".translation .body:has-text('The payment of order 10293 fails')");
        await page.WaitForSelectorAsync(".translation .body:has-text('Tomorrow is the birthday')");
        (await page.Locator(".message > .body:has-text('Не проходит оплата')").CountAsync()).ShouldBe(1, "the original stays");
        await Assertions.Expect(page.Locator(".translation-mark:has-text('Translated by a language model')")).ToHaveCountAsync(2);
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "model-conversation");

        // What comes meanwhile moves the page: the translations stay, and the new message can be translated by itself.
        await _desk.Add(ticket, "Вы ещё здесь, или мне позвонить?");
        var last = page.Locator("li.message:has-text('Вы ещё здесь') .translation button");
        await last.ClickAsync();
        await page.WaitForSelectorAsync(".translation .body:has-text('Are you still there')");
        await Assertions.Expect(page.Locator(".translation .body")).ToHaveCountAsync(3);

        const string written = "Order 10293 can be paid again now.";
        await page.FillAsync("#composer-text", written);
        await page.ClickAsync(".translation-bar button:has-text('Translate my reply')");
        await Assertions.Expect(page.Locator("#composer-text")).ToHaveValueAsync("Заказ 10293 теперь можно оплатить снова.");
        await page.WaitForSelectorAsync(".translation-bar [role=status]:has-text('Translated')");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "model-reply");
        await page.ClickAsync(".translation-bar button:has-text('Undo')");
        await Assertions.Expect(page.Locator("#composer-text")).ToHaveValueAsync(written);
        (await _desk.Texts(ticket)).Count.ShouldBe(3, "nothing is sent and nothing is stored");
    }

    static string EmailOf(Reader reader) => reader.Language == "en" ? "lena@example.com" : $"{reader.Language}@example.com";

    static async Task<IPage> SignIn(Visit visit, string path, string email)
    {
        var page = await visit.Open($"/sign-in?return={Uri.EscapeDataString(path)}");
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", "correct horse battery");
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync("html[data-ready] .settings");
        return page;
    }

    async Task<IPage> Connect(Visit visit)
    {
        var page = await SignIn(visit, Settings, "lena@example.com");
        await page.FillAsync("#Address", $"{_model.Urls.First()}/v1");
        await page.FillAsync("#Model", "small-1");
        await page.FillAsync("#Key", "sk-journey");
        await page.CheckAsync("[name=IsEnabled]");
        await page.ClickAsync(".save-bar button");
        await page.WaitForSelectorAsync(".banner-good");
        return page;
    }

    /// <summary>What a model would say, by what is in its material.</summary>
    static async Task Answer(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var material = JsonDocument.Parse(JsonDocument.Parse(body).RootElement.GetProperty("messages")[1].GetProperty("content").GetString()!).RootElement;
        var text = material.TryGetProperty("text", out var asked) ? asked.GetString()! : "";
        var number = text.IndexOf("[NUMBER_", StringComparison.Ordinal) is >= 0 and var at ? text[at..(text.IndexOf(']', at) + 1)] : "";
        var said = text switch
        {
            "" => "A lamp that was not used can go back within 14 days [1].",
            _ when text.StartsWith("Не проходит", StringComparison.Ordinal) => $"The payment of order {number} fails: “3-D Secure error”. No money was taken.",
            _ when text.StartsWith("Завтра", StringComparison.Ordinal) => "Tomorrow is the birthday, it really has to be in time.",
            _ when text.StartsWith("Вы ещё", StringComparison.Ordinal) => "Are you still there, or shall I call?",
            _ => $"Заказ {number} теперь можно оплатить снова.",
        };
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            id = "1", @object = "chat.completion", created = 1_900_000_000, model = "small-1",
            choices = new[] { new { index = 0, message = new { role = "assistant", content = said }, finish_reason = "stop" } },
            usage = new { prompt_tokens = 100, completion_tokens = 20, total_tokens = 120 },
        }));
    }
}
