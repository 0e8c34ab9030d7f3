using Microsoft.AspNetCore.Components;

namespace SiteDesk.Platform.Html;

/// <summary>Answers with Razor components, rendered once on the server.</summary>
public static class Page
{
    /// <summary>A page or fragment; the parameters are an anonymous object with the component's parameter names.</summary>
    public static PageResult Show<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new(typeof(TPage), parameters, status, "text/html; charset=utf-8");

    /// <summary>The same page again with what has to be mended; Turbo shows answers of this status in place.</summary>
    public static PageResult ShowProblems<TPage>(object parameters) where TPage : IComponent =>
        Show<TPage>(parameters, StatusCodes.Status422UnprocessableEntity);

    /// <summary>After a successful form: see other, so that a reload does not send it again.</summary>
    public static RedirectSeeOther GoTo(string address) => new(address);
}

/// <summary>303: fetch that address with GET (RFC 9110, section 15.4.4). Only addresses of this program.</summary>
public sealed class RedirectSeeOther(string address) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status303SeeOther;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = LocalAddress.OrRoot(address);
        return Task.CompletedTask;
    }
}

/// <summary>Guards against being used to send people elsewhere.</summary>
public static class LocalAddress
{
    /// <returns>The address if it stays in this program, else <c>/</c>.</returns>
    public static string OrRoot(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl)
            ? address
            : "/";
}
