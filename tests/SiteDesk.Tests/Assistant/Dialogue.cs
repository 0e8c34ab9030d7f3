namespace SiteDesk.Tests.Assistant;

/// <summary>A written story of one person and the assistant; Dialogues/README.md says what its lines mean.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Language">The folder's name.</param>
/// <param name="Who">Who the person is.</param>
/// <param name="Site">The key of a site of the demonstration.</param>
/// <param name="Channel">widget or email.</param>
/// <param name="IsOpen">Whether anybody is on duty.</param>
/// <param name="Turns">What is written and what must hold then.</param>
/// <param name="Never">Words that the assistant must not say.</param>
internal sealed record Dialogue(
    string Name, string Language, string Who, string Site, string Channel, bool IsOpen, IReadOnlyList<DialogueTurn> Turns, IReadOnlyList<string> Never)
{
    private static readonly string[] HandOverReasons = ["person", "anger", "threat", "fraud", "safety", "order", "call-back", "failed"];
    private static readonly string[] Facts = ["order", "contact"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Assistant", "Dialogues");

    /// <summary>Whether a person has the conversation in the end.</summary>
    public bool EndsWithPerson => Turns[^1].Expected.Any(expected => expected is ExpectedHandOver or ExpectedSilence);

    public static IEnumerable<Dialogue> LoadAll(string language) =>
        Directory.GetFiles(Path.Combine(Folder, language), "*.txt").Order(StringComparer.Ordinal)
            .Select(file => Parse(Path.GetFileNameWithoutExtension(file), language, File.ReadAllLines(file)));

    /// <summary>Reads a story.</summary>
    /// <exception cref="FormatException">A line is not understood; the message names story, line and reason.</exception>
    public static Dialogue Parse(string name, string language, IReadOnlyList<string> lines)
    {
        var head = new Dictionary<string, string>(StringComparer.Ordinal);
        var turns = new List<(bool IsAgent, string Text, List<Expected> Expected)>();
        var never = new List<string>();
        foreach (var (index, line) in lines.Index())
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith("//", StringComparison.Ordinal))
                continue;
            var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            var (word, value) = (parts[0], parts.Length == 2 ? parts[1] : "");
            switch (word)
            {
                case "who" or "site" or "channel" or "hours" when turns.Count == 0:
                    if (!head.TryAdd(word, value))
                        throw Refuse("is said twice");
                    break;
                case "visitor" or "agent":
                    turns.Add((word == "agent", value.Length > 0 ? value : throw Refuse("nothing is written"), []));
                    break;
                case "never":
                    never.Add(value.Length > 0 ? value : throw Refuse("no words"));
                    break;
                default:
                    if (turns.Count == 0 || turns[^1].IsAgent)
                        throw Refuse("nothing was written by the visitor that this could follow");
                    turns[^1].Expected.Add(Expect(word, List(value)) ?? throw Refuse("is not understood"));
                    break;
            }

            FormatException Refuse(string reason) => new($"{language}/{name}, line {index + 1}: “{line}”: {reason}.");
        }

        if (turns.Count == 0 || turns.Any(turn => turn is { IsAgent: false, Expected.Count: 0 }))
            throw new FormatException($"{language}/{name}: after every line of the visitor something must hold.");
        return new Dialogue(name, language,
            head.GetValueOrDefault("who") ?? throw new FormatException($"{language}/{name}: who is it?"),
            head.GetValueOrDefault("site", "nordlight"),
            head.GetValueOrDefault("channel", "widget") is var channel && channel is "widget" or "email" ? channel : throw new FormatException($"{language}/{name}: channel {channel}?"),
            head.GetValueOrDefault("hours", "open") is var hours && hours is "open" or "closed" ? hours == "open" : throw new FormatException($"{language}/{name}: hours {hours}?"),
            [.. turns.Select(turn => new DialogueTurn(turn.IsAgent, turn.Text, turn.Expected))],
            never);
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Expected? Expect(string word, string[] values) => (word, values) switch
    {
        ("answer", { Length: > 0 }) => new ExpectedAnswer(values),
        ("ask", { Length: > 0 }) => new ExpectedQuestion(values),
        ("collect", { Length: > 0 }) when values.All(value => Facts.Contains(value, StringComparer.Ordinal)) => new ExpectedForm(values),
        ("courtesy", []) => new ExpectedCourtesy(),
        ("hand-over", [var reason]) when HandOverReasons.Contains(reason, StringComparer.Ordinal) => new ExpectedHandOver(reason),
        ("silent", []) => new ExpectedSilence(),
        _ => null,
    };
}

/// <summary>What somebody writes, and what must hold then; after an agent's words nothing is asked of the assistant.</summary>
internal sealed record DialogueTurn(bool IsAgent, string Text, IReadOnlyList<Expected> Expected);

internal abstract record Expected;

/// <summary>Answered from one of these articles.</summary>
internal sealed record ExpectedAnswer(IReadOnlyList<string> Articles) : Expected;

/// <summary>Asks what is meant, and offers one of these intents at least.</summary>
internal sealed record ExpectedQuestion(IReadOnlyList<string> Intents) : Expected;

/// <summary>Asks for facts: order, contact.</summary>
internal sealed record ExpectedForm(IReadOnlyList<string> Facts) : Expected;

/// <summary>Returns a greeting, thanks or goodbye.</summary>
internal sealed record ExpectedCourtesy : Expected;

/// <summary>Goes to a person.</summary>
internal sealed record ExpectedHandOver(string Reason) : Expected;

/// <summary>Says nothing, because a person has taken over.</summary>
internal sealed record ExpectedSilence : Expected;
