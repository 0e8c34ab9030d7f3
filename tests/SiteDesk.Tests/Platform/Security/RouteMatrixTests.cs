using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Security;

/// <summary>
/// Every route of the program, as the program itself lists them, against every role and nobody. A new route is covered by
/// existing; one without a rule fails.
/// </summary>
public abstract partial class RouteMatrixTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Every_route_has_exactly_the_rule_that_is_held_for_every_role_and_for_nobody()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var routes = RoutesOf(desk);
        routes.Count.ShouldBeGreaterThan(50);
        routes.Where(route => route.Rule is null).Select(route => route.ToString()).ShouldBeEmpty("routes without a rule");

        var faults = new List<string>();
        using (var nobody = desk.NewClient())
        {
            foreach (var route in routes.Where(route => route.Rule!.PublicBecause is null))
                await CheckNobodyAsync(nobody, route, faults);
        }

        foreach (var role in Enum.GetValues<Role>())
        {
            var id = await desk.AddStaffAsync($"role-{role}@example.com", role);
            using var client = desk.NewClient();
            await client.SignInAsync($"role-{role}@example.com", DeskServer.Password);
            var token = await client.TokenAsync("/agent/profile");
            var bearer = await MakeBearerAsync(desk, $"role-{role}@example.com");
            foreach (var route in routes.Where(route => route.Rule!.PublicBecause is null))
            {
                // Routes that sign out would take the session from those that follow: each has one of its own.
                await RenewSessionAsync(desk, client, id);
                using var request = route.Request(token);
                if (route.IsForBearers)
                    request.Headers.Authorization = new("Bearer", bearer);
                using var answer = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                if (route.IsForBearers && !ApiTokenRoutes.Use.IsGrantedTo(role))
                {
                    // Whose role may have no tokens is nobody here, whatever token was made for them before.
                    if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests))
                        faults.Add($"{route} with a token of {role}: {(int)answer.StatusCode}");
                    continue;
                }

                var expectsRefusal = route.Rule!.Permission is { } permission && !permission.IsGrantedTo(role);
                var isRefused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized || IsSignIn(answer) && !route.Pattern.Contains("session", StringComparison.Ordinal) && route.Pattern != "/sign-out";
                if (isRefused != expectsRefusal || expectsRefusal && answer.StatusCode != HttpStatusCode.Forbidden || (int)answer.StatusCode >= 500)
                    faults.Add($"{route} as {role}: {(int)answer.StatusCode} {answer.Headers.Location}");
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_unsafe_route_refuses_a_request_without_its_antiforgery_token_unless_it_says_why_not()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var unsafeRoutes = RoutesOf(desk).Where(route => !route.IsSafe).ToList();
        unsafeRoutes.Count.ShouldBeGreaterThan(20);
        var faults = new List<string>();
        foreach (var route in unsafeRoutes)
        {
            using var answer = await owner.Http.SendAsync(route.Request(token: null), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (route.Endpoint.Metadata.GetMetadata<NoAntiforgery>() is { } exempt)
            {
                if (string.IsNullOrWhiteSpace(exempt.Because))
                    faults.Add($"{route} does not say why it needs no token");
            }
            else if (answer.StatusCode != HttpStatusCode.BadRequest)
            {
                faults.Add($"{route}: {(int)answer.StatusCode}");
            }
        }

        faults.ShouldBeEmpty();
        (await owner.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK, "a refused sign-out leaves the session");
    }

    [Fact]
    public async Task A_token_of_one_person_is_worth_nothing_to_another()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var anna = await desk.NewStaffAsync("anna@example.com", Role.Agent);
        var foreign = await anna.TokenAsync("/agent/profile");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", foreign), new("Name", "Mallory")]);
        (await owner.Http.PostAsync(new Uri("/agent/profile", UriKind.Relative), form, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_not_found_and_no_fault()
    {
        await using var desk = await start();
        using var nobody = desk.NewClient();
        (await nobody.GetAsync("/js/nothing.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.GetAsync("/css/base.css")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_public_route_says_why()
    {
        await using var desk = await start();
        RoutesOf(desk).Where(route => route.Rule is { PublicBecause: not null } rule && string.IsNullOrWhiteSpace(rule.PublicBecause)).Select(route => route.ToString()).ShouldBeEmpty();
    }

    private static async Task CheckNobodyAsync(DeskClient nobody, Route route, List<string> faults)
    {
        using var answer = await nobody.Http.SendAsync(route.Request(token: null), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var isAskedToSignIn = route.IsForBearers ? answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests : route.Method is "GET" or "HEAD" ? IsSignIn(answer) || answer.StatusCode == HttpStatusCode.Unauthorized : answer.StatusCode == HttpStatusCode.Unauthorized;
        if (!isAskedToSignIn)
            faults.Add($"{route} for nobody: {(int)answer.StatusCode} {answer.Headers.Location}");
    }

    /// <summary>A token of the API with every scope: what is left to refuse is the role.</summary>
    private static async Task<string> MakeBearerAsync(DeskServer desk, string email)
    {
        var staff = (await desk.StaffAsync(email)).AsStaff();
        await using var scope = desk.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<ApiTokens>().CreateAsync("matrix", ApiScopes.All, null, staff, TestContext.Current.CancellationToken);
        return outcome.Value.Secret;
    }

    private static bool IsSignIn(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther && answer.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) == true;

    private static async Task RenewSessionAsync(DeskServer desk, DeskClient client, long staffId)
    {
        var secret = Tokens.New();
        await desk.InDatabaseAsync(async database =>
        {
            var now = TimeProvider.System.Now();
            database.Add(new Session { StaffId = staffId, TokenHash = Tokens.Hash(secret), CreatedAt = now, LastSeenAt = now, ExpiresAt = now.AddHours(1) });
            return await database.SaveChangesAsync();
        });
        client.Cookies.Add(desk.Address, new Cookie(StaffSessions.Cookie, secret, "/"));
    }

    /// <summary>Routes of our own; scripts and styles are the framework's and checked for their rule only.</summary>
    private static List<Route> RoutesOf(DeskServer desk) =>
        [.. desk.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .DistinctBy(endpoint => (endpoint.RoutePattern.RawText, string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []), endpoint.Order))
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteRule>()?.PublicBecause != "Scripts and styles hold no secrets.")
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Route(endpoint, method)))];

    private sealed partial record Route(RouteEndpoint Endpoint, string Method)
    {
        public RouteRule? Rule => Endpoint.Metadata.GetMetadata<RouteRule>();

        public bool IsForBearers => Endpoint.Metadata.GetMetadata<BearerOnly>() is not null;

        public bool IsSafe => Method is "GET" or "HEAD" or "OPTIONS";

        public string Pattern => "/" + Endpoint.RoutePattern.RawText!.TrimStart('/');

        public HttpRequestMessage Request(string? token)
        {
            var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(ParameterPattern().Replace(Pattern, Fill), UriKind.Relative));
            if (!IsSafe)
                request.Content = new FormUrlEncodedContent(token is null ? [] : [new("__RequestVerificationToken", token)]);
            if (token is not null)
                request.Headers.Add("X-Antiforgery-Token", token);
            return request;
        }

        public override string ToString() => $"{Method} {Pattern}";

        // Numbers of things that do not exist: what is asked is whether the rule lets the request through.
        private static string Fill(Match parameter) => parameter.Value switch
        {
            var number when number.Contains(":long", StringComparison.Ordinal) || number.Contains(":int", StringComparison.Ordinal) => 987654321.ToString(CultureInfo.InvariantCulture),
            var guid when guid.Contains(":guid", StringComparison.Ordinal) => Guid.Empty.ToString(),
            _ => "nothing",
        };

        [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
        private static partial Regex ParameterPattern();
    }
}

public sealed class RouteMatrixOnSqliteTests() : RouteMatrixTests(() => DeskServer.StartAsync());

public sealed class RouteMatrixOnPostgresTests(PostgresServer server)
    : RouteMatrixTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(RouteMatrixOnPostgresTests), TestContext.Current.CancellationToken)));
