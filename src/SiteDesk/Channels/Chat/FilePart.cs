using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SiteDesk.Channels.Chat;

/// <summary>The file in a multipart request (RFC 7578), read as it arrives: nothing is held in memory.</summary>
/// <param name="Name">As the sender calls it.</param>
public sealed record FilePart(Stream Body, string Name, string ContentType)
{
    /// <returns>Null when the request carries no file.</returns>
    public static async Task<FilePart?> FindAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data"
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
            return null;
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } body } file)
                    return new FilePart(body, file.FileName, section.ContentType ?? "");
            }
        }
        catch (Exception problem) when (problem is InvalidDataException || problem is IOException and not BadHttpRequestException)
        {
            return null;
        }

        return null;
    }
}
