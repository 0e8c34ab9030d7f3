using System.Diagnostics;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Platform.Web;

/// <summary>
/// Turns faults and bare statuses into an answer for who asked: a page in their language for people, problem details
/// (RFC 9457) for programs. Details of a fault go to the log, never to the page.
/// </summary>
public sealed class FriendlyErrorsMiddleware(RequestDelegate next, ILogger<FriendlyErrorsMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            if (HoldsNul(http.Request.QueryString))
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
            else if (!Listening.MayBeSoLong(http.Request))
                http.Response.StatusCode = StatusCodes.Status414UriTooLong;
            else
                await next(http);
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = problem.StatusCode;
        }
        catch (Exception problem) when (IsUnreadableForm(problem) && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader left; nobody waits for an answer.
            return;
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            log.LogError(problem, "{Method} {Route} failed.", http.Request.Method, http.GetEndpoint()?.DisplayName ?? "(no route)");
            http.Response.Clear();
            // A locked database or a full disk passes: whoever asks, widget or person, may ask again.
            var mayPass = DatabaseFaults.Explain(problem, http.RequestServices.GetRequiredService<DatabaseAddress>()) is not null;
            http.Response.StatusCode = mayPass ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            if (mayPass)
                http.Response.Headers.RetryAfter = "5";
        }

        var isBare = http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null };
        if (isBare && !HttpMethods.IsHead(http.Request.Method))
            await AnswerAsync(http);
    }

    /// <summary>The framework refuses a NUL in paths and forms; in a query it hands it on, and PostgreSQL's texts cannot have one.</summary>
    private static bool HoldsNul(QueryString query) => query.Value?.Contains("%00", StringComparison.Ordinal) == true;

    /// <summary>The framework's readers refuse a form with a NUL, a torn part or too many fields by a fault that says nothing of a request.</summary>
    private static bool IsUnreadableForm(Exception problem) =>
        problem is AntiforgeryValidationException { InnerException: InvalidDataException or IOException }
            or InvalidDataException { Source: "Microsoft.AspNetCore.WebUtilities" or "Microsoft.AspNetCore.Http" };

    private static Task AnswerAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var reference = status >= 500 ? Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier : null;
        var wantsPage = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (wantsPage)
            return Page.Show<ErrorPage>(new { Status = status, Reference = reference }, status).ExecuteAsync(http);
        var kind = status switch { 400 or 401 or 403 or 404 or 413 or 414 or 429 => status, < 500 => 400, _ => 500 };
        return TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Title = http.Texts()[$"error.{kind}.title"],
            Detail = http.Texts()[$"error.{kind}.text"],
            Extensions = { ["code"] = $"error.{kind}", ["reference"] = reference },
        }).ExecuteAsync(http);
    }
}
