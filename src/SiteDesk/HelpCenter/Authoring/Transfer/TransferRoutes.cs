using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Import with a preview, and export, as pages.</summary>
internal static class TransferRoutes
{
    /// <summary>Bytes of an archive that is sent.</summary>
    private const long MostBytes = 100L * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/agent/help/{siteId:long}").Needs(HelpCenterPermissions.Manage);
        help.MapGet("/transfer", ShowAsync);
        help.MapPost("/import", ImportAsync).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes), new Microsoft.AspNetCore.Mvc.RequestFormLimitsAttribute { MultipartBodyLengthLimit = MostBytes });
        help.MapGet("/export", ExportAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, ArticleDesk desk, long siteId, CancellationToken cancellation) =>
        await desk.SiteAsync(siteId, http.Staff(), cancellation) is { } site ? Page.Show<TransferPage>(new { Site = site }) : TypedResults.NotFound();

    // The archive is sent twice, for the preview and for the deed: no half-done import waits on the server.
    private static async Task<IResult> ImportAsync(HttpContext http, ArticleDesk desk, ImportArticles import, long siteId, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var form = await SectionRoutes.FormAsync(http, cancellation);
        if (form.Files["file"] is not { Length: > 0 } file)
            return Page.ShowProblems<TransferPage>(new { Site = site, Problems = new[] { new Problem("file", "help-transfer.file-needed") } });
        await using var content = file.OpenReadStream();
        var files = await ReadAsync(content, file, cancellation);
        if (!files.Succeeded)
            return Page.ShowProblems<TransferPage>(new { Site = site, files.Problems });
        var isPreview = form["Step"] != "import";
        var rows = isPreview
            ? await import.PreviewAsync(site, files.Value, cancellation)
            : await import.RunAsync(site, files.Value, http.Staff().AsActor(), http.Staff().Id, cancellation);
        return Page.Show<TransferPage>(new { Site = site, Rows = rows, IsPreview = isPreview });
    }

    private static async Task<Outcome<TransferFiles>> ReadAsync(Stream content, IFormFile file, CancellationToken cancellation)
    {
        // One article need not be packed.
        if (Path.GetExtension(file.FileName).ToLowerInvariant() is not (".md" or ".markdown" or ".html" or ".htm"))
            return await TransferFiles.OfZipAsync(content, file.Length, cancellation);
        if (file.Length > TransferFiles.MostBytesOfOne)
            return new Problem("file", "help-transfer.too-large", ("path", file.FileName), ("megabytes", TransferFiles.MostBytesOfOne / 1024 / 1024));
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancellation);
        var files = new TransferFiles();
        files.Set(Platform.Files.SafeFileName.Of(file.FileName), memory.ToArray());
        return files;
    }

    private static async Task<IResult> ExportAsync(HttpContext http, ArticleDesk desk, ExportArticles export, AuditLog audit, Database database, long siteId, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var files = await export.RunAsync(site, cancellation);
        audit.Write(http.Staff().AsActor(), "help.exported", FormattableString.Invariant($"site:{site.Id}"));
        await database.SaveChangesAsync(cancellation);
        var archive = new MemoryStream();
        await files.WriteZipAsync(archive, cancellation);
        archive.Position = 0;
        return TypedResults.Stream(archive, "application/zip", "help-centre.zip");
    }
}
