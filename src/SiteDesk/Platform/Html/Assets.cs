using System.Text.Json;

namespace SiteDesk.Platform.Html;

/// <summary>
/// Addresses of scripts and styles with their content's fingerprint, so that browsers keep them for ever and a new
/// release is seen at once. Read from the manifest that the build writes.
/// </summary>
public sealed class Assets
{
    private readonly Dictionary<string, string> _fingerprinted = new(StringComparer.Ordinal);

    public Assets(IWebHostEnvironment environment)
    {
        var manifest = Path.Combine(AppContext.BaseDirectory, $"{environment.ApplicationName}.staticwebassets.endpoints.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        foreach (var endpoint in document.RootElement.GetProperty("Endpoints").EnumerateArray())
        {
            var label = endpoint.GetProperty("EndpointProperties").EnumerateArray()
                .FirstOrDefault(property => property.GetProperty("Name").GetString() == "label");
            if (label.ValueKind == JsonValueKind.Object)
                _fingerprinted[label.GetProperty("Value").GetString()!] = endpoint.GetProperty("Route").GetString()!;
        }

        ImportMap = JsonSerializer.Serialize(new { imports = Imports() });
        EditorImportMap = JsonSerializer.Serialize(new { imports = EditorImports() });
    }

    /// <summary>The fingerprinted address of <c>css/base.css</c>, from the root.</summary>
    public string this[string path] => "/" + _fingerprinted.GetValueOrDefault(path, path);

    /// <summary>JSON of the import map: the vendored modules by name, our own by their plain address.</summary>
    public string ImportMap { get; }

    /// <summary>The same for the page of the article editor, with its modules: no other page carries their names.</summary>
    public string EditorImportMap { get; }

    private const string EditorScripts = "js/article-editor/";
    private const string EditorLibraries = "vendor/editor/";

    private SortedDictionary<string, string> EditorImports()
    {
        var imports = Imports();
        foreach (var path in _fingerprinted.Keys.Where(path => path.EndsWith(".js", StringComparison.Ordinal)))
        {
            if (path.StartsWith(EditorScripts, StringComparison.Ordinal))
                imports["/" + path] = this[path];
            else if (path.StartsWith(EditorLibraries, StringComparison.Ordinal))
                imports[path[EditorLibraries.Length..^3]] = this[path];
        }

        return imports;
    }

    private SortedDictionary<string, string> Imports()
    {
        var imports = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["@hotwired/turbo"] = this["vendor/turbo.js"],
            ["@hotwired/stimulus"] = this["vendor/stimulus.js"],
        };
        foreach (var path in _fingerprinted.Keys.Where(path => path.StartsWith("js/", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal) && !path.StartsWith(EditorScripts, StringComparison.Ordinal)))
            imports["/" + path] = this[path];
        return imports;
    }
}
