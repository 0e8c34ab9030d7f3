using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Testing;

/// <summary>What an agent's browser does with a ticket, and what a test reads of it afterwards.</summary>
internal static class DeskWork
{
    /// <summary>Sends a form as the workspace's scripts do: for streams.</summary>
    public static async Task<HttpResponseMessage> SubmitAsStreamAsync(this DeskClient client, HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        request.Headers.Add("X-Antiforgery-Token", await client.TokenAsync("/agent/tickets"));
        request.Headers.Accept.ParseAdd("text/vnd.turbo-stream.html");
        return await client.Http.SendAsync(request);
    }

    /// <summary>Answers, or leaves a note, in any case.</summary>
    /// <returns>The streams of the answer, decoded.</returns>
    public static async Task<string> SayAsync(this DeskClient client, long ticketId, string text, params (string Name, string Value)[] more)
    {
        var answer = await client.SubmitAsStreamAsync(
            HttpMethod.Post, $"/agent/tickets/{ticketId}/messages", [("text", text), ("anyway", "true"), .. more, .. more.Any(field => field.Name == "submission") ? [] : new[] { ("submission", Guid.NewGuid().ToString()) }]);
        var streams = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, streams);
        return System.Net.WebUtility.HtmlDecode(streams);
    }

    /// <returns>The name under which the server keeps the file.</returns>
    public static async Task<string> UploadAsync(this DeskClient client, string name, byte[] content)
    {
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        form.Add(part, "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/agent/files", UriKind.Relative)) { Content = form };
        request.Headers.Add("X-Antiforgery-Token", await client.TokenAsync("/agent/tickets"));
        using var answer = await client.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The customer of a ticket writes again.</summary>
    public static Task GoOnAsync(this DeskServer desk, long ticketId, string text) => desk.UseAsync<AddCustomerMessage, bool>(async add =>
    {
        var outcome = await add.RunAsync(new AddCustomerMessage.Request(ticketId, text, Guid.NewGuid().ToString(), "form"), CancellationToken.None);
        outcome.Succeeded.ShouldBeTrue();
        return true;
    });

    public static Task<Ticket> TicketAsync(this DeskServer desk, long id) => desk.InDatabaseAsync(rows => rows.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == id));

    /// <summary>What stands in a ticket, oldest first.</summary>
    public static Task<List<string>> TextsAsync(this DeskServer desk, long ticketId) =>
        desk.InDatabaseAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticketId).OrderBy(message => message.Id).Select(message => message.Text).ToListAsync());

    /// <summary>The key of the message with this text.</summary>
    public static Task<long> MessageAsync(this DeskServer desk, string text) =>
        desk.InDatabaseAsync(rows => rows.Set<Message>().Where(message => message.Text == text).Select(message => message.Id).SingleAsync());
}
