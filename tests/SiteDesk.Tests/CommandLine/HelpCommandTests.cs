using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.CommandLine;

public sealed class HelpCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Articles_come_from_a_folder_and_go_to_a_folder_and_an_archive()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        var source = Directory.CreateDirectory(Path.Combine(_folder.Root, "source", "en", "payment")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "refund.md"), "# Getting a refund\n\nFive days.\n", TestContext.Current.CancellationToken);
        var from = Path.Combine(_folder.Root, "source");

        (await CommandRun.Of("help", "import", from, "--preview", "--data", desk.DataFolder)).ShouldBeDone().Output.ShouldContain("1 new, 0 changed, 0 the same, 0 refused. Nothing was stored.");
        (await CommandRun.Of("help", "import", from, "--data", desk.DataFolder)).ShouldBeDone().Output.ShouldContain("1 new");
        (await CommandRun.Of("help", "import", from, "--data", desk.DataFolder)).ShouldBeDone().Output.ShouldContain("1 the same");
        var to = Path.Combine(_folder.Root, "target");
        (await CommandRun.Of("help", "export", to, "--data", desk.DataFolder)).ShouldBeDone();
        (await File.ReadAllTextAsync(Path.Combine(to, "en", "refund.md"), TestContext.Current.CancellationToken)).ShouldContain("Five days.");
        (await CommandRun.Of("help", "export", to + ".zip", "--data", desk.DataFolder)).ShouldBeDone();
        // The article, and the sections beside it.
        (await CommandRun.Of("help", "import", to + ".zip", "--data", desk.DataFolder)).ShouldBeDone().Output.ShouldContain("0 new, 0 changed, 2 the same, 0 refused.");
        (await CommandRun.Of("help", "import", Path.Combine(_folder.Root, "nowhere"), "--data", desk.DataFolder)).Errors.ShouldContain("neither a folder nor an archive");
    }
}
