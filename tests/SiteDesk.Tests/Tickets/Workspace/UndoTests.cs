using System.Data.Common;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>Taking a selection's change back while the desk goes on.</summary>
public sealed class UndoTests
{
    [Fact]
    public async Task Fifty_are_taken_back_though_one_of_them_moves_in_the_same_moment()
    {
        var colleague = new Colleague();
        await using var desk = await DeskServer.StartAsync(replace: services => services.AddSingleton<IInterceptor>(colleague));
        using var owner = await desk.SetUpAsync();
        var numbers = new List<long>();
        for (var number = 0; number < 50; number++)
            numbers.Add((await desk.AskAsync($"Question {number}")).Id);
        var changed = await (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", string.Join(',', numbers)), ("status", "Solved"), ("view", "open"))).Content.ReadAsStringAsync();
        changed.ShouldContain("Solved: 50 tickets.");

        colleague.MovesIn(Path.Combine(desk.DataFolder, "sitedesk.db"), numbers[20]);
        var undone = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/undo/{changed.Split("/agent/undo/")[1].Split('"')[0]}");

        colleague.HasMoved.ShouldBeTrue();
        undone.StatusCode.ShouldBe(HttpStatusCode.OK, await undone.Content.ReadAsStringAsync());
        (await undone.Content.ReadAsStringAsync()).ShouldContain("Undone: 50 tickets.");
        (await desk.InDatabaseAsync(rows => rows.Set<Ticket>().CountAsync(ticket => ticket.Status == StandardStatus.New))).ShouldBe(50);
    }

    /// <summary>Moves a ticket between the moment in which somebody has read it and the one in which they store it.</summary>
    private sealed class Colleague : DbCommandInterceptor
    {
        private string? _file;
        private long _ticket;

        public bool HasMoved { get; private set; }

        public void MovesIn(string file, long ticket) => (_ticket, _file) = (ticket, file);

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            // The tickets are read with their own fields last.
            if (_file is not { } file || !command.CommandText.Contains("tickets_field_values", StringComparison.Ordinal))
                return result;
            _file = null;
            await using var connection = new SqliteConnection($"Data Source={file}");
            await connection.OpenAsync(cancellationToken);
            await using var move = connection.CreateCommand();
            move.CommandText = "UPDATE tickets_tickets SET \"Version\" = \"Version\" + 1 WHERE \"Id\" = $id";
            move.Parameters.AddWithValue("$id", _ticket);
            HasMoved = await move.ExecuteNonQueryAsync(cancellationToken) == 1;
            return result;
        }
    }
}
