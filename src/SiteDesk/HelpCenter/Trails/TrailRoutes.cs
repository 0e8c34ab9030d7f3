using SiteDesk.HelpCenter.Reading;

namespace SiteDesk.HelpCenter.Trails;

/// <summary>What a page of the help centre tells whose reader came from the widget.</summary>
internal static class TrailRoutes
{
    /// <summary>A form of <c>visit</c>, and <c>article</c> (the last part of its address), <c>q</c> (what was searched), or both.</summary>
    public static async Task<IResult> NoteAsync(HttpContext http, HelpVisits visits, RecordTrailStep record, string siteKey, string language, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit || !http.Request.HasFormContentType)
            return TypedResults.NotFound();
        var form = await http.Request.ReadFormAsync(cancellation);
        return await record.RunAsync(http, visit, form["visit"].ToString(), form["article"].ToString(), form["q"].ToString(), cancellation)
            ? TypedResults.NoContent() : TypedResults.BadRequest();
    }
}
