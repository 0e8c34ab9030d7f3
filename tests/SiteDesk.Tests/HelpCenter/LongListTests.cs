using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;
using SiteDesk.Tests.Tickets.Plans;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>The authors' list of a help centre with 20,000 articles.</summary>
public abstract class LongListTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    private const int Count = 20_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_the_list_reads_the_articles_it_shows()
    {
        var queries = new HeardQueries();
        await using var desk = await start(services => services.AddSingleton<IInterceptor>(queries));
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk, await desk.AddSectionAsync("All"));
        var list = $"/agent/help/{(await desk.SiteAsync()).Id}";

        foreach (var (page, first) in new[] { ($"{list}?page=1", "Article 0 "), ($"{list}?page=4", "Article 150 "), ($"{list}?q=ёлка&page=2", "Article 500 ") })
        {
            queries.Take();
            (await owner.GetTextAsync(page)).ShouldContain(first, customMessage: page);
            var asked = queries.Take().Where(query => query.Sql.Contains("help_article", StringComparison.Ordinal)).ToList();
            asked.ShouldNotBeEmpty();
            await desk.InDatabaseAsync(async database =>
            {
                await database.Database.OpenConnectionAsync(Cancellation);
                var connection = database.Database.GetDbConnection();
                foreach (var query in asked)
                {
                    // Titles that are searched come one by one until the page is full; whatever else is asked for is a page.
                    if (!page.Contains("q=", StringComparison.Ordinal))
                        (await RowsOfAsync(connection, query)).ShouldBeLessThanOrEqualTo(ArticleLists.PageLength + 1, query.Sql);
                    if (database.Database.IsSqlite() && query.Sql.Contains("ORDER BY", StringComparison.Ordinal) && query.Sql.Contains("\"Position\"", StringComparison.Ordinal) && query.Sql.Contains("\"help_articles\"", StringComparison.Ordinal))
                        (await PlanOfAsync(connection, query)).ShouldNotContain("TEMP B-TREE", customMessage: query.Sql);
                }

                return true;
            });
        }
    }

    private static Task FillAsync(DeskServer desk, Section section) => desk.InDatabaseAsync(async database =>
    {
        var now = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var batch in Enumerable.Range(0, Count).Chunk(2_000))
        {
            database.AddRange(batch.Select(number => new Article
            {
                SiteId = section.SiteId, SectionId = section.Id, Position = number, SourceLanguage = "en", CreatedAt = now,
                Texts =
                [
                    new ArticleText
                    {
                        SiteId = section.SiteId, Language = "en", Slug = FormattableString.Invariant($"article-{number}"),
                        Draft = new ArticleDraft { Title = FormattableString.Invariant($"Article {number} {(number % 10 == 0 ? "Елка" : "")}"), Summary = "", Body = "<p>Text.</p>", ChangedById = 1, ChangedAt = now },
                    },
                ],
            }));
            await database.SaveChangesAsync(Cancellation);
            database.ChangeTracker.Clear();
        }

        return true;
    });

    private static async Task<int> RowsOfAsync(DbConnection connection, HeardQuery query)
    {
        await using var reader = await Command(connection, query.Sql, query).ExecuteReaderAsync(Cancellation);
        var rows = 0;
        while (await reader.ReadAsync(Cancellation))
            rows++;
        return rows;
    }

    private static async Task<string> PlanOfAsync(DbConnection connection, HeardQuery query)
    {
        await using var reader = await Command(connection, "EXPLAIN QUERY PLAN " + query.Sql, query).ExecuteReaderAsync(Cancellation);
        var steps = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            steps.Add(reader.GetString(3));
        return string.Join('\n', steps);
    }

    private static DbCommand Command(DbConnection connection, string sql, HeardQuery query)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(query.Parameters.ToArray());
        return command;
    }
}

public sealed class LongListOnSqliteTests() : LongListTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class LongListOnPostgresTests(PostgresServer server)
    : LongListTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(LongListOnPostgresTests), TestContext.Current.CancellationToken), replace));
