namespace SiteDesk.HelpCenter.Reading;

/// <summary>What the contact form and the widget tell of a visit in which articles were suggested.</summary>
internal static class DeflectionRoutes
{
    /// <summary>A form of <c>visit</c>, <c>place</c>, <c>article</c> and <c>outcome</c>: <c>opened</c>, <c>answered</c> or <c>ticket</c>.</summary>
    public static async Task<IResult> NoteAsync(HttpContext http, HelpVisits visits, RecordDeflection record, string siteKey, string language, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit || !http.Request.HasFormContentType)
            return TypedResults.NotFound();
        http.Response.Headers.AccessControlAllowOrigin = "*"; // the widget speaks from its host's pages; there is nothing to read here
        var form = await http.Request.ReadFormAsync(cancellation);
        var (name, outcome) = (form["visit"].ToString(), form["outcome"].ToString());
        if (outcome == "ticket")
        {
            await record.EndInTicketAsync(name, cancellation);
            return TypedResults.NoContent();
        }

        _ = long.TryParse(form["article"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var articleId);
        return await record.RunAsync(http, visit, name, form["place"].ToString(), articleId, answered: outcome == "answered", cancellation) ? TypedResults.NoContent() : TypedResults.BadRequest();
    }
}
