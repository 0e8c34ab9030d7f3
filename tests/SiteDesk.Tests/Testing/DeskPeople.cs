using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tests.Testing;

/// <summary>Colleagues of a test, and what one reads of pages.</summary>
internal static partial class DeskPeople
{
    /// <summary>Makes an account and signs it in.</summary>
    public static async Task<DeskClient> NewStaffAsync(this DeskServer desk, string email, Role role, Action<StaffMember>? change = null)
    {
        await desk.AddStaffAsync(email, role, change);
        var client = desk.NewClient();
        await client.SignInAsync(email, DeskServer.Password);
        return client;
    }

    /// <returns>The key of the new account.</returns>
    public static async Task<long> AddStaffAsync(this DeskServer desk, string email, Role role, Action<StaffMember>? change = null)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var created = await scope.ServiceProvider.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request(email.Split('@')[0], email, DeskServer.Password, role, "en", "Europe/Berlin"));
        if (change is not null)
        {
            change(created.Value);
            await scope.ServiceProvider.GetRequiredService<Database>().SaveChangesAsync();
        }

        return created.Value.Id;
    }

    public static Task<StaffMember> StaffAsync(this DeskServer desk, string email) =>
        desk.InDatabaseAsync(database => database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(member => member.Email == email));

    public static Task<List<string>> AuditAsync(this DeskServer desk) =>
        desk.InDatabaseAsync(database => database.Set<AuditEntry>().AsNoTracking().OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync());

    /// <summary>The address in the field that is there to be copied.</summary>
    public static string LinkOf(string page)
    {
        var match = LinkPattern().Match(page);
        match.Success.ShouldBeTrue(page);
        return new Uri(WebUtility.HtmlDecode(match.Groups["link"].Value)).PathAndQuery;
    }

    /// <summary>Posts and expects to be led on.</summary>
    public static async Task<string> SubmitAsync(this DeskClient client, string path, string page, params (string Name, string Value)[] fields)
    {
        var answer = await client.PostFormAsync(path, fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)), page);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    /// <summary>Posts and expects to be told what to mend.</summary>
    public static async Task<string> RefusedAsync(this DeskClient client, string path, string page, params (string Name, string Value)[] fields)
    {
        var answer = await client.PostFormAsync(path, fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)), page);
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, text);
        return text;
    }

    [GeneratedRegex("""id="link" value="(?<link>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();
}
