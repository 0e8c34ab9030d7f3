using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SiteDesk.Assistant.LanguageModel;
using SiteDesk.Assistant.LanguageModel.Connection;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>A desk with a connected model, whose server does what the test says.</summary>
internal sealed class ModelDesk : IAsyncDisposable
{
    public const string Settings = "/agent/settings/assistant/model";
    public const string Key = "sk-geheim-0123456789";

    private ModelDesk(DeskServer desk, FakeModelServer model, DeskClient owner, KeptLog log) => (Desk, Model, Owner, Log) = (desk, model, owner, log);

    public DeskServer Desk { get; }

    public FakeModelServer Model { get; }

    public DeskClient Owner { get; private set; }

    /// <summary>Everything that the program wrote to its log.</summary>
    public KeptLog Log { get; }

    /// <param name="database">Null for SQLite.</param>
    /// <param name="networks">Where a model may stand outside the public network.</param>
    public static async Task<ModelDesk> StartAsync(string? database = null, TimeProvider? clock = null, string networks = "127.0.0.1", bool isConnected = true)
    {
        var log = new KeptLog();
        var model = await FakeModelServer.StartAsync();
        var desk = await DeskServer.StartAsync(database, services =>
        {
            services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
            if (clock is not null)
                services.Replace(ServiceDescriptor.Singleton(clock));
        }, networks.Length > 0 ? ["--model-networks", networks] : []);
        var kept = new ModelDesk(desk, model, await desk.SetUpAsync(), log);
        if (isConnected)
            await kept.ConnectAsync();
        return kept;
    }

    /// <summary>The owner comes back after their session has ended.</summary>
    public async Task SignInAnewAsync()
    {
        Owner.Dispose();
        Owner = Desk.NewClient();
        await Owner.SignInAsync(DeskServer.Owner, DeskServer.Password);
    }

    /// <summary>Fills in the settings' form as an owner does.</summary>
    public Task<string> ConnectAsync(params (string Name, string Value)[] other) => Owner.SubmitAsync(Settings, Settings, Form(other));

    public (string Name, string Value)[] Form(params (string Name, string Value)[] other)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Address"] = Model.Address, ["Model"] = "fake-1", ["Key"] = Key, ["IsEnabled"] = "true", ["WordsAnswers"] = "true", ["TranslatesForStaff"] = "true",
            ["TimeLimit"] = "10", ["MostRequests"] = "", ["MostTokens"] = "", ["Version"] = "0",
        };
        foreach (var (name, value) in other)
            fields[name] = value;
        return [.. fields.Where(field => field.Value != "off").Select(field => (field.Key, field.Value))];
    }

    public Task<WordingResult> WordAsync(WordingRequest request) => Desk.Services.GetRequiredService<IWordAnswers>().WordAsync(request, TestContext.Current.CancellationToken);

    public Task<(long Requests, long Tokens)> UsedAsync() => Desk.Services.GetRequiredService<ModelBudget>().UsedAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await Model.DisposeAsync();
        await Desk.DisposeAsync();
    }
}

/// <summary>Keeps all that is logged, to see that no secret is among it.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Writer(KeptLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
