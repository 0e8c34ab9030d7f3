using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SiteDesk.Journeys.Browser;

/// <summary>
/// One person's browser profile: cookies and storage of their own, any number of tabs. Script errors and policy violations
/// in any tab are collected, and disposing fails the test that caused them unless the test has read them.
/// </summary>
public sealed class Visit(IBrowserContext context, Reader reader) : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _faults = new();

    public IBrowserContext Context => context;

    public Reader Reader => reader;

    /// <summary>Opens a tab at a path of the site, or at a full address.</summary>
    public async Task<IPage> Open(string address = "/")
    {
        var page = await Tab();
        await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        return page;
    }

    /// <summary>An empty tab, watched for faults.</summary>
    public async Task<IPage> Tab()
    {
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        page.PageError += (_, error) =>
        {
            if (!IsCalledOff(error)) _faults.Enqueue($"script error at {page.Url}: {error}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsFailedLoad(message.Text)) _faults.Enqueue($"console error at {page.Url}: {message.Text}");
        };
        return page;
    }

    /// <summary>Script errors and policy violations so far; reading them takes them off the list.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        var taken = new List<string>();
        while (_faults.TryDequeue(out var fault)) taken.Add(fault);
        return taken;
    }

    /// <summary>Script errors and policy violations, once one of them says this: the browser reports them on its own time, the page may be there before.</summary>
    public async Task<IReadOnlyList<string>> TakeFaultsWith(string words)
    {
        var faults = new List<string>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!faults.Exists(fault => fault.Contains(words, StringComparison.Ordinal)))
        {
            limit.IsCancellationRequested.ShouldBeFalse($"no fault says “{words}”: {string.Join("; ", faults)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            faults.AddRange(TakeFaults());
        }

        return faults;
    }

    /// <summary>
    /// Keeps a full-page picture: artifacts/screenshots/NAME/en-light-1440.png. NAME says the journey and the moment, with hyphens.
    /// </summary>
    public async Task<string> Screenshot(IPage page, string name, bool fullPage = false)
    {
        var file = Path.Combine(Repository.Artifacts("screenshots", name), $"{reader}.png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await context.CloseAsync();
        TakeFaults().ShouldBeEmpty($"the browser of {reader} reported faults");
    }

    // Whoever leaves a page while one of its frames is being fetched calls that off; Turbo lets the rejection fall.
    static bool IsCalledOff(string error) =>
        error.StartsWith("AbortError: signal is aborted without reason", StringComparison.Ordinal) && error.Contains("/vendor/turbo.", StringComparison.Ordinal);

    // Chromium logs every answer of 400 and above as an error. Journeys that provoke one (a form with a mistake is a 422)
    // check the answer themselves; a broken script or style shows as a script error or in the picture.
    static bool IsFailedLoad(string text) => text.StartsWith("Failed to load resource", StringComparison.Ordinal);
}
