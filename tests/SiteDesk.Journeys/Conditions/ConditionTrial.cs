using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Journeys.Conditions;

/// <summary>The program with one more page: a form with nothing but the editor, for a member of staff who is signed in already.</summary>
public sealed class ConditionTrial : IAsyncDisposable
{
    const string Sample =
        """{"version":1,"where":{"all":[{"field":"status","operator":"is","values":["open"]},{"field":"assignee","operator":"one-of","values":[{"relative":"me"},2]},{"any":[{"field":"tags","operator":"includes-any","values":["refund","VIP"]},{"field":"created","operator":"within-last","values":[{"amount":3,"unit":"days"}]},{"field":"updated","operator":"between","values":["2026-05-04",{"relative":"today"}]}]},{"field":"colour","operator":"is","values":["red"]},{"field":"subject","operator":"contains-any-word","values":["возврат 退款"]}]}}""";

    readonly string _folder;
    readonly WebApplication _app;

    ConditionTrial(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    public Uri Address => new(_app.Urls.First().TrimEnd('/') + "/");

    public static async Task<ConditionTrial> Start()
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
        var app = SiteDeskApplication.Build(["--data", folder, "--urls", "http://127.0.0.1:0"], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            services.AddSingleton<IStartupFilter, SignedIn>();
            services.AddConditions(new ConditionSubject("trial", TicketPermissions.Read, (provider, _) => ValueTask.FromResult<ConditionFields>(Fields(provider.GetRequiredService<Texts>().Language))));
        });
        app.MapGet("/trial", (HttpContext http, Texts texts) =>
            Page.Show<TrialPage>(Parameters(texts, ConditionJson.Parse(http.Request.Query.ContainsKey("sample") ? Sample : Condition.Everything.ToJson()).Condition!, http.Request.Query.ContainsKey("problems")))).IsPublic("A test's page.");
        app.MapPost("/trial", async (HttpContext http, Texts texts) =>
        {
            var reading = ConditionForm.Read(await http.Request.ReadFormAsync(), Fields(texts.Language), texts.Culture);
            var isRefused = !reading.IsEdited && Fields(texts.Language).Check(reading.Condition).Count > 0;
            return reading.IsEdited || isRefused
                ? Page.ShowProblems<TrialPage>(Parameters(texts, reading.Condition, isRefused || reading.ShowsProblems))
                : (IResult)Page.GoTo("/trial/saved?json=" + Uri.EscapeDataString(reading.Condition.ToJson()));
        }).IsPublic("A test's page.");
        app.MapGet("/trial/saved", (string json) => Results.Content($"<!doctype html><title>Saved</title><pre>{WebUtility.HtmlEncode(json)}</pre>", "text/html; charset=utf-8")).IsPublic("A test's page.");
        await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        return new(folder, app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    static object Parameters(Texts texts, Condition condition, bool showsProblems) =>
        new { Fields = (ConditionFields)Fields(texts.Language), Condition = condition, ShowsProblems = showsProblems };

    static ConditionFields<Ticket> Fields(string language)
    {
        ConditionLabel In(string english, string russian, string chinese) => ConditionLabel.Of(language switch { "ru" => russian, "zh-Hans" => chinese, _ => english });
        return new(
            "trial",
            ConditionField<Ticket>.Choice("status", In("Status", "Статус", "状态"), ticket => ticket.Status,
                [new("new", In("New", "Новое", "新建")), new("open", In("Open", "Открыто", "处理中")), new("solved", In("Solved", "Решено", "已解决"))]),
            ConditionField<Ticket>.Reference("assignee", In("Assignee", "Исполнитель", "客服"), ticket => ticket.AssigneeId,
                Choices(("1", "Anna"), ("2", "Иван"), ("3", "王伟")), ConditionRelative.Me),
            ConditionField<Ticket>.Set("tags", In("Tag", "Метка", "标签"), ticket => ticket.Tags.Select(tag => tag.Name), Choices(("refund", "refund"), ("VIP", "VIP"), ("доставка", "доставка"))),
            ConditionField<Ticket>.Text("subject", In("Subject", "Тема", "主题"), ticket => ticket.Subject),
            ConditionField<Ticket>.Number("number", In("Number", "Номер", "编号"), ticket => ticket.Id),
            ConditionField<Ticket>.Moment("created", In("Created", "Создано", "创建时间"), ticket => ticket.CreatedAt),
            ConditionField<Ticket>.Moment("updated", In("Updated", "Изменено", "更新时间"), ticket => ticket.UpdatedAt));
    }

    static ConditionChoices Choices(params (string Key, string Name)[] choices)
    {
        IReadOnlyList<ConditionChoice> list = [.. choices.Select(choice => new ConditionChoice(choice.Key, ConditionLabel.Of(choice.Name)))];
        return (_, _) => ValueTask.FromResult(list);
    }

    sealed class SignedIn : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.SetStaff(new Staff(1, "Anna", "anna@example.com", Role.Agent, "en", "UTC", null, null, [], MasksContacts: false));
                return rest(http);
            });
            next(app);
        };
    }
}

/// <summary>A page as the workspace makes them, written without Razor since this project has none.</summary>
public sealed class TrialPage : ComponentBase
{
    [Parameter, EditorRequired] public required ConditionFields Fields { get; set; }
    [Parameter, EditorRequired] public required Condition Condition { get; set; }
    [Parameter] public bool ShowsProblems { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<HtmlShell>(0);
        builder.AddComponentParameter(1, nameof(HtmlShell.Title), "Conditions");
        builder.AddComponentParameter(2, nameof(HtmlShell.Styles), (IReadOnlyList<string>)["css/tokens.css", "css/base.css", "css/layout.css", "css/controls.css", "css/marks.css", "css/parts.css", "css/overlays.css", "css/gates.css", "css/conditions.css"]);
        builder.AddComponentParameter(3, nameof(HtmlShell.Modules), (IReadOnlyList<string>)["js/workspace.js"]);
        builder.AddComponentParameter(4, nameof(HtmlShell.Body), (RenderFragment)(body =>
        {
            body.OpenElement(1, "main");
            body.AddAttribute(2, "class", "page page-narrow");
            body.AddMarkupContent(3, "<h1 class=\"page-head\">Conditions</h1>");
            body.OpenElement(4, "form");
            body.AddAttribute(5, "method", "post");
            body.AddAttribute(6, "action", "/trial");
            body.AddAttribute(7, "class", "form card");
            body.OpenComponent<AntiforgeryToken>(8);
            body.CloseComponent();
            body.OpenComponent<ConditionEditor>(9);
            body.AddComponentParameter(10, nameof(ConditionEditor.Fields), Fields);
            body.AddComponentParameter(11, nameof(ConditionEditor.Condition), Condition);
            body.AddComponentParameter(12, nameof(ConditionEditor.ShowsProblems), ShowsProblems);
            body.CloseComponent();
            body.AddMarkupContent(13, "<div class=\"form-actions\"><button class=\"button button-primary\" type=\"submit\">Save</button></div>");
            body.CloseElement();
            body.CloseElement();
        }));
        builder.CloseComponent();
    }
}
