using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteDesk.Bench;

/// <summary>Figures in the order in which they are shown.</summary>
internal sealed class MeasurementResult
{
    private readonly List<(string Name, double? Value, string? Note)> _figures = [];

    /// <summary>Adds a figure.</summary>
    /// <param name="name">Its name in JSON, camel case: p99Ms.</param>
    /// <param name="value">Its value; shown to four decimals; null where there was nothing to measure.</param>
    /// <param name="note">What it is compared with, for the table only.</param>
    public MeasurementResult Add(string name, double? value, string? note = null)
    {
        _figures.Add((name, value, note));
        return this;
    }

    public string ToTable()
    {
        var width = _figures.Max(figure => figure.Name.Length);
        return string.Join(Environment.NewLine, _figures.Select(figure =>
            $"{figure.Name.PadRight(width)}  {Format(figure.Value),12}  {figure.Note}".TrimEnd()));
    }

    public string ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value, _) in _figures)
            json[name] = value is { } figure ? Math.Round(figure, 4) : null;
        return json.ToJsonString(JsonSerializerOptions.Default);
    }

    private static string Format(double? figure) =>
        figure is not { } value ? "-"
        : value == Math.Floor(value) && Math.Abs(value) < 1e12
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : value.ToString("N4", CultureInfo.InvariantCulture);
}
