using System.Security.Cryptography;
using System.Text;
using SiteDesk.Tests.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(TestOrder))]
[assembly: TestCollectionOrderer(typeof(TestOrder))]

namespace SiteDesk.Tests.Testing;

/// <summary>
/// An order that is nobody's intention and the same on every machine: the runner's own depends on the folder the tests lie in, so that
/// a test which leans on the one before it failed on one machine alone. <c>TEST_ORDER=7 ./test</c> is another order.
/// </summary>
public sealed class TestOrder : ITestCaseOrderer, ITestCollectionOrderer
{
    private static readonly string Order = Environment.GetEnvironmentVariable("TEST_ORDER") ?? "";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => Ordered(testCases, test => test.TestCaseDisplayName);

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => Ordered(testCollections, collection => collection.TestCollectionDisplayName);

    private static List<T> Ordered<T>(IEnumerable<T> those, Func<T, string> nameOf) =>
        [.. those.OrderBy(one => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Order + nameOf(one)))), StringComparer.Ordinal)];
}
