namespace SiteDesk.Bench;

/// <summary>
/// A named measurement: <c>dotnet run -c Release --project bench -- NAME [options] [--json]</c>. It is found by being here; a new one
/// is one more file in Measurements.
/// </summary>
internal interface IMeasurement
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>Its options and what it measures, in a line or two.</summary>
    string Usage { get; }

    /// <summary>Measures. Progress goes to standard error, so that standard output holds nothing but the result.</summary>
    Task<MeasurementResult> RunAsync(MeasurementOptions options);
}
