using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Form;

/// <summary>The contact form's page and its submission.</summary>
internal static class FormPages
{
    public static async Task<IResult> ShowAsync(
        HttpContext http, string siteKey, SiteDirectory sites, Database database, TicketReservation reservations, SuggestArticles suggest, string? text, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { } site)
            return TypedResults.NotFound();
        SpeakLanguageOf(http, site);
        var request = new SubmitForm.Request { Reservation = reservations.Make(), Text = text is { Length: <= 2000 } ? text : "" };
        return Page.Show<FormPage>(new
        {
            Site = site, Request = request, Visit = VisitOf(reservations, request), Consent = await ConsentAsync(database, site, http.Texts().Language, cancellation),
            Articles = await suggest.ForAsync(site, http.Texts().Language, request.Text, cancellation),
        });
    }

    public static async Task<IResult> SubmitAsync(
        HttpContext http, string siteKey, SiteDirectory sites, Database database, SubmitForm submit, TicketReservation reservations, SuggestArticles suggest, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { } site)
            return TypedResults.NotFound();
        SpeakLanguageOf(http, site);
        var form = await http.Request.ReadFormAsync(cancellation);
        var request = new SubmitForm.Request
        {
            Name = form["name"].ToString(),
            Contact = form["contact"].ToString(),
            Subject = form["subject"].ToString(),
            Text = form["text"].ToString(),
            Honeypot = form["website"].ToString(),
            Reservation = form["reservation"].ToString(),
            Agrees = form.ContainsKey("agrees"),
            TimeZone = form["timeZone"].ToString(),
            Trail = form["trail"].ToString().UpTo(ToldTrail.Longest),
        };
        Outcome<Tickets.Ticket> outcome = FormModule.IsFlood(http)
            ? new Problem("", "form.too-many")
            : await submit.RunAsync(site, request, form.Files, http, cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"/t/{outcome.Value.Token}?sent=1&language={http.Texts().Language}");
        var again = reservations.Read(request.Reservation) is null ? request with { Reservation = reservations.Make() } : request;
        return Page.ShowProblems<FormPage>(new
        {
            Site = site, Request = again, outcome.Problems, Visit = VisitOf(reservations, again), Consent = await ConsentAsync(database, site, http.Texts().Language, cancellation),
            Articles = await suggest.ForAsync(site, http.Texts().Language, again.Text, cancellation),
        });
    }

    private static string VisitOf(TicketReservation reservations, SubmitForm.Request request) => SuggestArticles.VisitOf(reservations.Read(request.Reservation)!);

    /// <summary>The reader's wish among the languages of the site.</summary>
    internal static void SpeakLanguageOf(HttpContext http, Site site)
    {
        var wished = Languages.Match(http.Request.Query["language"]) ?? Languages.MatchHeader(http.Request.Headers.AcceptLanguage, site.Languages);
        http.SetReader(site.LanguageFor(wished), site.Hours.TimeZone);
    }

    /// <returns>What is agreed to by sending the form; null where nothing need be.</returns>
    private static async Task<string?> ConsentAsync(Database database, Site site, string language, CancellationToken cancellation) =>
        site.Privacy.RequiresConsent ? (await ConsentTexts.CurrentAsync(database, site.Id, language, site.DefaultLanguage, cancellation))?.Text ?? "" : null;
}
