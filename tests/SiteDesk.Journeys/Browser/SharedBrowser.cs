using Microsoft.Playwright;
using SiteDesk.Journeys.Browser;

[assembly: AssemblyFixture(typeof(SharedBrowser))]

namespace SiteDesk.Journeys.Browser;

/// <summary>
/// One Chromium for the whole run: starting it takes a second, a fresh profile for each test (a context) a few milliseconds.
/// A test class takes it as a constructor parameter and asks it for a <see cref="Visit"/>.
/// </summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    static readonly string[] KnownPaths =
        ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/lib/chromium/chromium"];

    // No traffic but the test's own, no sandbox as root, no dependence on a graphics card.
    static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage",
        "--font-render-hinting=none",
        // Background tabs of a test must run at full speed, or eight tabs cannot be tested.
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
    ];

    IPlaywright? _playwright;
    IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // As long as a page waits by itself: a busy machine is slow, not wrong. What never comes fails all the same.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ExecutablePath(),
            Headless = true,
            Args = Switches,
        });
    }

    /// <summary>The address of the site this visit starts at; relative addresses are resolved against it.</summary>
    public async Task<Visit> Visit(Uri address, Reader reader)
    {
        var context = await _browser!.NewContextAsync(reader.ContextOptions(address));
        return new Visit(context, reader);
    }

    public string Version => _browser!.Version;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    static string ExecutablePath()
    {
        var named = Environment.GetEnvironmentVariable("SITEDESK_CHROMIUM");
        if (!string.IsNullOrEmpty(named)) return named;
        return Array.Find(KnownPaths, File.Exists)
            ?? throw new InvalidOperationException(
                $"No Chromium found. Install the package chromium, or set SITEDESK_CHROMIUM to its path. Looked at {string.Join(", ", KnownPaths)}.");
    }
}
