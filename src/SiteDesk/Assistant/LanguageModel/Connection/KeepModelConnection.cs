using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>What stands in the form; figures as they were typed.</summary>
public sealed record ModelForm
{
    public string Address { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>A new key; empty leaves the one that is kept.</summary>
    public string Key { get; init; } = "";

    public bool ForgetsKey { get; init; }

    public bool IsEnabled { get; init; }

    public bool WordsAnswers { get; init; } = true;

    public bool TranslatesForStaff { get; init; } = true;

    /// <summary>In seconds.</summary>
    public string TimeLimit { get; init; } = ModelConnection.UsualTimeLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    public string MostRequests { get; init; } = "";

    public string MostTokens { get; init; } = "";

    /// <summary>What the form was made of; a form of an older state is refused.</summary>
    public int Version { get; init; }

    /// <summary>The key stays where it is.</summary>
    public static ModelForm Of(ModelConnection? connection) => connection is null ? new ModelForm() : new ModelForm
    {
        Address = connection.Address,
        Model = connection.Model,
        IsEnabled = connection.IsEnabled,
        WordsAnswers = connection.WordsAnswers,
        TranslatesForStaff = connection.TranslatesForStaff,
        TimeLimit = connection.TimeLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        MostRequests = connection.MostRequests?.ToString(CultureInfo.InvariantCulture) ?? "",
        MostTokens = connection.MostTokens?.ToString(CultureInfo.InvariantCulture) ?? "",
        Version = connection.Version,
    };

    public static ModelForm Of(IFormCollection form) => new()
    {
        Address = form[nameof(Address)].ToString(),
        Model = form[nameof(Model)].ToString(),
        Key = form[nameof(Key)].ToString(),
        ForgetsKey = form.ContainsKey(nameof(ForgetsKey)),
        IsEnabled = form.ContainsKey(nameof(IsEnabled)),
        WordsAnswers = form.ContainsKey(nameof(WordsAnswers)),
        TranslatesForStaff = form.ContainsKey(nameof(TranslatesForStaff)),
        TimeLimit = form[nameof(TimeLimit)].ToString(),
        MostRequests = form[nameof(MostRequests)].ToString(),
        MostTokens = form[nameof(MostTokens)].ToString(),
        Version = int.TryParse(form[nameof(Version)], CultureInfo.InvariantCulture, out var version) ? version : 0,
    };
}

/// <summary>Connects a model, changes the connection, takes it away.</summary>
internal sealed class KeepModelConnection(Database database, ModelSecrets secrets, AuditLog audit)
{
    /// <summary>Ticks when the connection changes.</summary>
    public const string Topic = "language-model";

    private const int LongestKey = 4_000;
    private const string Subject = "model:1";

    public Task<ModelConnection?> FindAsync(CancellationToken cancellation) => database.Set<ModelConnection>().FirstOrDefaultAsync(row => row.Id == ModelConnection.OnlyId, cancellation);

    public async Task<Outcome<ModelConnection>> RunAsync(ModelForm form, Staff by, CancellationToken cancellation)
    {
        var read = Read(form);
        var known = await FindAsync(cancellation);
        if ((known?.Version ?? 0) != form.Version)
            return new Problem("", "settings.changed-meanwhile");
        if (!read.Succeeded)
            return read.Problems.ToList();
        var connection = read.Value;

        // Whoever may change the address must not have the key sent to a server of their own.
        var sealedKey = form.Key.Trim() is { Length: > 0 } key ? secrets.Seal(key) : form.ForgetsKey ? null : known?.SealedKey;
        if (known?.SealedKey is not null && sealedKey == known.SealedKey && !IsSameServer(known.Address, connection.Address))
            return new Problem(nameof(ModelForm.Key), "model.key-again");
        if (known is null)
            database.Add(known = connection);
        known.Address = connection.Address;
        known.Model = connection.Model;
        known.SealedKey = sealedKey;
        known.IsEnabled = connection.IsEnabled;
        known.WordsAnswers = connection.WordsAnswers;
        known.TranslatesForStaff = connection.TranslatesForStaff;
        known.TimeLimitMilliseconds = connection.TimeLimitMilliseconds;
        known.MostRequests = connection.MostRequests;
        known.MostTokens = connection.MostTokens;
        if (known.Version == 0)
            known.Version = 1;
        SignalChange();
        audit.Write(by.AsActor(), "model.changed", Subject, ("address", known.Address), ("model", known.Model), ("model-enabled", known.IsEnabled ? "yes" : "no"), ("model-key", form.Key.Length > 0 ? "new" : sealedKey is null ? "none" : "kept"));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            return new Problem("", "settings.changed-meanwhile");
        }

        return known;
    }

    private void SignalChange() => database.Signal(() => new LiveSignal(Topic, "changed", "{}"));

    /// <summary>Takes the connection away, its key with it.</summary>
    public async Task RemoveAsync(Staff by, CancellationToken cancellation)
    {
        if (await FindAsync(cancellation) is not { } known)
            return;
        database.Remove(known);
        SignalChange();
        audit.Write(by.AsActor(), "model.removed", Subject, ("address", known.Address));
        await database.SaveChangesAsync(cancellation);
    }

    private static bool IsSameServer(string left, string right) => new Uri(left).GetLeftPart(UriPartial.Authority).Equals(new Uri(right).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);

    private static Outcome<ModelConnection> Read(ModelForm form)
    {
        var problems = new List<Problem>();
        var address = form.Address.Trim().TrimEnd('/');
        const string end = "/chat/completions";
        if (address.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            address = address[..^end.Length];
        if (address.Length > ModelConnection.LongestAddress || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
            problems.Add(new Problem(nameof(form.Address), "model.address-wrong"));
        else if (uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0)
            problems.Add(new Problem(nameof(form.Address), "model.address-secret"));
        if (form.Model.Trim().Length is 0 or > ModelConnection.LongestModel)
            problems.Add(new Problem(nameof(form.Model), "model.name-needed"));
        if (form.Key.Length > LongestKey || form.Key.Trim().Any(letter => letter is <= ' ' or > '~'))
            problems.Add(new Problem(nameof(form.Key), "model.key-wrong"));
        var (shortest, longest) = (ModelConnection.ShortestTimeLimit, ModelConnection.LongestTimeLimit);
        if (!decimal.TryParse(form.TimeLimit.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds < (decimal)shortest.TotalSeconds || seconds > (decimal)longest.TotalSeconds)
            problems.Add(new Problem(nameof(form.TimeLimit), "model.time-limit-wrong", ("least", shortest.TotalSeconds), ("most", longest.TotalSeconds)));
        var mostRequests = ReadBound(form.MostRequests, nameof(form.MostRequests), problems);
        var mostTokens = ReadBound(form.MostTokens, nameof(form.MostTokens), problems);
        return problems.Count > 0 ? problems : new ModelConnection
        {
            Address = address,
            Model = form.Model.Trim(),
            IsEnabled = form.IsEnabled,
            WordsAnswers = form.WordsAnswers,
            TranslatesForStaff = form.TranslatesForStaff,
            TimeLimitMilliseconds = (int)(seconds * 1000),
            MostRequests = mostRequests,
            MostTokens = mostTokens,
        };
    }

    private static long? ReadBound(string typed, string field, List<Problem> problems)
    {
        const long most = 1_000_000_000_000;
        var digits = string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter)));
        if (digits.Length == 0)
            return null;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) && bound is > 0 and <= most)
            return bound;
        problems.Add(new Problem(field, "model.bound-wrong"));
        return null;
    }
}
