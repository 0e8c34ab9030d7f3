using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;

namespace SiteDesk.Platform.Telemetry;

/// <summary>
/// Sends the framework's and the program's own metrics and traces to an OTLP receiver. Neither carries personal data: see
/// <see cref="PrivateTraces"/>. Sampling, interval and headers are set by the standard variables of OpenTelemetry (OTEL_TRACES_SAMPLER_ARG,
/// OTEL_METRIC_EXPORT_INTERVAL, OTEL_EXPORTER_OTLP_HEADERS).
/// </summary>
public static class TelemetrySetup
{
    private static readonly string[] Meters =
    [
        ProgramMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
        "System.Net.Http", "System.Runtime", "Npgsql",
    ];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http"];

    // OTLP has two transports; by custom each has a port of its own: 4317 and 4318.
    private const int GrpcPort = 4317;

    /// <param name="receiver">Address of an OTLP receiver: port 4317 stands for gRPC, any other for HTTP. Empty: nothing is sent.</param>
    /// <exception cref="ConfigurationException">It is not an address.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, string? receiver)
    {
        if (string.IsNullOrWhiteSpace(receiver))
            return services;

        var target = Target(receiver);
        return services.AddHostedService(provider => new TelemetryExport(() => StartMetrics(target, provider), () => StartTraces(target)));
    }

    private static OtlpTarget Target(string receiver)
    {
        if (!Uri.TryCreate(receiver, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ConfigurationException($"Otlp “{receiver}” is not an address. Write it like http://localhost:4317.");
        return new OtlpTarget(address, address.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf);
    }

    private static MeterProvider StartMetrics(OtlpTarget target, IServiceProvider provider)
    {
        ProgramMetrics.Observe(provider.GetRequiredService<LiveHub>());
        return Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Meters)
            .AddOtlpExporter(exporter => target.ApplyTo(exporter, "v1/metrics"))
            .Build();
    }

    private static TracerProvider StartTraces(OtlpTarget target) =>
        Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddProcessor(new PrivateTraces())
            .AddOtlpExporter(exporter => target.ApplyTo(exporter, "v1/traces"))
            .Build();

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("sitedesk", serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3), serviceInstanceId: Environment.MachineName);

    private sealed record OtlpTarget(Uri Address, OtlpExportProtocol Protocol)
    {
        // By HTTP each signal has a path of its own, which the exporter adds only to an address from the environment.
        public void ApplyTo(OtlpExporterOptions exporter, string path)
        {
            exporter.Protocol = Protocol;
            exporter.Endpoint = Protocol == OtlpExportProtocol.Grpc ? Address : new Uri(Address.ToString().TrimEnd('/') + '/' + path);
        }
    }
}

/// <summary>Starts the export with the program and sends what is left when it stops.</summary>
internal sealed class TelemetryExport(Func<MeterProvider> startMetrics, Func<TracerProvider> startTraces) : IHostedService, IDisposable
{
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = startMetrics();
        _traces = startTraces();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A receiver that is gone must not hold up the stop of the program for longer than this.
        const int patience = 2000;
        _metrics?.Shutdown(patience);
        _traces?.Shutdown(patience);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }
}
