using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Web;

/// <summary>A form that no reader takes is the sender's mistake, said so, and no fault of the program.</summary>
public sealed class UnreadableFormTests
{
    [Theory]
    [InlineData("application/x-www-form-urlencoded", "email=%00&password=x")]
    [InlineData("multipart/form-data; boundary=abc", "--abc\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\ntorn")]
    [InlineData("multipart/form-data", "no boundary")]
    public async Task A_form_that_cannot_be_read_is_refused(string type, string body)
    {
        await using var desk = await DeskServer.StartAsync();
        using var signedIn = await desk.SetUpAsync();
        using var client = desk.NewClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await client.Http.PostAsync(new Uri("/sign-in", UriKind.Relative), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
