using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SiteDesk.Tests.Accounts;

public sealed class PasswordStrengthTests
{
    /// <summary>The desks of the tests hash with fewer rounds (DeskServer); the program itself must not.</summary>
    [Fact]
    public async Task The_program_hashes_passwords_with_at_least_a_hundred_thousand_rounds()
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-test-").FullName;
        try
        {
            await using var app = SiteDeskApplication.Build(["--data", folder, "--urls", "http://127.0.0.1:0"], services => services.AddLogging(logging => logging.ClearProviders()));
            app.Services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount.ShouldBeGreaterThanOrEqualTo(100_000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
