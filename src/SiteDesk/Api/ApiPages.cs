using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SiteDesk.Platform;

namespace SiteDesk.Api;

/// <summary>A slice of a list, with the position of the next one.</summary>
/// <param name="Next">Give it as <c>cursor</c> to go on; null at the end.</param>
public sealed record ApiPage<TItem>(IReadOnlyList<TItem> Data, string? Next);

/// <summary>Positions in lists: opaque to callers, stable while rows are added.</summary>
public static class ApiCursor
{
    public const int DefaultLimit = 50;
    public const int MostLimit = 100;

    /// <summary>The wished number of rows within its bounds.</summary>
    public static int Limit(int? wished) => Math.Clamp(wished ?? DefaultLimit, 1, MostLimit);

    public static string Write(params long[] position) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Join('.', position)));

    /// <summary>Whether something was given that is no position of ours: a list that began anew would never end for who follows it.</summary>
    public static bool IsForeign(string? cursor, int parts) => cursor is { Length: > 0 } && Read(cursor, parts) is null;

    public static ProblemHttpResult Refuse(HttpContext http) => ApiProblem.Of(http, [new Problem("cursor", "api.value-unknown", ("field", "cursor"))]);

    /// <returns>Null when there is none.</returns>
    public static long[]? Read(string? cursor, int parts)
    {
        if (cursor is not { Length: > 0 and <= 100 } || !Base64Url.IsValid(cursor))
            return null;
        var words = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
        var position = new long[parts];
        for (var index = 0; index < parts; index++)
        {
            if (words.Length != parts || !long.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out position[index]))
                return null;
        }

        return position;
    }
}
