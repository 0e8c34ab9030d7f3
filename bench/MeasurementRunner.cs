namespace SiteDesk.Bench;

/// <summary>Finds the measurement that the command line names, runs it, and prints what it found.</summary>
internal static class MeasurementRunner
{
    /// <returns>0 when it ran, 2 when the command line was wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var measurements = Find();
        try
        {
            var name = arguments.Count > 0 ? arguments[0] : throw new UsageException("Name a measurement.");
            var measurement = measurements.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new UsageException($"There is no measurement '{name}'.");
            var options = new MeasurementOptions([.. arguments.Skip(1)]);
            var result = await measurement.RunAsync(options);
            await output.WriteLineAsync(options.Has("json") ? result.ToJson() : result.ToTable());
            return 0;
        }
        catch (UsageException problem)
        {
            await errors.WriteLineAsync(problem.Message);
            await errors.WriteLineAsync("usage: dotnet run -c Release --project bench -- NAME [options] [--json]");
            foreach (var measurement in measurements)
                await errors.WriteLineAsync($"  {measurement.Name} {measurement.Usage}");
            return 2;
        }
    }

    private static List<IMeasurement> Find() =>
        [.. typeof(MeasurementRunner).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IMeasurement)))
            .Select(type => (IMeasurement)Activator.CreateInstance(type)!)
            .OrderBy(measurement => measurement.Name, StringComparer.Ordinal)];
}
