using Microsoft.Net.Http.Headers;

namespace SiteDesk.Platform.Files;

/// <summary>Gives a stored file out so that it cannot do harm: pictures are shown, everything else is only downloaded.</summary>
public static class FileAnswer
{
    public static IResult Of(HttpContext http, FileStore files, StoredFile file)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        // The bytes behind a token never change.
        headers.CacheControl = "private, max-age=31536000, immutable";
        var disposition = new ContentDispositionHeaderValue(file.IsPicture ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.Stream(
            files.Open(file), file.IsPicture ? file.ContentType : "application/octet-stream",
            entityTag: new EntityTagHeaderValue($"\"{file.Sha256[..32]}\""), enableRangeProcessing: true);
    }
}
