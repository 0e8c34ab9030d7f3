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
    }

    /// <summary>The fingerprinted address of <c>css/base.css</c>, from the root.</summary>
    public string this[string path] => "/" + _fingerprinted.GetValueOrDefault(path, path);

    /// <summary>JSON of the import map: the vendored modules by name, our own by their plain address.</summary>
    public string ImportMap { get; }

    private SortedDictionary<string, string> Imports()
    {
        var imports = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["@hotwired/turbo"] = this["vendor/turbo.js"],
            ["@hotwired/stimulus"] = this["vendor/stimulus.js"],
        };
        foreach (var path in _fingerprinted.Keys.Where(path => path.StartsWith("js/", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal)))
            imports["/" + path] = this[path];
        return imports;
    }
}
