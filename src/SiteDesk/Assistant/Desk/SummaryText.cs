using System.Text;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Desk;

/// <summary>The summary as plain text, for a note, a mail or another desk.</summary>
internal static class SummaryText
{
    public static string Of(SummaryOfTalk summary, Texts texts)
    {
        var text = new StringBuilder();
        text.Append(texts["assistant-desk.summary"]).Append(" #").Append(summary.TicketId).Append('\n').Append(summary.State);
        if (summary.Mood is not null)
            text.Append('\n').Append(summary.Mood);
        text.Append('\n').Append(texts["assistant-desk.languages"]).Append(": ").AppendJoin(", ", summary.Languages);
        Part(texts["assistant-desk.questions"], summary.Questions.Select(LineOf));
        Part(texts["assistant-desk.facts"], summary.Facts.Select(fact => $"{fact.Label}: {fact.Value}"));
        Part(texts["assistant-desk.tried"], summary.Tried.Concat(summary.Before.Select(step => step.Said ?? (step.Article!.Note is { } note ? $"{step.Article.Title} ({note})" : step.Article.Title))));
        return text.ToString();

        void Part(string title, IEnumerable<string> lines)
        {
            var all = lines.ToList();
            if (all.Count == 0)
                return;
            text.Append("\n\n").Append(title);
            foreach (var line in all)
                text.Append("\n- ").Append(line.ReplaceLineEndings(" "));
        }
    }

    private static string LineOf(AskedQuestion question)
    {
        var after = string.Join("; ", new[] { question.Did, question.Source?.Title, question.Offered.Count > 0 ? string.Join(" / ", question.Offered) : null, question.Outcome }.Where(part => part is not null));
        return $"“{question.Text}” → {after}";
    }
}
