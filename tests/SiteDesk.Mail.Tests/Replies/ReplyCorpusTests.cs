using System.Text;

namespace SiteDesk.Mail.Tests.Replies;

public sealed class ReplyCorpusTests
{
    public static TheoryData<string> Names() => new(Directory.GetFiles(Path.Combine(Corpora.Folder("mail/reply-trimmer"), "emails")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_newest_text_is_what_the_corpus_says(string name) =>
        ReplyTrimmer.Trim(Read("emails", name)).Reply.ShouldBe(Read("trimmed", name).Replace("\r\n", "\n").Trim('\n'));

    /// <summary>The corpus joins introductions on one line and writes one kind of quote mark; blanks and marks are not compared.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_cut_is_what_the_corpus_says(string name) =>
        Words(ReplyTrimmer.Trim(Read("emails", name)).Elided).ShouldBe(Words(Read("elided", name)));

    [Fact]
    public void The_corpus_is_there() => Names().Count.ShouldBeGreaterThan(30);

    private static string Words(string text) => string.Join(' ', text.Replace('|', '>').Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Read(string kind, string name) => Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Corpora.Folder("mail/reply-trimmer"), kind, name)));
}
