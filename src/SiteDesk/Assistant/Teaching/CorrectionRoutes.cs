using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Teaching;

/// <summary>"This answer was wrong", said in the conversation.</summary>
internal static class CorrectionRoutes
{
    private const int MostLikely = 5;

    /// <summary>What the form sends for "nothing here answers it".</summary>
    private const string Nothing = "none";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var turns = routes.MapGroup("/agent/assistant/turns/{id:long}/correction").Needs(AssistantPermissions.Suggestions);
        turns.MapGet("", ShowAsync);
        turns.MapPost("", CorrectAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, CorrectTurn correct, KnowledgeDraft draft, LiveKnowledge knowledge, QuestionTexts questions, long id, CancellationToken cancellation) =>
        await correct.FindAsync(id, http.Staff(), cancellation) is var (turn, site)
            ? await Learning.WaitAsync(http, knowledge, site.Id, "teaching", cancellation) ?? await PageAsync(http, draft, knowledge, questions, turn, site, [], cancellation) : TypedResults.NotFound();

    private static async Task<IResult> CorrectAsync(
        HttpContext http, CorrectTurn correct, KnowledgeDraft draft, LiveKnowledge knowledge, QuestionTexts questions, TeachingReader reader, long id, CancellationToken cancellation)
    {
        if (await correct.FindAsync(id, http.Staff(), cancellation) is not var (turn, site))
            return TypedResults.NotFound();
        var form = await IntentRoutes.FormAsync(http, cancellation);
        var candidate = form["Candidate"].ToString() is "other" ? await reader.FindCandidateAsync(site, form["Other"].ToString(), http.Texts(), cancellation) ?? "" : form["Candidate"].ToString();
        if (candidate.Length == 0)
            return await PageAsync(http, draft, knowledge, questions, turn, site, [new Problem("Other", "assist-teach.choose")], cancellation);
        var outcome = await correct.RunAsync(turn, site, candidate == Nothing ? null : candidate, form["Teach"] == "true", http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/tickets/{turn.TicketId}") : await PageAsync(http, draft, knowledge, questions, turn, site, outcome.Problems, cancellation);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, KnowledgeDraft draft, LiveKnowledge knowledge, QuestionTexts questions, AssistantTurn turn, Site site, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var (staff, texts) = (http.Staff(), http.Texts());
        var document = (await draft.ReadAsync(cancellation)).Draft;
        var known = await knowledge.ReadAsync(site.Id, cancellation);
        var asked = (await questions.ReadAsync([turn.Id], cancellation)).GetValueOrDefault(turn.Id);
        const int longest = 1_000;
        var parameters = new
        {
            TurnId = turn.Id, turn.TicketId, turn.Language, Question = asked is null ? texts["assist-correct.gone"] : questions.Show(asked, staff.MasksContacts, longest),
            Answered = turn.Candidate is { } candidate ? IntentCatalog.NameOfCandidate(candidate, document, known.Articles, texts) : null,
            Article = turn.ArticleId is { } article && (turn.Candidate is null || IntentRanking.ArticleOf(turn.Candidate) is null) ? IntentCatalog.TitleOf(article, known.Articles, texts.Language) : null,
            Chosen = turn.Correction is { } said ? said.Candidate ?? Nothing : null,
            Likely = (IReadOnlyList<CandidateOption>)(asked is null ? [] : [.. TeachingReader.Likely(asked.Text, asked.Language, known, document, texts).Where(option => option.Key != turn.Candidate).Take(MostLikely)]),
            Candidates = TeachingReader.Candidates(document, known.Articles, texts), MayTeach = staff.May(AssistantPermissions.Teach), Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<CorrectionPage>(parameters) : Page.Show<CorrectionPage>(parameters);
    }
}
