using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Api;

/// <summary>
/// The contract with other people's programs. It changes on purpose only: when this fails, look at the difference, and if it
/// is meant, run the tests with UPDATE_CONTRACT=1 and commit the new document with the change.
/// </summary>
public sealed class ApiContractTests
{
    [Fact]
    public async Task The_contract_is_the_one_that_was_agreed()
    {
        await using var desk = await DeskServer.StartAsync();
        using var client = desk.NewClient();
        var actual = (await client.GetTextAsync("/api/v1/openapi.json")).ReplaceLineEndings("\n") + "\n";
        var file = Path.Combine(FolderOfThisProject(), "Api", "openapi.v1.json");
        if (Environment.GetEnvironmentVariable("UPDATE_CONTRACT") == "1")
            await File.WriteAllTextAsync(file, actual, TestContext.Current.CancellationToken);

        actual.ShouldBe(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        (await client.GetTextAsync("/api")).ShouldContain("/api/v1/tickets");
    }

    private static string FolderOfThisProject()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SiteDesk.Tests.csproj")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The test project's folder was not found.");
        return folder.FullName;
    }
}
