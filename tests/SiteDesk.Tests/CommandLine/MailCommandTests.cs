using System.Text.Json;

namespace SiteDesk.Tests.CommandLine;

public sealed class MailCommandTests
{
    [Fact]
    public async Task A_message_is_told_as_one_JSON_object_and_rubbish_does_not_fail()
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-mail-command-");
        try
        {
            var message = Path.Combine(folder.FullName, "question.eml");
            var rubbish = Path.Combine(folder.FullName, "rubbish.eml");
            await File.WriteAllTextAsync(message, "From: =?utf-8?B?0JDQvdC90LA=?= <anna@example.com>\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\nWhere is my order?\r\n", TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(rubbish, [0xFF, 0x00, 0xFE, 0x0A, 0x3A], TestContext.Current.CancellationToken);

            var run = (await CommandRun.Of("mail", "inspect", "--json", message, rubbish)).ShouldBeDone();

            var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            lines.Length.ShouldBe(2);
            var told = JsonDocument.Parse(lines[0]).RootElement;
            told.GetProperty("from").GetProperty("name").GetString().ShouldBe("Анна");
            told.GetProperty("text").GetString()!.Trim().ShouldBe("Where is my order?");
            JsonDocument.Parse(lines[1]).RootElement.GetProperty("problems").ValueKind.ShouldBe(JsonValueKind.Array);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_and_the_others_are_told()
    {
        var run = await CommandRun.Of("mail", "inspect", "nowhere.eml");
        run.Code.ShouldNotBe(0);
        run.Errors.ShouldContain("nowhere.eml");
        (await CommandRun.Of("mail")).Code.ShouldBe(64);
    }
}
