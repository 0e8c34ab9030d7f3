using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Platform.Live;

/// <summary>
/// Carries signals between nodes by PostgreSQL's LISTEN and NOTIFY. A notification is sent inside the transaction, so
/// it arrives if and only if the rows do. Rows are the truth: a lost connection costs a resume, never a message.
/// </summary>
public sealed class ClusterNotifications(DatabaseAddress address, LiveHub hub, WakeSignal<EventDispatcher> dispatch, TimeProvider time, ILogger<ClusterNotifications> log) : BackgroundService
{
    private const string ChannelName = "sitedesk_live";

    // PostgreSQL refuses payloads of 8,000 bytes and more; a longer signal travels as a hint to look at the rows.
    private const int LongestPayload = 7_800;

    private readonly string _node = Guid.NewGuid().ToString("N");

    /// <summary>Queues the signals in the current transaction, with one statement.</summary>
    public async Task NotifyAsync(Database database, IReadOnlyList<LiveSignal> signals, bool wakesDispatcher, CancellationToken cancellation)
    {
        var payloads = PayloadsOf(signals, wakesDispatcher);
        if (payloads.Count > 0)
            await database.Database.ExecuteSqlAsync($"SELECT pg_notify({ChannelName}, payload) FROM unnest({payloads}) AS payload", cancellation);
    }

    /// <summary>The same as a part of a message that is sent anyway; null when there is nothing to tell.</summary>
    internal NpgsqlBatchCommand? NoticeOf(IReadOnlyList<LiveSignal> signals, bool wakesDispatcher) =>
        PayloadsOf(signals, wakesDispatcher) is { Count: > 0 } payloads
            ? new NpgsqlBatchCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload") { Parameters = { new NpgsqlParameter { Value = ChannelName }, new NpgsqlParameter { Value = payloads } } }
            : null;

    private List<string> PayloadsOf(IReadOnlyList<LiveSignal> signals, bool wakesDispatcher)
    {
        var payloads = signals.Select(PayloadOf).ToList();
        if (wakesDispatcher)
            payloads.Add(JsonSerializer.Serialize(new Envelope(_node, null), DatabaseJson.Options));
        return payloads;
    }

    private string PayloadOf(LiveSignal signal)
    {
        var payload = JsonSerializer.Serialize(new Envelope(_node, signal), DatabaseJson.Options);
        return System.Text.Encoding.UTF8.GetByteCount(payload) > LongestPayload
            ? JsonSerializer.Serialize(new Envelope(_node, signal with { Name = "resync", Data = "{}", Id = null }), DatabaseJson.Options)
            : payload;
    }

    /// <summary>Whatever ends the connection: a name that does not resolve while the server moves comes from the system and not from the database.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => address.Engine == DatabaseEngine.Postgres
        ? Rounds.RepeatAsync(ListenAsync, TimeSpan.FromSeconds(2), "The connection that listens for other nodes was lost; connecting again.", time, log, stoppingToken)
        : Task.CompletedTask;

    private async Task ListenAsync(CancellationToken stopping)
    {
        var builder = new NpgsqlConnectionStringBuilder(address.ConnectionString) { KeepAlive = 30, Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ToString());
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await connection.OpenAsync(stopping);
        await using (var command = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
            await command.ExecuteNonQueryAsync(stopping);
        while (true)
            await connection.WaitAsync(stopping);
    }

    private void Receive(string payload)
    {
        // Most of what a busy node hears is its own, and that has been told already: it is not even parsed.
        if (payload.AsSpan(0, Math.Min(payload.Length, 64)).Contains(_node, StringComparison.Ordinal))
            return;
        var envelope = JsonSerializer.Deserialize<Envelope>(payload, DatabaseJson.Options);
        if (envelope is null)
            return;
        if (envelope.Signal is { } signal)
            hub.Publish(signal);
        else
            dispatch.Wake();
    }

    private sealed record Envelope(string Node, LiveSignal? Signal);
}
