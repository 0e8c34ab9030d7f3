using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Queries that the busiest pages ask again and again. EF Core takes an ordinary query's expression apart at every call to
/// find what it compiled before, which costs more than a look-up by key; these are kept with what was compiled.
/// </summary>
/// <typeparam name="TQueries">A class whose fields are made by <c>EF.CompileAsyncQuery</c>; EF Core ties each to one model, so there is one object for each.</typeparam>
public static class CompiledQueries<TQueries> where TQueries : class, new()
{
    private static readonly ConditionalWeakTable<IModel, TQueries> Made = [];

    public static TQueries For(DbContext database) => Made.GetValue(database.Model, static _ => new TQueries());
}
