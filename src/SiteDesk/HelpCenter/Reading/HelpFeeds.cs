using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using SiteDesk.HelpCenter.Hosts;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>The help centre for programs: site maps (sitemaps.org 0.9), a feed (RFC 4287), robots (RFC 9309). Only what everybody may read.</summary>
internal static class HelpFeeds
{
    /// <summary>Addresses of one site map, by its protocol.</summary>
    private const int MostAddresses = 50_000;

    private const int MostEntries = 30;
    private const string SitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string XhtmlSpace = "http://www.w3.org/1999/xhtml";
    private const string AtomSpace = "http://www.w3.org/2005/Atom";

    public static async Task<IResult> GiveRobotsAsync(HttpContext http, SiteDirectory sites, HelpSnapshots snapshots, PublicAddress address, CancellationToken cancellation)
    {
        // A map is believed only of its own host: a help centre with a host of its own names it there.
        var own = http.Features.Get<HelpHost>();
        var text = new StringBuilder(own is null
            ? "User-agent: *\nDisallow: /agent/\nDisallow: /t/\nDisallow: /api/\nDisallow: /help/*/search\nDisallow: /help/*/sign-in\n"
            : "User-agent: *\nDisallow: /t/\nDisallow: /*/search\nDisallow: /*/sign-in\n");
        foreach (var site in await sites.AllAsync(cancellation))
        {
            if (own is null ? site.HelpOrigin is null : own.SiteKey == site.Key)
            {
                if (!(await snapshots.ReadAsync(site.Id, cancellation)).IsEmpty)
                    text.Append(CultureInfo.InvariantCulture, $"Sitemap: {HelpAddress.Of(site, address.Of(http)).Whole}/sitemap.xml\n");
            }
        }

        return TypedResults.Text(text.ToString(), "text/plain", Encoding.UTF8);
    }

    /// <summary>The site's map of maps: one for each language.</summary>
    public static async Task<IResult> GiveIndexAsync(HttpContext http, SiteDirectory sites, HelpVisits visits, RenderedPages pages, string siteKey, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { } site || await FindAsync(http, visits, siteKey, site.DefaultLanguage) is not { } visit)
            return TypedResults.NotFound();
        var page = await pages.ReadAsync(visit.NameOf("sitemaps", 0), () => MakeAsync("application/xml; charset=utf-8", writer =>
        {
            writer.WriteStartElement("sitemapindex", SitemapSpace);
            foreach (var language in site.Languages.Where(language => visit.Snapshot.Shelves[language].ArticlesById.Count > 0))
            {
                writer.WriteStartElement("sitemap", SitemapSpace);
                writer.WriteElementString("loc", SitemapSpace, $"{visit.Address.Whole}/{language}/sitemap.xml");
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }));
        return HelpPages.Answer(page, visit);
    }

    public static async Task<IResult> GiveMapAsync(HttpContext http, HelpVisits visits, RenderedPages pages, string siteKey, string language)
    {
        if (await FindAsync(http, visits, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var page = await pages.ReadAsync(visit.NameOf("sitemap", 0), () => MakeAsync("application/xml; charset=utf-8", writer => WriteMap(writer, visit)));
        return HelpPages.Answer(page, visit);
    }

    public static async Task<IResult> GiveFeedAsync(HttpContext http, HelpVisits visits, RenderedPages pages, ArticleBodies bodies, string siteKey, string language)
    {
        if (await FindAsync(http, visits, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var page = await pages.ReadAsync(visit.NameOf("feed", 0), async () =>
        {
            var newest = visit.Shelf.ArticlesById.Values.Where(article => article.IsFor(ReaderLevel.Everybody)).OrderByDescending(article => article.PublishedAt).ThenByDescending(article => article.Id).Take(MostEntries).ToList();
            var texts = await bodies.ReadAsync(newest.ConvertAll(article => article.VersionId), language, http.RequestAborted);
            return await MakeAsync("application/atom+xml; charset=utf-8", writer => WriteFeed(writer, visit, newest, article => texts[article.VersionId].Markup.Text.Beginning, http.Texts()));
        });
        return HelpPages.Answer(page, visit);
    }

    /// <summary>A visit of everybody, whoever asks: these are kept by others.</summary>
    private static async Task<HelpVisit?> FindAsync(HttpContext http, HelpVisits visits, string siteKey, string language) =>
        await visits.FindAsync(http, siteKey, language) is { } visit ? visit with { Reader = ReaderLevel.Everybody } : null;

    private static void WriteMap(XmlWriter writer, HelpVisit visit)
    {
        writer.WriteStartElement("urlset", SitemapSpace);
        writer.WriteAttributeString("xmlns", "xhtml", null, XhtmlSpace);
        WriteAddress(writer, visit, visit.Address.Home(visit.Language), null, visit.Site.Languages.Select(language => (language, visit.Address.Home(language))));
        foreach (var article in visit.Shelf.ArticlesById.Values.Where(article => article.IsFor(ReaderLevel.Everybody)).OrderBy(article => article.Id).Take(MostAddresses - 1))
        {
            WriteAddress(
                writer, visit, visit.Address.Article(visit.Language, article.Slug), article.PublishedAt,
                visit.Snapshot.LanguagesOf(article.Id, visit.Site.Languages).Select(pair => (pair.Language, visit.Address.Article(pair.Language, pair.Article.Slug))));
        }

        writer.WriteEndElement();
    }

    private static void WriteAddress(XmlWriter writer, HelpVisit visit, string path, DateTime? changedAt, IEnumerable<(string Language, string Path)> languages)
    {
        writer.WriteStartElement("url", SitemapSpace);
        writer.WriteElementString("loc", SitemapSpace, visit.Address.Absolute(path));
        if (changedAt is { } at)
            writer.WriteElementString("lastmod", SitemapSpace, at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        // As the pages' heads have them: each language, this one included, and the site's first for everybody else.
        var there = languages.ToList();
        foreach (var (language, other) in there.Count > 1 ? there.Append(("x-default", there[0].Path)) : [])
        {
            writer.WriteStartElement("xhtml", "link", XhtmlSpace);
            writer.WriteAttributeString("rel", "alternate");
            writer.WriteAttributeString("hreflang", language);
            writer.WriteAttributeString("href", visit.Address.Absolute(other));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void WriteFeed(XmlWriter writer, HelpVisit visit, List<ArticleHead> newest, Func<ArticleHead, string> beginning, Texts texts)
    {
        writer.WriteStartElement("feed", AtomSpace);
        writer.WriteAttributeString("xml", "lang", null, visit.Language);
        writer.WriteElementString("title", AtomSpace, Clean(texts["help.feed-title", ("site", visit.Site.Name)]));
        writer.WriteElementString("id", AtomSpace, Identity(visit, articleId: null));
        writer.WriteElementString("updated", AtomSpace, Moment(newest.Count > 0 ? newest[0].PublishedAt : visit.Site.CreatedAt));
        writer.WriteStartElement("author", AtomSpace);
        writer.WriteElementString("name", AtomSpace, Clean(visit.Site.Name));
        writer.WriteEndElement();
        WriteLink(writer, "self", visit.Address.Absolute(visit.Address.Feed(visit.Language)));
        WriteLink(writer, "alternate", visit.Address.Absolute(visit.Address.Home(visit.Language)));
        foreach (var article in newest)
        {
            var address = visit.Address.Absolute(visit.Address.Article(visit.Language, article.Slug));
            writer.WriteStartElement("entry", AtomSpace);
            writer.WriteElementString("title", AtomSpace, Clean(article.Title));
            writer.WriteElementString("id", AtomSpace, Identity(visit, article.Id));
            writer.WriteElementString("published", AtomSpace, Moment(article.FirstPublishedAt));
            writer.WriteElementString("updated", AtomSpace, Moment(article.PublishedAt));
            WriteLink(writer, "alternate", address);
            writer.WriteElementString("summary", AtomSpace, Clean(article.Summary.Length > 0 ? article.Summary : beginning(article)));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    /// <summary>
    /// The address and even the host may change, the feed and its entries stay the same ones (RFC 4287, section 4.2.6): the name is made of
    /// the site's key, which never changes, as a UUID of version 8 (RFC 9562, section 5.8).
    /// </summary>
    /// <param name="articleId">Null for the feed itself.</param>
    private static string Identity(HelpVisit visit, long? articleId)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"help-feed/{visit.Site.Key}/{visit.Language}/{articleId}"))).AsSpan(0, 16);
        name[6] = (byte)(name[6] & 0x0F | 0x80);
        name[8] = (byte)(name[8] & 0x3F | 0x80);
        return $"urn:uuid:{new Guid(name, bigEndian: true)}";
    }

    private static void WriteLink(XmlWriter writer, string relation, string address)
    {
        writer.WriteStartElement("link", AtomSpace);
        writer.WriteAttributeString("rel", relation);
        writer.WriteAttributeString("href", address);
        writer.WriteEndElement();
    }

    /// <summary>Without what XML cannot hold (XML 1.0, section 2.2).</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value >= 0x10000 || XmlConvert.IsXmlChar((char)rune.Value)));

    private static string Moment(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static Task<RenderedPage> MakeAsync(string contentType, Action<XmlWriter> write)
    {
        using var content = new MemoryStream();
        using (var writer = XmlWriter.Create(content, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
            write(writer);
        return Task.FromResult(RenderedPage.Of(content.ToArray(), contentType));
    }
}
