using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;

namespace SiteDesk.Api;

/// <summary>Errors as problem details (RFC 9457): a stable <c>code</c> for programs, a sentence for people, the fields they belong to.</summary>
public static class ApiProblem
{
    public static ProblemHttpResult Of(HttpContext http, int status, string code, params (string Name, object Value)[] arguments) =>
        TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Title = http.Texts()[code, arguments],
            Type = "about:blank",
            Extensions = { ["code"] = code },
        });

    /// <summary>The answer to a use case that did not succeed: 404 for what is not there, 409 for what stands in the way, 422 else.</summary>
    public static ProblemHttpResult Of(HttpContext http, IReadOnlyList<Problem> problems)
    {
        var first = problems[0];
        var status = first.Text switch
        {
            "ticket.not-found" or "customer.not-found" => StatusCodes.Status404NotFound,
            "ticket.merged" or "ticket.closed" => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        return TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Title = http.Texts().Of(first),
            Type = "about:blank",
            Extensions =
            {
                ["code"] = first.Text,
                ["errors"] = problems.Select(problem => new { field = problem.Field, code = problem.Text, message = http.Texts().Of(problem) }).ToList(),
            },
        });
    }

    /// <summary>Reads a JSON body within the route's limit.</summary>
    /// <returns>The body, or the problem to answer with.</returns>
    public static async Task<(TBody? Body, ProblemHttpResult? Problem)> ReadAsync<TBody>(HttpContext http) where TBody : class
    {
        if (!http.Request.HasJsonContentType())
            return (null, Of(http, StatusCodes.Status415UnsupportedMediaType, "api.json-needed"));
        try
        {
            return await RequestJson.ReadAsync<TBody>(http) is { } body
                ? (body, null)
                : (null, Of(http, StatusCodes.Status400BadRequest, "api.not-understood", ("where", "$")));
        }
        catch (JsonException problem)
        {
            return (null, Of(http, StatusCodes.Status400BadRequest, "api.not-understood", ("where", problem.Path ?? "$")));
        }
    }
}
