using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Scripts;

/// <summary>Our scripts are plain ES modules with JSDoc types; the TypeScript compiler checks them strictly and emits nothing.</summary>
public sealed class ScriptTypesTests
{
    [Fact]
    public async Task Every_script_has_sound_types()
    {
        var (status, output) = await Check(Repository.PathTo("tools", "javascript", "tsconfig.json"));

        status.ShouldBe(0, $"tsc reports:{Environment.NewLine}{output}");
    }

    [Fact]
    public async Task A_script_with_an_unsound_type_is_reported()
    {
        var folder = Repository.Artifacts("javascript", "unsound");
        await File.WriteAllTextAsync(Path.Combine(folder, "unsound.js"), "/** @param {number} count */ export function half(count) { return count.length / 2; }");
        await File.WriteAllTextAsync(Path.Combine(folder, "tsconfig.json"), """{ "extends": "../../../tools/javascript/tsconfig.json", "include": ["unsound.js"] }""");

        var (status, output) = await Check(Path.Combine(folder, "tsconfig.json"));

        status.ShouldNotBe(0);
        output.ShouldContain("Property 'length' does not exist on type 'number'");
    }

    [Fact]
    public async Task Vendored_scripts_are_those_of_the_pinned_packages()
    {
        await ScriptPackages.Install();
        var (status, output) = await ScriptPackages.Run(Repository.PathTo("tools", "vendor"), Repository.Root, "--check");

        status.ShouldBe(0, output);
    }

    static async Task<(int Status, string Output)> Check(string project)
    {
        var packages = await ScriptPackages.Install();
        var compiler = Path.Combine(packages, "node_modules", "typescript", "bin", "tsc");
        return await ScriptPackages.Run("node", packages, compiler, "--project", project, "--pretty", "false");
    }
}
