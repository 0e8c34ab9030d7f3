using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// From the start of the process to the first page, with an existing database, and memory when idle: as built, as published
/// (compiled ahead of time), and for comparison a bare ASP.NET Core program published the same way. Memory of a desk in use, too: the
/// demo's, once its assistant has learnt.
/// </summary>
internal sealed class StartMeasurement : IMeasurement
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>Processor time within <see cref="Idle"/> of a program that only looks whether there is something to do.</summary>
    private static readonly TimeSpan Resting = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Name => "start";

    public string Usage => "[--starts 7] [--program FOLDER]   start to first page and idle memory; FOLDER is what deploy/publish made, made anew without it";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var starts = options.Number("starts", 7);
        var published = Path.Combine(options.Text("program") ?? await PublishAsync(), "SiteDesk");
        var bare = await PublishBareAsync();
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        var demoData = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            var built = new Program("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SiteDesk.dll"), "serve", "--data", data], "/sign-in");
            var ahead = new Program(published, ["serve", "--data", data], "/sign-in");
            var baseline = new Program(bare, [], "/");

            // The first start makes and migrates the database; it is not counted.
            await StartAsync(built, measureMemory: false);
            var (builtMs, builtMb) = await MeasureAsync(built, starts);
            var (aheadMs, aheadMb) = await MeasureAsync(ahead, starts);
            var (bareMs, bareMb) = await MeasureAsync(baseline, starts);

            var demo = new Program(published, ["serve", "--demo", "--data", demoData], "/sign-in");
            await StartAsync(demo, measureMemory: false);
            var (demoMb, demoPeakMb) = await RestAsync(demo);
            return new MeasurementResult()
                .Add("startMs", builtMs, "median, as built; goal under 2000")
                .Add("publishedStartMs", aheadMs, "median, ReadyToRun; goal under 1000")
                .Add("bareStartMs", bareMs, "median, a bare server published the same way")
                .Add("publishedToBare", aheadMs / bareMs, "times the bare server")
                .Add("idleMb", builtMb, "resident, as built; goal under 150")
                .Add("publishedIdleMb", aheadMb, "resident, ReadyToRun")
                .Add("bareIdleMb", bareMb)
                .Add("demoIdleMb", demoMb, "resident, ReadyToRun, with the demo's two sites and a trained assistant")
                .Add("demoPeakMb", demoPeakMb, "while it learnt");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
            Directory.Delete(demoData, recursive: true);
        }
    }

    /// <summary>Memory when there is nothing left to do, and the most there was.</summary>
    private static async Task<(double Megabytes, double PeakMegabytes)> RestAsync(Program program)
    {
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        using var process = Run(program, address);
        try
        {
            await FirstPageAsync(new Uri(address + program.Page), process);
            await Task.Delay(Idle);
            var watch = Stopwatch.StartNew();
            for (var worked = TimeSpan.Zero; ;)
            {
                process.Refresh();
                if (process.TotalProcessorTime - worked < Resting)
                    return (process.WorkingSet64 / 1024.0 / 1024.0, process.PeakWorkingSet64 / 1024.0 / 1024.0);
                if (watch.Elapsed > Patience)
                    throw new InvalidOperationException($"It still works after {Patience.TotalSeconds:0} s.");
                worked = process.TotalProcessorTime;
                await Task.Delay(Idle);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static Process Run(Program program, string address)
    {
        var process = Process.Start(new ProcessStartInfo(program.File, [.. program.Arguments, "--urls", address]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<(double Milliseconds, double Megabytes)> MeasureAsync(Program program, int starts)
    {
        var times = new List<double>();
        double memory = 0;
        for (var start = 1; start <= starts; start++)
        {
            var (milliseconds, megabytes) = await StartAsync(program, measureMemory: start == starts);
            times.Add(milliseconds);
            memory = megabytes;
            await Console.Error.WriteLineAsync($"{Path.GetFileName(program.File)}: {milliseconds:0} ms");
        }

        times.Sort();
        return (times[times.Count / 2], memory);
    }

    private static async Task<(double Milliseconds, double Megabytes)> StartAsync(Program program, bool measureMemory)
    {
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        var watch = Stopwatch.StartNew();
        using var process = Run(program, address);
        try
        {
            await FirstPageAsync(new Uri(address + program.Page), process);
            var milliseconds = watch.Elapsed.TotalMilliseconds;
            if (!measureMemory)
                return (milliseconds, 0);
            await Task.Delay(Idle);
            process.Refresh();
            return (milliseconds, process.WorkingSet64 / 1024.0 / 1024.0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task FirstPageAsync(Uri page, Process process)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = true });
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The program ended with {process.ExitCode}.");
            try
            {
                using var answer = await client.GetAsync(page);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                return;
            }
            catch (HttpRequestException problem) when (problem.StatusCode is null)
            {
                await Task.Delay(5); // nobody listens yet
            }
        }

        throw new InvalidOperationException($"No page within {Patience.TotalSeconds:0} s.");
    }

    private static async Task<string> PublishAsync()
    {
        var root = RepositoryRoot();
        await RunAsync(Path.Combine(root, "deploy", "publish"), root);
        return Directory.GetDirectories(Path.Combine(root, "artifacts", "publish"), "sitedesk-*").OrderByDescending(Directory.GetLastWriteTimeUtc).First();
    }

    // A program that does nothing but answer: what the framework itself costs.
    private static async Task<string> PublishBareAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "artifacts", "bench", "bare");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Packages.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(folder, "Bare.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                <ServerGarbageCollection>false</ServerGarbageCollection>
                <TieredPGO>false</TieredPGO>
              </PropertyGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/", () => "bare");
            app.Run();
            """);
        await RunAsync("dotnet", folder, "publish", "--configuration", "Release", "--use-current-runtime", "--self-contained", "--output", "out", "--nologo", "--verbosity", "quiet", "-p:PublishReadyToRun=true");
        return Path.Combine(folder, "out", "Bare");
    }

    private static async Task RunAsync(string file, string folder, params string[] arguments)
    {
        await Console.Error.WriteLineAsync($"{Path.GetFileName(file)} {string.Join(' ', arguments)}");
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {said}");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SiteDesk.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new UsageException("Run it from a working copy.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Program(string File, string[] Arguments, string Page);
}
