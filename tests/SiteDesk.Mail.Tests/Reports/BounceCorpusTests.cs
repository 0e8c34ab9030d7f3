using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.Mail.Tests.Reports;

public sealed partial class BounceCorpusTests(ITestOutputHelper output)
{
    /// <summary>Automatic answers of people's mail programs: no report of a delivery.</summary>
    private static bool IsAutomaticAnswer(string name) => name.StartsWith("rfc3834", StringComparison.Ordinal);

    [Fact]
    public void Nearly_every_report_is_recognised_with_its_recipient()
    {
        var missed = new List<string>();
        var withoutRecipient = new List<string>();
        var files = Files().Where(file => !IsAutomaticAnswer(Path.GetFileName(file))).ToList();
        foreach (var file in files)
        {
            var message = MimeMessage.Read(File.ReadAllBytes(file));
            var report = DeliveryReport.Find(message);
            if (report is null) missed.Add(Path.GetFileName(file));
            else if (report.First.Recipient is null) withoutRecipient.Add(Path.GetFileName(file));
        }
        output.WriteLine($"{files.Count - missed.Count} of {files.Count} recognised; missed: {string.Join(' ', missed)}; without recipient: {string.Join(' ', withoutRecipient)}");
        files.Count.ShouldBeGreaterThan(300);
        missed.Count.ShouldBeLessThanOrEqualTo(files.Count / 100);
        withoutRecipient.Count.ShouldBeLessThanOrEqualTo(files.Count / 50);
    }

    /// <summary>Where the file itself holds a machine-readable Status and recipient for a failure, the report has one of them.</summary>
    [Fact]
    public void Status_and_recipient_are_those_of_the_report()
    {
        var wrong = new List<string>();
        var judged = 0;
        foreach (var file in Files())
        {
            var raw = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            var statuses = StatusField().Matches(raw).Select(match => match.Groups["code"].Value).ToHashSet(StringComparer.Ordinal);
            var recipients = RecipientField().Matches(raw).Select(match => match.Groups["address"].Value.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
            if (statuses.Count == 0 || recipients.Count == 0) continue;
            judged++;
            var report = DeliveryReport.Find(MimeMessage.Read(File.ReadAllBytes(file)));
            if (report?.First.Status is not { } status || !statuses.Contains(status)) wrong.Add($"{Path.GetFileName(file)}: status {report?.First.Status}");
            if (report?.First.Recipient is not { } recipient || !recipients.Contains(recipient.ToLowerInvariant())) wrong.Add($"{Path.GetFileName(file)}: recipient {report?.First.Recipient}");
        }
        output.WriteLine($"{judged} judged; {string.Join("; ", wrong)}");
        judged.ShouldBeGreaterThan(150);
        wrong.Count.ShouldBeLessThanOrEqualTo(judged / 100);
    }

    [Fact]
    public void Automatic_answers_are_no_reports_of_deliveries()
    {
        var files = Files().Where(file => IsAutomaticAnswer(Path.GetFileName(file))).ToList();
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            var message = MimeMessage.Read(File.ReadAllBytes(file));
            DeliveryReport.Find(message).ShouldBeNull(file);
            AutomaticMail.Judge(message).IsAutomatic.ShouldBeTrue(file);
        }
    }

    private static IEnumerable<string> Files() => Directory.GetFiles(Corpora.Folder("mail/bounces"), "*.eml").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^Status:\s*<?(?<code>[245]\.\d+\.\d+)", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StatusField();

    [GeneratedRegex(@"^(?:Final|Original)-Recipient:\s*(?:[\w-]+\s*;)?\s*<?(?<address>[^\s<>;]+@[^\s<>;]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RecipientField();
}
