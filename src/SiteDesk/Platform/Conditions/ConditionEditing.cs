using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Conditions;

/// <summary>
/// An entity about which conditions can be edited. Features register one each with
/// <see cref="ConditionEditing.AddConditions"/>; the fields may depend on the request (own fields of a site).
/// </summary>
/// <param name="Entity">Stable name, as in <see cref="ConditionFields.Entity"/>.</param>
/// <param name="Permission">Who may see the fields and the names of their choices.</param>
/// <param name="Fields">Reads the fields with the services of the request.</param>
public sealed record ConditionSubject(string Entity, Permission Permission, Func<IServiceProvider, CancellationToken, ValueTask<ConditionFields>> Fields);

/// <summary>The editor's way to the server: it sends the form as it stands and gets itself drawn anew.</summary>
public static class ConditionEditing
{
    /// <summary>Makes an entity's conditions editable.</summary>
    public static IServiceCollection AddConditions(this IServiceCollection services, ConditionSubject subject) => services.AddSingleton(subject);

    /// <summary>Where the editor of an entity asks.</summary>
    public static string AddressOf(string entity) => $"/agent/conditions/{entity}/editor";

    /// <summary>Maps the editor's address; call it once.</summary>
    public static void MapConditions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/agent/conditions/{entity}/editor", DrawAsync).NeedsSignIn();

    private static async Task<IResult> DrawAsync(string entity, HttpContext http, IEnumerable<ConditionSubject> subjects, Texts texts, CancellationToken cancellation)
    {
        if (subjects.FirstOrDefault(candidate => candidate.Entity == entity) is not { } subject)
            return TypedResults.NotFound();
        if (!http.Staff().May(subject.Permission))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var fields = await subject.Fields(http.RequestServices, cancellation);
        var form = await http.Request.ReadFormAsync(cancellation);
        var name = form["editor"].ToString() is { Length: > 0 and <= 40 } given ? given : "condition";
        var reading = ConditionForm.Read(form, fields, texts.Culture, name);
        return Page.Show<ConditionEditor>(new { Fields = fields, reading.Condition, Name = name, reading.ShowsProblems, reading.FocusPlace });
    }
}

/// <summary>What the parts of one editor share; made by <see cref="ConditionEditor"/>.</summary>
public sealed record ConditionEditorContext(
    ConditionFields Fields, ConditionNames Names, Texts Texts, string Name, IReadOnlyList<ConditionProblem> Problems, string? FocusPlace)
{
    public string NameOf(string place, string part) => place.Length == 0 ? $"{Name}.{part}" : $"{Name}.{place}.{part}";

    public string IdOf(string place, string part) => NameOf(place, part).Replace('.', '-');

    public string Edit(string action, string place) => $"{action}:{place}";

    /// <summary>The first problem of a test, its values included.</summary>
    public ConditionProblem? ProblemOf(string place) =>
        Problems.FirstOrDefault(problem => problem.Place == place || problem.Place.StartsWith(place + ".values.", StringComparison.Ordinal));

    public string Say(ConditionProblem problem) => Texts[problem.TextKey, problem.Arguments.ToArray()];

    public string Say(ConditionLabel label) => label.TextKey is { } key ? Texts[key] : label.Words ?? "";
}
