using System.Text;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;

namespace SiteDesk.Tests.HelpCenter;

public sealed class RenderedPagesTests
{
    private int _made;

    [Fact]
    public async Task A_page_that_shows_the_same_in_the_next_snapshot_is_not_made_again()
    {
        using var pages = new RenderedPages();
        var first = await ReadAsync(pages, generation: 1, shown: "the same");
        var again = await ReadAsync(pages, generation: 1, shown: "never asked");
        var next = await ReadAsync(pages, generation: 2, shown: "the same");

        again.ShouldBeSameAs(first);
        next.ShouldBeSameAs(first);
        _made.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_shows_something_else_or_to_somebody_else_is_made_anew()
    {
        using var pages = new RenderedPages();
        var first = await ReadAsync(pages, generation: 1, shown: "before");
        var changed = await ReadAsync(pages, generation: 2, shown: "after");
        var forStaff = await ReadAsync(pages, generation: 2, shown: "after", ReaderLevel.Staff);

        Encoding.UTF8.GetString(first.Plain).ShouldBe("before");
        Encoding.UTF8.GetString(changed.Plain).ShouldBe("after");
        forStaff.ShouldNotBeSameAs(changed);
        _made.ShouldBe(3);
    }

    private ValueTask<RenderedPage> ReadAsync(RenderedPages pages, long generation, string shown, ReaderLevel reader = ReaderLevel.Everybody) =>
        pages.ReadAsync(new PageName(generation, 1, new HelpAddress("/help/key", "https://desk.example.com/help/key"), "en", reader, "article", 7), () => shown, content =>
        {
            _made++;
            return Task.FromResult(RenderedPage.Of(Encoding.UTF8.GetBytes(content), "text/html"));
        });
}
