using System.Collections.Concurrent;
using System.Reflection;
using SiteDesk.Tests.Testing;
using Xunit.v3;

[assembly: TestLimit]

namespace SiteDesk.Tests.Testing;

/// <summary>
/// Ends a test that takes far longer than any should, and says which: one that waits for what never comes would otherwise take the
/// whole run with it, and nobody would know its name. Tests that run only when asked for are long on purpose.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly ConcurrentDictionary<string, Timer> Running = new(StringComparer.Ordinal);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (test.Explicit)
            return;
        var context = TestContext.Current;
        Running[test.UniqueID] = new Timer(
            _ =>
            {
                Console.Error.WriteLine($"{test.TestDisplayName} takes longer than {Limit}: cancelled");
                context.CancelCurrentTest();
            }, null, Limit, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Running.TryRemove(test.UniqueID, out var timer))
            timer.Dispose();
    }
}
