using System.Collections.Concurrent;
using System.Reflection;
using SiteDesk.Tests.Testing;
using Xunit.v3;

[assembly: EndedTests]

namespace SiteDesk.Tests.Testing;

/// <summary>Notes which tests are over, for those who keep something on a test's behalf.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class EndedTestsAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, bool> Ended = new(StringComparer.Ordinal);

    /// <param name="test">The identifier that xunit gave the test.</param>
    public static bool Has(string test) => Ended.ContainsKey(test);

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Ended[test.UniqueID] = true;
}
