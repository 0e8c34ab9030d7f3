using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>The editor is a form like any other: what it shows is what it sends back.</summary>
public sealed class ConditionEditorTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Address = "/agent/conditions/parcels/editor";

    private static readonly Permission Nobody = new("parcels.read", System.Collections.Frozen.FrozenSet<Role>.Empty);

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    private DeskServer _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskServer.StartAsync(replace: services => services
        .AddConditions(new ConditionSubject("parcels", SiteDesk.Tickets.TicketPermissions.Read, (_, _) => ValueTask.FromResult<ConditionFields>(ParcelFields.All)))
        .AddConditions(new ConditionSubject("secrets", Nobody, (_, _) => ValueTask.FromResult<ConditionFields>(ParcelFields.All))));

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task EveryConditionComesBackFromItsForm()
    {
        const int Seed = 21;
        output.WriteLine($"seed {Seed}");
        var random = new RandomParcels(Seed, new DateTime(2026, 3, 29, 9, 30, 0, DateTimeKind.Utc));
        for (var i = 0; i < 400; i++)
        {
            var condition = random.NextCondition();
            var reading = ConditionForm.Read(FormOf(await DrawAsync(condition)), ParcelFields.All, English);
            reading.IsEdited.ShouldBeFalse();
            Normal(reading.Condition).ShouldBe(Normal(condition));
        }
    }

    [Theory]
    [InlineData("""{"field":"colour","operator":"is","values":["red",{"relative":"me"}]}""", "The field “colour” no longer exists")]
    [InlineData("""{"field":"subject","operator":"resembles","values":["red"]}""", "This comparison does not suit the field")]
    [InlineData("""{"field":"state","operator":"is","values":["lost"]}""", "“lost” no longer exists")]
    public async Task WhatHasVanishedIsShownMarkedAndKept(string member, string message)
    {
        var condition = Parse(member);
        var html = await DrawAsync(condition);
        html.QuerySelector(".error")!.TextContent.ShouldContain(message);
        ConditionForm.Read(FormOf(html), ParcelFields.All, English).Condition.ToJson().ShouldBe(condition.ToJson());
    }

    [Fact]
    public async Task UnfinishedRowsAreMarkedOnlyAfterTheFormWasRefused()
    {
        var condition = Parse("""{"field":"weight","operator":"is","values":["many"]}""");
        (await DrawAsync(condition)).QuerySelector(".error").ShouldBeNull();
        var refused = await DrawAsync(condition, showsProblems: true);
        var message = refused.QuerySelector(".error").ShouldNotBeNull();
        message.TextContent.ShouldBe("Fill in a number, for example 3 or 2.5.");
        var input = refused.QuerySelector("#condition-0-0-number").ShouldNotBeNull();
        input.GetAttribute("value").ShouldBe("many");
        input.GetAttribute("aria-invalid").ShouldBe("true");
        input.GetAttribute("aria-describedby").ShouldBe(message.Id);
    }

    [Fact]
    public void NumbersAreReadAsTheReaderWritesThem()
    {
        Read(("condition.join", "all"), ("condition.0.field", "discount"), ("condition.0.was", "discount"), ("condition.0.operator", "is"), ("condition.0.0.number", "2,5"))
            .ShouldBe("""{"version":1,"where":{"all":[{"field":"discount","operator":"is","values":[2.5]}]}}""");
    }

    [Fact]
    public void ANewFieldTakesItsFirstOperatorAndNoOldValue()
    {
        Read(("condition.0.field", "price"), ("condition.0.was", "subject"), ("condition.0.operator", "starts-with"), ("condition.0.0.text", "7"))
            .ShouldBe("""{"version":1,"where":{"all":[{"field":"price","operator":"is"}]}}""");
    }

    [Theory]
    [InlineData("add-test:", """{"all":[{"any":[A]},B,{"field":"","operator":""}]}""", "2")]
    [InlineData("add-test:0", """{"all":[{"any":[A,{"field":"","operator":""}]},B]}""", "0.1")]
    [InlineData("add-group:", """{"all":[{"any":[A]},B,{"any":[{"field":"","operator":""}]}]}""", "2.0")]
    [InlineData("remove:1", """{"all":[{"any":[A]}]}""", "0")]
    [InlineData("remove:0", """{"all":[B]}""", "0")]
    [InlineData("remove:0.0", """{"all":[{"any":[]},B]}""", "0")]
    [InlineData("show:", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("remove:7", """{"all":[{"any":[A]},B]}""", "1")]
    [InlineData("remove:1.0", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("remove:", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("add-test:-1", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("add-test:9999999999999", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("explode:0", """{"all":[{"any":[A]},B]}""", null)]
    [InlineData("", """{"all":[{"any":[A]},B]}""", null)]
    public void ButtonsChangeTheTree(string edit, string expected, string? focus)
    {
        var reading = ConditionForm.Read(Form(
            ("condition.join", "all"), ("condition.0.join", "any"), ("condition.0.0.field", "fragile"), ("condition.0.0.was", "fragile"), ("condition.0.0.operator", "is-true"),
            ("condition.1.field", "fragile"), ("condition.1.was", "fragile"), ("condition.1.operator", "is-false"), ("condition.edit", edit)), ParcelFields.All, English);
        reading.IsEdited.ShouldBeTrue();
        reading.FocusPlace.ShouldBe(focus);
        reading.Condition.ToJson().ShouldBe("{\"version\":1,\"where\":" + expected
            .Replace("A", """{"field":"fragile","operator":"is-true"}""", StringComparison.Ordinal)
            .Replace("B", """{"field":"fragile","operator":"is-false"}""", StringComparison.Ordinal) + "}");
    }

    [Fact]
    public void AFloodOfFieldsIsNotReadToItsEnd()
    {
        var flood = Enumerable.Range(0, 10_000).SelectMany(i => (( string, string)[])[($"condition.{i}.field", "fragile"), ($"condition.{i}.operator", "is-true")]).ToArray();
        var condition = ConditionForm.Read(Form(flood), ParcelFields.All, English).Condition;
        condition.Root.Members.Count.ShouldBeLessThan(200);
        ParcelFields.All.Check(condition).ShouldContain(problem => problem.TextKey == "conditions.problems.too-many-tests");

        var depth = string.Concat(Enumerable.Repeat(".0", 1000));
        var deep = Enumerable.Range(0, 1000).Select(level => ("condition" + depth[..(2 * level)] + ".join", "any")).ToArray();
        ParcelFields.All.Check(ConditionForm.Read(Form(deep), ParcelFields.All, English).Condition)
            .ShouldContain(problem => problem.TextKey == "conditions.problems.too-deep");
    }

    [Fact]
    public async Task TheServerDrawsTheEditorForThoseWhoMaySeeTheFields()
    {
        using var owner = await _desk.SetUpAsync();
        using var stranger = _desk.NewClient();
        var token = await owner.TokenAsync("/agent/tickets");

        var answer = await PostAsync(owner, Address, token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var html = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        html.QuerySelector("output")!.TextContent.ShouldBe("Subject contains all words of …");
        html.QuerySelectorAll("#condition-0-operator option").Length.ShouldBe(10);

        (await PostAsync(stranger, Address, await stranger.TokenAsync("/sign-in"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(owner, "/agent/conditions/secrets/editor", token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(owner, "/agent/conditions/nothing/editor", token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync(owner, Address, "forged")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task MarkupInValuesAndFieldsStaysText()
    {
        const string Markup = "<script>alert(1)</script>";
        foreach (var member in (string[])[$$"""{"field":"subject","operator":"is","values":["{{Markup}}"]}""", $$"""{"field":"{{Markup}}","operator":"is","values":["x"]}""", $$"""{"field":"labels","operator":"includes-any","values":["{{Markup}}"]}"""])
        {
            var html = await DrawAsync(Parse(member));
            html.QuerySelector("script").ShouldBeNull();
            html.QuerySelector("output")!.TextContent.ShouldContain(Markup);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(DeskClient client, string address, string token)
    {
        using var form = new FormUrlEncodedContent([new("condition.0.field", "subject"), new("condition.edit", "show:"), new("__RequestVerificationToken", token)]);
        return await client.Http.PostAsync(new Uri(address, UriKind.Relative), form);
    }

    private async Task<IHtmlDocument> DrawAsync(Condition condition, bool showsProblems = false)
    {
        await using var scope = _desk.Services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ConditionEditor>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ConditionEditor.Fields)] = ParcelFields.All,
            [nameof(ConditionEditor.Condition)] = condition,
            [nameof(ConditionEditor.ShowsProblems)] = showsProblems,
        }))).ToHtmlString());
        return await new HtmlParser().ParseDocumentAsync(html);
    }

    /// <summary>The fields a browser would send.</summary>
    private static FormCollection FormOf(IHtmlDocument html)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var element in html.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            var (name, value) = element switch
            {
                IHtmlInputElement { Type: "checkbox", IsChecked: false } => ("", ""),
                IHtmlInputElement input => (input.Name!, input.Value),
                IHtmlSelectElement select => (select.Name!, select.Value ?? ""),
                IHtmlTextAreaElement area => (area.Name!, area.Value),
                _ => ("", ""),
            };
            if (name.Length > 0)
                fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), value);
        }
        return new FormCollection(fields);
    }

    private static FormCollection Form(params (string Name, string Value)[] fields) =>
        new(fields.GroupBy(field => field.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => new StringValues([.. group.Select(field => field.Value)]), StringComparer.Ordinal));

    private static string Read(params (string Name, string Value)[] fields) =>
        ConditionForm.Read(Form(fields), ParcelFields.All, CultureInfo.GetCultureInfo("ru-RU")).Condition.ToJson();

    private static Condition Parse(string member) => ConditionJson.Parse("{\"version\":1,\"where\":{\"all\":[" + member + "]}}").Condition!;

    /// <summary>Check boxes have an order of their own, and 0.50 is 0.5.</summary>
    private static string Normal(Condition condition) => new Condition((ConditionGroup)Normal(condition.Root)).ToJson();

    private static ConditionNode Normal(ConditionNode node) => node switch
    {
        ConditionGroup group => group with { Members = group.Members.Select(Normal).ToList() },
        ConditionTest test when ConditionOperators.OperandOf(ConditionOperators.Find(test.Operator)!.Value) == ConditionOperand.Many =>
            test with { Values = test.Values.Select(Normal).Distinct().OrderBy(value => value.ToString(), StringComparer.Ordinal).ToList() },
        ConditionTest test => test with { Values = test.Values.Select(Normal).ToList() },
        _ => node,
    };

    private static ConditionValue Normal(ConditionValue value) => value is NumberValue number ? new NumberValue(number.Number / 1.0000000000m) : value;
}
