using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;

namespace SiteDesk.Channels.Chat;

/// <summary>What the widget is told when something cannot be done: problem details (RFC 9457) in the visitor's language.</summary>
public static class WidgetProblem
{
    public static ProblemHttpResult Of(HttpContext http, int status, string text, params (string Name, object Value)[] arguments) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Title = http.Texts()[text, arguments] , Detail = http.Texts()[text, arguments] });

    /// <summary>422 with the sentence of every problem by its field.</summary>
    public static ProblemHttpResult Of(HttpContext http, IReadOnlyList<Problem> problems)
    {
        var texts = http.Texts();
        return TypedResults.Problem(new ProblemDetails
        {
            Status = StatusCodes.Status422UnprocessableEntity,
            Title = texts["chat.refused"],
            Detail = string.Join(' ', problems.Select(texts.Of)),
            Extensions =
            {
                ["errors"] = problems.GroupBy(problem => problem.Field, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Select(texts.Of).ToArray(), StringComparer.Ordinal),
            },
        });
    }

    /// <summary>A browser has to work before it is served.</summary>
    public static ProblemHttpResult Challenge(HttpContext http, string nonce, int difficulty) => TypedResults.Problem(new ProblemDetails
    {
        Status = StatusCodes.Status429TooManyRequests,
        Type = "/problems/challenge",
        Title = http.Texts()["chat.challenge"],
        Extensions = { ["nonce"] = nonce, ["difficulty"] = difficulty },
    });

    /// <summary>Reads a JSON body; what cannot be read is a problem of the sender.</summary>
    /// <returns>Null when it was not readable.</returns>
    public static async Task<TBody?> ReadAsync<TBody>(HttpContext http) where TBody : class
    {
        if (!http.Request.HasJsonContentType())
            return null;
        try
        {
            return await RequestJson.ReadAsync<TBody>(http);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
